<#
.SYNOPSIS
    Builds, tests and demonstrates the MidJourney module.
.DESCRIPTION
    Requires PowerShell 7.4 or later. If it is not installed, run it with the .NET 10 SDK:

        dotnet tool exec -y powershell -- ./build.ps1 Test

    Each task is a function named Invoke-<Task>Task. To add a task, write the function and add its name to -Task.
.PARAMETER Task
    Build  builds everything. Import the module from out/MidJourney.
    Test   builds, runs every test, and ends with the line 'N passed, N failed, N skipped'.
    Pester runs only the Pester suite, and ends with the same line. It tests out/MidJourney, or the module in the folder
           $env:MIDJOURNEY_MODULE_PATH, such as an unpacked package.
    Coverage runs the .NET tests and measures the line coverage of the client and the cmdlets; fails below 90 %.
    Analyze checks the code's format and style and, if they are installed, runs PSScriptAnalyzer and PlatyPS.
    Package creates out/MidJourney.<version>.nupkg for the PowerShell Gallery; the build is reproducible.
    Demo   builds what docs/examples/demo.ps1 needs, for PowerShell 7 only, and runs it.
    Bench  measures everything, and writes docs/benchmarks.md and tests/Bench/Results.md; takes about 30 minutes, the first
           ten of them waiting. 'dotnet run -c Release --project tests/Bench -- stop' measures only that bench (see Results.md).
    Soak   runs 20,000 jobs while one request in five fails, and writes the figures to docs/reliability.md; takes minutes.
    Docs   updates docs/<Cmdlet>.md from the cmdlets; from these pages it creates the help and the lists of cmdlets.
.PARAMETER Configuration
    The configuration to build.
.PARAMETER PowerShell
    The PowerShell that runs the Pester suite: the path of another version's pwsh, or powershell.exe. The default is the
    PowerShell that runs this script.
.EXAMPLE
    ./build.ps1
    Import-Module ./out/MidJourney
.EXAMPLE
    ./build.ps1 Test
.EXAMPLE
    ./build.ps1 Pester -PowerShell powershell.exe
.NOTES
    The exit code is 0 only if the task succeeded. Result files of the tests are in out/TestResults.
#>
[CmdletBinding()]
param(
    [Parameter(Position = 0)]
    [ValidateSet('Build', 'Test', 'Pester', 'Coverage', 'Analyze', 'Package', 'Demo', 'Bench', 'Soak', 'Docs')]
    [string] $Task = 'Build',

    [ValidateSet('Debug', 'Release')]
    [string] $Configuration = 'Release',

    [string] $PowerShell
)

# This file uses 5.1 syntax, so that users of an older PowerShell see this message.
if ($PSVersionTable.PSVersion -lt [version] '7.4') {
    throw "build.ps1 needs PowerShell 7.4 or later, and this is $($PSVersionTable.PSVersion). With the .NET 10 SDK, run: dotnet tool exec -y powershell -- ./build.ps1 $Task"
}

Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'
# This script checks exit codes itself, with a better message.
$PSNativeCommandUseErrorActionPreference = $false

$testsFolder = Join-Path $PSScriptRoot 'tests'
$resultsFolder = Join-Path $PSScriptRoot 'out' 'TestResults'
$moduleFolder = Join-Path $PSScriptRoot 'out' 'MidJourney'
$minCoverage = 90
$total = @{ Passed = 0; Failed = 0; Skipped = 0 }
$failures = [System.Collections.Generic.List[string]]::new()

function Invoke-BuildTask {
    Invoke-DotNet build (Join-Path $PSScriptRoot 'MidJourney.slnx') -c $Configuration
}

# The Pester suite and the .NET tests run in parallel, because both mostly wait.
function Invoke-TestTask {
    Invoke-Suite {
        Invoke-BuildTask
        $runs = @(Start-PesterSuite) + (Start-Pester '5.7.1' -Tag Smoke)
        try {
            foreach ($project in Get-TestProject) {
                Invoke-TestProject $project
            }
        }
        finally {
            Complete-Pester $runs
        }
    }
}

