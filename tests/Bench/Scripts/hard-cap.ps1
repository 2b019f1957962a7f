# Two runspaces share a session with -MaxRequestsPerSecond; each submits tasks and reads them.
param([string] $Module, [int] $MaxRequestsPerSecond, [int] $Seconds)
$ErrorActionPreference = 'Stop'
Import-Module $Module
$session = New-MJSession -ThrottleLimit 64 -MaxRequestsPerSecond $MaxRequestsPerSecond
$work = {
    param($Module, $Session, $Name, $Seconds)
    Import-Module $Module
    $clock = [Diagnostics.Stopwatch]::StartNew()
    & { for ($n = 0; $clock.Elapsed.TotalSeconds -lt $Seconds; $n++) { [pscustomobject] @{ JobId = "$Name-$n"; ImageNo = '0'; Type = 'Creative' } } } |
        Invoke-MJUpscale -Session $Session |
        Get-MJTask -Session $Session |
        ForEach-Object { }
}
$running = foreach ($name in 'one', 'two') {
    $runspace = [runspacefactory]::CreateRunspace([initialsessionstate]::CreateDefault2())
    $runspace.Open()
    $shell = [powershell]::Create()
    $shell.Runspace = $runspace
    $null = $shell.AddScript($work.ToString()).AddArgument($Module).AddArgument($session).AddArgument($name).AddArgument($Seconds)
    [pscustomobject] @{ Shell = $shell; Result = $shell.BeginInvoke() }
}
foreach ($one in $running) { $null = $one.Shell.EndInvoke($one.Result) }
"sent=$($session.Creates + $session.Reads)"
