# Saves the files of completed tasks; prints the seconds from the first task to the last file, or with -MeasureAt the memory at that file and at the last.
param([string] $Module, [string] $IdFile, [string] $Folder, [int] $ThrottleLimit, [int] $MeasureAt)
$ErrorActionPreference = 'Stop'
Import-Module $Module
$null = New-MJSession
$tasks = @([IO.File]::ReadAllLines($IdFile) | Wait-MJTask)
if ($MeasureAt) {
    $saved = 0
    $tasks | Save-MJOutput -Path $Folder -ThrottleLimit $ThrottleLimit | ForEach-Object {
        $saved++
        if ($saved -eq $MeasureAt) { "memory-early=$([GC]::GetTotalMemory($true))" }
        if ($saved -eq $tasks.Count) { "memory-late=$([GC]::GetTotalMemory($true))" }
    }
    return
}
$used = [Diagnostics.Process]::GetCurrentProcess().TotalProcessorTime
$clock = [Diagnostics.Stopwatch]::StartNew()
$files = @($tasks | Save-MJOutput -Path $Folder -ThrottleLimit $ThrottleLimit)
$clock.Stop()
if ($files.Count -ne $tasks.Count) { throw "$($tasks.Count) tasks returned $($files.Count) files." }
"seconds=$($clock.Elapsed.TotalSeconds)"
"seconds-cpu=$(([Diagnostics.Process]::GetCurrentProcess().TotalProcessorTime - $used).TotalSeconds)"
"peak=$([Diagnostics.Process]::GetCurrentProcess().PeakWorkingSet64)"
