# Takes five tasks from an endless producer and stops.
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
# By then, every request in flight has been answered or never will be.
[Threading.Thread]::Sleep(1000)
"taken=$taken"
