# Stops pipelines that submit endlessly and wait for many tasks; prints how long each took to end.
param([string] $Module, [int] $Tasks, [int] $ThrottleLimit, [int] $Rounds)
$ErrorActionPreference = 'Stop'
Import-Module $Module
$session = New-MJSession -ThrottleLimit $ThrottleLimit
$made = foreach ($n in 1..$Tasks) { [pscustomobject] @{ JobId = "made-$n"; ImageNo = '0'; Type = 'Creative' } }
$made = @($made | Invoke-MJUpscale)
$work = {
    param($Module, $Session, $Made, $Round)
    Import-Module $Module
    & {
        $Made
        & { for ($n = 0; ; $n++) { [pscustomobject] @{ JobId = "$Round-$n"; ImageNo = '0'; Type = 'Creative' } } } | Invoke-MJUpscale -Session $Session
    } | Wait-MJTask -Session $Session -TimeoutSec 0
}
foreach ($round in 1..$Rounds) {
    $runspace = [runspacefactory]::CreateRunspace([initialsessionstate]::CreateDefault2())
    $runspace.Open()
    $shell = [powershell]::Create()
    $shell.Runspace = $runspace
    $null = $shell.AddScript($work.ToString()).AddArgument($Module).AddArgument($session).AddArgument($made).AddArgument($round)
    $creates = $session.Creates
    $null = $shell.BeginInvoke()
    # Wait until creates and reads are in flight, up to the limit.
    while ($session.Creates -lt $creates + 2 * $ThrottleLimit -or $session.InFlight -lt $ThrottleLimit) { [Threading.Thread]::Sleep(5) }

    $clock = [Diagnostics.Stopwatch]::StartNew()
    $shell.Stop()
    "stop$round=$($clock.Elapsed.TotalSeconds)"
    if ("$($shell.InvocationStateInfo.State)" -ne 'Stopped') { throw "The pipeline ended as $($shell.InvocationStateInfo.State)." }
    $runspace.Dispose()
}