function Invoke-PesterTask {
    Invoke-Suite {
        Invoke-DotNet build (Join-Path $testsFolder 'Pester') -c $Configuration
        Complete-Pester @(Start-PesterSuite)
    }
}

# Runs a script block that adds to $total, then prints the summary and exits with its code.
function Invoke-Suite($Script) {
    try {
        Clear-Folder $resultsFolder
        & $Script
    }
    catch {
        Add-Failure $_
    }

    if ($total.Passed + $total.Failed -eq 0) {
        Add-Failure 'No test was executed.'
    }

    # Once more at the end, where a long output is read, and where a cut one still shows it.
    $failures | ForEach-Object { "FAILED: $_" }
    # The summary must be the last line of the output, so there is no 'throw'.
    '{0} passed, {1} failed, {2} skipped' -f $total.Passed, $total.Failed, $total.Skipped
    if ($total.Failed -gt 0) {
        exit 1
    }
}

# Debug, because only Debug assemblies contain their source paths.
function Invoke-CoverageTask {
    $folder = Join-Path $PSScriptRoot 'out' 'Coverage'
    $settings = Join-Path $testsFolder 'coverage.runsettings'
    # The tests import the module from out/MidJourney.
    $module = "DataCollectionRunSettings.DataCollectors.DataCollector.Configuration.IncludeDirectory=$(Join-Path $moduleFolder 'bin' 'net8.0')"
    Clear-Folder $folder
    Invoke-DotNet build (Join-Path $PSScriptRoot 'MidJourney.slnx') -c Debug
    foreach ($project in Get-TestProject) {
        Invoke-DotNet test $project -c Debug --no-build --results-directory $folder --collect 'XPlat Code Coverage' --settings $settings '--' $module
    }

    # A line is covered if any run covered it.
    $lines = @(Get-ChildItem $folder -Recurse -Filter coverage.cobertura.xml | Select-Xml -XPath '//class/lines/line' | ForEach-Object Node |
            Group-Object { Join-Path $_.OwnerDocument.SelectSingleNode('//source').InnerText $_.ParentNode.ParentNode.filename }, { [int] $_.number })
    if (-not $lines) {
        throw 'No coverage was measured.'
    }

    $missed = @($lines | Where-Object { -not ($_.Group.hits -ne '0') })
    foreach ($file in $missed | Group-Object { $_.Values[0] }) {
        '{0}: {1} lines not reached: {2}' -f $file.Name, $file.Count, (($file.Group | ForEach-Object { $_.Values[1] } | Sort-Object) -join ' ')
    }

    $percent = 100.0 * ($lines.Count - $missed.Count) / $lines.Count
    'Line coverage of the client and the cmdlets: {0:0.0} % ({1} of {2} lines)' -f $percent, ($lines.Count - $missed.Count), $lines.Count
    if ($percent -lt $minCoverage) {
        throw "The tests must cover at least $minCoverage % of the lines."
    }
}

function Invoke-AnalyzeTask {
    Invoke-Suite {
        Invoke-DotNet format (Join-Path $PSScriptRoot 'MidJourney.slnx') --verify-no-changes
        $total.Passed++
        Invoke-DotNet build (Join-Path $testsFolder 'Pester') -c $Configuration
        Complete-Pester @(Start-Pester '6.2.0' -Tag Analysis)
    }
}

# Always Release, and from an empty folder, so that no file of an earlier build gets into the package.
function Invoke-PackageTask {
    $project = [IO.Path]::Combine($PSScriptRoot, 'src', 'MidJourney')
    Clear-Folder $moduleFolder
    Invoke-DotNet build $project -c Release
    & ([IO.Path]::Combine($project, 'Package.ps1')) -Module $moduleFolder -Destination ([IO.Path]::Combine($PSScriptRoot, 'out'))
}

