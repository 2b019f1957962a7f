# Submits rows from the pipeline; times the first task and the last.
param([string] $Module, [int] $Count, [int] $ThrottleLimit, [int] $WarmUp, [switch] $NoJournal)
$ErrorActionPreference = 'Stop'
Import-Module $Module
$null = New-MJSession -ThrottleLimit $ThrottleLimit -NoJournal:$NoJournal
for ($n = 0; $n -lt $WarmUp; $n++) { $null = Invoke-MJUpscale -JobId "warm-up-$n" -ImageNo 0 -Type Creative }
$rows = foreach ($n in 1..$Count) { [pscustomobject] @{ JobId = "job-$n"; ImageNo = '0'; Type = 'Creative' } }

$tasks = 0
$first = 0.0
$clock = [Diagnostics.Stopwatch]::StartNew()
$rows | Invoke-MJUpscale | ForEach-Object { if ($tasks++ -eq 0) { $first = $clock.Elapsed.TotalSeconds } }
"seconds=$($clock.Elapsed.TotalSeconds)"
"first=$first"
"tasks=$tasks"
