# Submits and waits; prints for each task when it was seen to have ended, in UTC ticks.
param([string] $Module, [int] $Count, [int] $ThrottleLimit)
$ErrorActionPreference = 'Stop'
Import-Module $Module
$session = New-MJSession -ThrottleLimit $ThrottleLimit
$rows = foreach ($n in 1..$Count) { [pscustomobject] @{ JobId = "job-$n"; ImageNo = '0'; Type = 'Creative' } }
$seen = [Collections.Generic.List[string]]::new()
$tasks = @($rows | Invoke-MJUpscale)
$tasks | Wait-MJTask | ForEach-Object { $seen.Add("$($_.Id)=$([DateTime]::UtcNow.Ticks)") }
"reads=$($session.Reads)"
$seen
