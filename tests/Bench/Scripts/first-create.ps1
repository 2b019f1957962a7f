# Imports the module and sends one create; prints when the import began, in UTC ticks.
param([string] $Module)
$ErrorActionPreference = 'Stop'
$began = [DateTime]::UtcNow.Ticks
Import-Module $Module
$null = Invoke-MJUpscale -JobId first -ImageNo 0 -Type Creative
"began=$began"
