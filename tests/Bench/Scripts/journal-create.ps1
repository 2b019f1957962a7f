# Times the first create of a session, and a job that the journal knows; prints the memory that the first create needed.
param([string] $Module, [string] $Known, [switch] $NoJournal, [switch] $UntilCompacted)
$ErrorActionPreference = 'Stop'
Import-Module $Module
$null = New-MJSession -NoJournal:$NoJournal
$process = [Diagnostics.Process]::GetCurrentProcess()
$memory = [GC]::GetTotalMemory($true)
$workingSet = $process.WorkingSet64
$file = [IO.FileInfo]::new($env:MIDJOURNEY_JOURNAL_PATH)
$length = if ($file.Exists) { $file.Length } else { 0 }

$clock = [Diagnostics.Stopwatch]::StartNew()
$null = Invoke-MJUpscale -JobId new -ImageNo 0 -Type Creative
"new=$($clock.Elapsed.TotalSeconds)"
if ($UntilCompacted) {
    # The file is compacted in the background; the pipeline need not wait for it.
    $clock.Restart()
    $null = Invoke-MJUpscale -JobId second -ImageNo 0 -Type Creative
    "second=$($clock.Elapsed.TotalSeconds)"
    while ($file.Length -ge $length) { [Threading.Thread]::Sleep(50); $file.Refresh() }
    "length=$($file.Length)"
}
"memory=$([GC]::GetTotalMemory($true) - $memory)"
$process.Refresh()
"working-set=$($process.WorkingSet64 - $workingSet)"
"peak=$($process.PeakWorkingSet64)"
if ($Known) {
    $clock.Restart()
    $task = Invoke-MJUpscale -JobId $Known -ImageNo 0 -Type Creative -WarningAction Ignore
    "known=$($clock.Elapsed.TotalSeconds)"
    if (-not $task.IsKnown) { throw "'$Known' was made again." }
}
