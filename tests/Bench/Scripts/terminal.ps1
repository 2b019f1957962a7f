# For an interactive session: defines commands to be interrupted, and a prompt that is easy to find.
param([string] $Module, [int] $Tasks, [int] $ThrottleLimit)
$ErrorActionPreference = 'Stop'
Import-Module $Module
$null = New-MJSession -ThrottleLimit $ThrottleLimit
Set-PSReadLineOption -HistorySaveStyle SaveNothing
function prompt { '<ready>' }
$made = @(if ($Tasks) { 1..$Tasks | ForEach-Object { "made-$_" } | Invoke-MJUpscale -ImageNo 0 -Type Creative })
$round = 0

function idle {
    '<begun>'
    while ($true) { Start-Sleep -Milliseconds 10 }
}

# Waits for many tasks while it submits others without end.
function busy {
    $script:round++
    '<begun>'
    & { $made; & { for ($n = 0; ; $n++) { "$round-$n" } } | Invoke-MJUpscale -ImageNo 0 -Type Creative } | Wait-MJTask -TimeoutSec 0
}

# Submits one job.
function one {
    $script:round++
    '<begun>'
    Invoke-MJUpscale -JobId "one-$round" -ImageNo 0 -Type Creative
}
