# Times submitting and waiting in one pipeline.
param([string] $Module, [int] $Count)
$ErrorActionPreference = 'SilentlyContinue'
Import-Module $Module -ErrorAction Stop
$session = New-MJSession
$rows = foreach ($n in 1..$Count) { [pscustomobject] @{ JobId = "job-$n"; ImageNo = '0'; Type = 'Creative' } }
$tasks = 0
$clock = [Diagnostics.Stopwatch]::StartNew()
$rows | Invoke-MJUpscale | Wait-MJTask | ForEach-Object { $tasks++ }
"seconds=$($clock.Elapsed.TotalSeconds)"
"tasks=$tasks"
"errors=$($Error.Count)"
"creates=$($session.Creates)"
"reads=$($session.Reads)"
"throttled=$($session.Throttled)"
