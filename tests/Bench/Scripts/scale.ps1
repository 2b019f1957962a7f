# Waits for tasks that never end; prints the memory, processor time and threads of this process.
param([string] $Module, [string] $IdFile, [int] $PollIntervalSec)
$ErrorActionPreference = 'Stop'
Import-Module $Module
$session = New-MJSession
$ids = [IO.File]::ReadAllLines($IdFile)
$process = [Diagnostics.Process]::GetCurrentProcess()

$runspace = [runspacefactory]::CreateRunspace([initialsessionstate]::CreateDefault2())
$runspace.Open()
$shell = [powershell]::Create()
$shell.Runspace = $runspace
$waitForNothing = { param($Module, $Session) Import-Module $Module; @() | Wait-MJTask -Session $Session }
$null = $shell.AddScript($waitForNothing.ToString()).AddArgument($Module).AddArgument($session).Invoke()
$shell.Commands.Clear()

$before = [GC]::GetTotalMemory($true)
$wait = { param($Session, $Ids, $Interval) $Ids | Wait-MJTask -Session $Session -TimeoutSec 0 -PollIntervalSec $Interval }
$null = $shell.AddScript($wait.ToString()).AddArgument($session).AddArgument($ids).AddArgument($PollIntervalSec)
$result = $shell.BeginInvoke()
while ($session.Reads -lt $ids.Length -or $session.InFlight -gt 0) { [Threading.Thread]::Sleep(100) }
[Threading.Thread]::Sleep(3000)
"bytes=$([GC]::GetTotalMemory($true) - $before)"

$process.Refresh()
$reads = $session.Reads
$processor = $process.TotalProcessorTime
$clock = [Diagnostics.Stopwatch]::StartNew()
$threads = 0
while ($clock.Elapsed.TotalSeconds -lt $PollIntervalSec) {
    [Threading.Thread]::Sleep(1000)
    $process.Refresh()
    $threads = [Math]::Max($threads, $process.Threads.Count)
}
$process.Refresh()
"seconds=$($clock.Elapsed.TotalSeconds)"
"processor=$(($process.TotalProcessorTime - $processor).TotalSeconds)"
"reads=$($session.Reads - $reads)"
"threads=$threads"
$shell.Stop()
