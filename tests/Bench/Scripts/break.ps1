# Takes five tasks of an endless producer's and breaks off.
param([string] $Module, [int] $ThrottleLimit)
$ErrorActionPreference = 'Stop'
Import-Module $Module
$null = New-MJSession -ThrottleLimit $ThrottleLimit
$taken = 0
foreach ($once in 1) {
    & { for ($n = 0; ; $n++) { [pscustomobject] @{ JobId = "job-$n"; ImageNo = '0'; Type = 'Creative' } } } |
        Invoke-MJUpscale |
        ForEach-Object { if (++$taken -eq 5) { break } }
}
# What was under way has its answer by then, or never gets one.
[Threading.Thread]::Sleep(1000)
"taken=$taken"