# Builds only what the demo needs.
function Invoke-DemoTask {
    'Building the module and the emulator of the gateway...'
    Invoke-DotNet build ([IO.Path]::Combine($PSScriptRoot, 'src', 'Demo.slnf')) -c $Configuration -v quiet '-p:ModuleFrameworks=net8.0'
    & ([IO.Path]::Combine($PSScriptRoot, 'docs', 'examples', 'demo.ps1'))
    if (-not $?) {
        throw "The demo ended with exit code $LASTEXITCODE."
    }
}

function Invoke-BenchTask {
    # Only Release builds are worth measuring. The project builds what it runs.
    Invoke-DotNet run -c Release --project (Join-Path $testsFolder 'Bench')
}

function Invoke-SoakTask {
    $project = Join-Path $testsFolder 'MidJourney.Tests'
    $figures = Join-Path $PSScriptRoot 'out' 'soak.md'
    Invoke-DotNet build $project -c $Configuration
    $env:MIDJOURNEY_SOAK_JOBS = '20000'
    $env:MIDJOURNEY_SOAK_REPORT = $figures
    try {
        Invoke-DotNet test $project -c $Configuration --no-build --filter SoakTests
    }
    finally {
        $env:MIDJOURNEY_SOAK_JOBS = $env:MIDJOURNEY_SOAK_REPORT = $null
    }

    $page = Join-Path $PSScriptRoot 'docs' 'reliability.md'
    $text = Get-Content $figures -Raw
    $parts = (Get-Content $page -Raw) -split '(?s)(?<=<!-- soak -->).*(?=<!-- /soak -->)'
    Set-Content $page ($parts[0] + "`n" + $text + $parts[1]) -NoNewline
    $text
}

