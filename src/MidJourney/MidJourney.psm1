# One module for both editions: Windows PowerShell runs on .NET Framework, PowerShell 7 on .NET.
$framework = if ($PSVersionTable.PSEdition -eq 'Core') { 'net8.0' } else { 'net472' }
Import-Module -Name ([System.IO.Path]::Combine($PSScriptRoot, 'bin', $framework, 'MidJourney.dll'))
