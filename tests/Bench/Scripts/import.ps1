# Imports a module and prints how long that took.
param([string] $Module)
$ErrorActionPreference = 'Stop'
$clock = [Diagnostics.Stopwatch]::StartNew()
Import-Module $Module
"seconds=$($clock.Elapsed.TotalSeconds)"
