# From import to the first create; prints when it began, in ticks of universal time.
param([string] $Module)
$ErrorActionPreference = 'Stop'
$began = [DateTime]::UtcNow.Ticks
Import-Module $Module
$null = Invoke-MJUpscale -JobId first -ImageNo 0 -Type Creative
"began=$began"
