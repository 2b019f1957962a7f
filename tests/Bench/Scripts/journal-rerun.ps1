# Times the submission of rows whose tasks the journal knows as ended.
param([string] $Module, [int] $Count, [switch] $Wait)
$ErrorActionPreference = 'Stop'
$WarningPreference = 'Ignore'
Import-Module $Module
$session = New-MJSession
$rows = foreach ($n in 1..$Count) { [pscustomobject] @{ JobId = "job-$n"; ImageNo = '0'; Type = 'Creative' } }
$clock = [Diagnostics.Stopwatch]::StartNew()
$tasks = if ($Wait) { @($rows | Invoke-MJUpscale | Wait-MJTask) } else { @($rows | Invoke-MJUpscale) }
"seconds=$($clock.Elapsed.TotalSeconds)"
"known=$(@($tasks | Where-Object IsKnown).Count)"
"requests=$($session.Creates + $session.Reads)"
