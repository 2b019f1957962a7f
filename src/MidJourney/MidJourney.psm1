# One module for both editions: Windows PowerShell runs on .NET Framework, PowerShell 7 on .NET.
# No method is called here: the first call of one from a script takes longer than the rest of this.
$framework = if ($PSEdition -eq 'Core') { 'net8.0' } else { 'net472' }
Import-Module -Name "$PSScriptRoot/bin/$framework/MidJourney.dll"
