# Times the import of a module.
param([string] $Module)
$ErrorActionPreference = 'Stop'
$clock = [Diagnostics.Stopwatch]::StartNew()
Import-Module $Module
"seconds=$($clock.Elapsed.TotalSeconds)"
