<#
.SYNOPSIS
    Runs the Pester suite in this PowerShell, be it 7 or Windows PowerShell, and writes a result file.
.PARAMETER ResultFile
    The path of the result file, in the format of NUnit.
.PARAMETER Version
    The version of Pester; it must lie in out/Pester, where building tests/Pester/Pester.csproj lays it.
.PARAMETER Tag
    Runs only the tests with this tag.
#>
param([string] $ResultFile, [string] $Version, [string[]] $Tag = @())
$ErrorActionPreference = 'Stop'
Import-Module ([IO.Path]::Combine($PSScriptRoot, '..', '..', 'out', 'Pester', $Version, 'Pester.psd1'))
$run = Invoke-Pester -Configuration (New-PesterConfiguration @{
        Run        = @{ Path = $PSScriptRoot; PassThru = $true }
        Filter     = @{ Tag = $Tag }
        TestResult = @{ Enabled = $true; OutputFormat = 'NUnitXml'; OutputPath = $ResultFile }
    })

foreach ($test in $run.Skipped) { "SKIPPED: $($test.ExpandedPath): $($test.ErrorRecord)" }

# It also fails if no test could be found in a file.
if ($run.Result -ne 'Passed') { exit 1 }
