# Upscales many jobs, waits for them and saves them, in one pipeline; prints the memory every 1,000 jobs.
param([string] $Module, [int] $Count, [string] $Folder)
$ErrorActionPreference = 'Stop'
Import-Module $Module
$null = New-MJSession
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