# Run it after every change to a cmdlet's parameters. It keeps handwritten text. The build creates the help.
function Invoke-DocsTask {
    $module = [IO.Path]::Combine($PSScriptRoot, 'src', 'MidJourney')
    Invoke-DotNet build $module -c $Configuration
    # In a separate process, because this one may have imported an earlier build.
    $tool = [IO.Path]::Combine($testsFolder, 'HelpTool', 'bin', $Configuration, 'net10.0', 'HelpTool.dll')
    Invoke-PowerShell "
        Add-Type -Path '$tool'
        Import-Module '$([IO.Path]::Combine($moduleFolder, 'bin', 'net8.0', 'MidJourney.dll'))'
        [MidJourney.HelpTool.Pages]::Update('$PSScriptRoot', [Management.Automation.CmdletInfo[]] (Get-Command -Module MidJourney -CommandType Cmdlet)) | ForEach-Object { `"wrote `$_`" }"
    Invoke-DotNet build $module -c $Configuration --no-restore
}

# The command line of this PowerShell, which may be a .NET tool.
function Get-PowerShellCommand {
    [Environment]::ProcessPath
    if ([IO.Path]::GetFileNameWithoutExtension([Environment]::ProcessPath) -eq 'dotnet') {
        Join-Path $PSHOME 'pwsh.dll'
    }
}

# Runs a script in a new process of this PowerShell.
function Invoke-PowerShell($Script) {
    # An array, because splatting a string passes each character as an argument.
    $program, [string[]] $arguments = Get-PowerShellCommand
    & $program @arguments -NoProfile -NonInteractive -Command "`$ErrorActionPreference = 'Stop'`n$Script"
    if ($LASTEXITCODE -ne 0) {
        throw "A script ended with exit code $LASTEXITCODE."
    }
}

function Invoke-DotNet {
    & dotnet $args
    if ($LASTEXITCODE -ne 0) {
        throw "dotnet $($args[0]) ended with exit code $LASTEXITCODE."
    }
}

function Clear-Folder($Path) {
    if (Test-Path -LiteralPath $Path) {
        Remove-Item -LiteralPath $Path -Recurse -Force
    }

    $null = New-Item -ItemType Directory $Path
}

function Get-TestProject {
    (Get-ChildItem $testsFolder -Recurse -Filter *.Tests.csproj | Sort-Object Name).FullName
}

function Invoke-TestProject($Project) {
    $file = Join-Path $resultsFolder "$([IO.Path]::GetFileNameWithoutExtension($Project)).trx"
    & dotnet test $Project -c $Configuration --no-build --logger "trx;LogFileName=$file"
    Add-Result $file $LASTEXITCODE
}

# The whole suite, in three processes.
function Start-PesterSuite {
    foreach ($part in 1..3) {
        Start-Pester '6.2.0' -Part $part
    }
}

# Starts a run in a new process without the module path, which may be that of another version.
function Start-Pester($Version, $Tag, $Part) {
    $file = Join-Path $resultsFolder "Pester-$Version$(if ($Part) { "-$Part" })"
    $program, $arguments = if ($PowerShell) { $PowerShell } else { Get-PowerShellCommand }
    $environment = @{ PSModulePath = $null }
    if ($arguments) {
        # Child processes of its jobs need this to find .NET.
        $environment.DOTNET_ROOT = Split-Path $program
    }

    $arguments = @($arguments) + '-NoProfile', '-NonInteractive', '-ExecutionPolicy', 'Bypass', '-File', (Join-Path $testsFolder 'Pester' 'Run.ps1'), "$file.xml", $Version
    foreach ($name in 'Tag', 'Part') {
        if ($PSBoundParameters[$name]) {
            $arguments += "-$name", $PSBoundParameters[$name]
        }
    }

    $process = Start-Process $program ($arguments | Where-Object { $_ } | ForEach-Object { "`"$_`"" }) -Environment $environment -NoNewWindow -PassThru -RedirectStandardOutput "$file.log" -RedirectStandardError "$file.err"
    # Without this, some systems lose the exit code.
    $null = $process.Handle
    @{ File = $file; Process = $process }
}

# Waits for the runs, prints their output, and adds their results.
function Complete-Pester($Runs) {
    foreach ($run in $Runs) {
        $run.Process.WaitForExit()
        Get-Content "$($run.File).log", "$($run.File).err"
        Add-Result "$($run.File).xml" $run.Process.ExitCode
    }
}

# Adds the counters of a result file. A failure without a failed test (a crash, no tests) counts as one failed test.
function Add-Result($File, $ExitCode) {
    $name = [IO.Path]::GetFileNameWithoutExtension($File)
    if (-not (Test-Path -LiteralPath $File)) {
        Add-Failure "$name produced no test results (exit code $ExitCode)."
        return
    }

    $result = [xml]::new()
    $result.Load($File)
    if ($result.DocumentElement.LocalName -eq 'TestRun') {
        $counters = $result.TestRun.ResultSummary.Counters
        # The 'notExecuted' counter stays 0 for skipped tests.
        $skipped = [int] $counters.total - [int] $counters.executed
        $failed = [int] $counters.executed - [int] $counters.passed
        foreach ($test in $result.TestRun.Results.UnitTestResult | Where-Object outcome -EQ 'Failed') {
            $failures.Add("$($test.testName): $($test.Output.ErrorInfo.Message)")
        }
    }
    else {
        $counters = $result.'test-results'
        $skipped = [int] $counters.skipped + [int] $counters.inconclusive
        $failed = [int] $counters.failures + [int] $counters.errors
        foreach ($test in $result.SelectNodes('//test-case[failure]')) {
            $failures.Add("$($test.name): $($test.failure.message)")
        }
    }

    $total.Passed += [int] $counters.total - $failed - $skipped
    $total.Failed += $failed
    $total.Skipped += $skipped
    if ([int] $counters.total -eq 0 -or ($ExitCode -ne 0 -and $failed -eq 0)) {
        Add-Failure "$name ended with exit code $ExitCode after $($counters.total) tests, although none failed."
    }
}

function Add-Failure($Message) {
    Write-Failure $Message
    $failures.Add($Message)
    $total.Failed++
}

function Write-Failure($Message) {
    [Console]::Error.WriteLine("ERROR: $Message")
}

# From the root, so that dotnet finds global.json.
Push-Location $PSScriptRoot
try {
    & "Invoke-${Task}Task"
}
finally {
    Pop-Location
}
