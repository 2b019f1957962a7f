<#
.SYNOPSIS
    Runs the Pester suite in this PowerShell, be it 7 or Windows PowerShell, and writes a result file.
.PARAMETER ResultFile
    The path of the result file, in the format of NUnit.
.PARAMETER Version
    The version of Pester; it must lie in out/Pester, where building tests/Pester/Pester.csproj lays it.
.PARAMETER Tag
    Runs only the tests with this tag.
.PARAMETER Part
    1, 2 or 3: runs only every third file, so that three processes share the suite. Most tests wait for tasks, so there can be more processes than cores.
#>
param([string] $ResultFile, [string] $Version, [string[]] $Tag = @(), [int] $Part)
$ErrorActionPreference = 'Stop'
Import-Module ([IO.Path]::Combine($PSScriptRoot, '..', '..', 'out', 'Pester', $Version, 'Pester.psd1'))
$files = @(Get-ChildItem $PSScriptRoot -Filter *.Tests.ps1 | Sort-Object Name)
if ($Part) { $files = @(for ($i = $Part - 1; $i -lt $files.Count; $i += 3) { $files[$i] }) }
$run = Invoke-Pester -Configuration (New-PesterConfiguration @{
        Run        = @{ Path = $files.FullName; PassThru = $true }
        Filter     = @{ Tag = $Tag }
        TestResult = @{ Enabled = $true; OutputFormat = 'NUnitXml'; OutputPath = $ResultFile }
    })

foreach ($test in $run.Skipped) { "SKIPPED: $($test.ExpandedPath): $($test.ErrorRecord)" }

# It also fails if no test could be found in a file.
if ($run.Result -ne 'Passed') { exit 1 }
