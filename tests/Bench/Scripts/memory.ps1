# Upscales many jobs, waits for them and saves them, in one pipeline; prints the memory every 1,000 jobs and at the end.
param([string] $Module, [int] $Count, [string] $Folder)
$ErrorActionPreference = 'Stop'
Import-Module $Module
# At an even pace, so that the number of running tasks, which need memory, is always about the same.
$null = New-MJSession -MaxRequestsPerSecond 500
$process = [Diagnostics.Process]::GetCurrentProcess()
$saved = 0
& { for ($n = 1; $n -le $Count; $n++) { "job-$n" } } | Invoke-MJUpscale -ImageNo 0 -Type Creative | Wait-MJTask | Save-MJOutput -Path $Folder | ForEach-Object {
    if (++$saved % 1000) { return }
    $bytes = [GC]::GetTotalMemory($true)
    $process.Refresh()
    "managed$saved=$bytes"
    "working-set$saved=$($process.WorkingSet64)"
}
"saved=$saved"
"after=$([GC]::GetTotalMemory($true))"
