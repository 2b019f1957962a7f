# Submits rows from an endless producer for a number of seconds.
param([string] $Module, [int] $ThrottleLimit, [int] $Seconds)
$ErrorActionPreference = 'Continue'
Import-Module $Module
$null = New-MJSession -ThrottleLimit $ThrottleLimit
$clock = [Diagnostics.Stopwatch]::StartNew()
& { for ($n = 0; $clock.Elapsed.TotalSeconds -lt $Seconds; $n++) { [pscustomobject] @{ JobId = "job-$n"; ImageNo = '0'; Type = 'Creative' } } } |
    Invoke-MJUpscale |
    ForEach-Object { }
