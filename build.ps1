<#
.SYNOPSIS
    Builds, tests and shows the MidJourney module.
.DESCRIPTION
    Runs in PowerShell 7.4 or later, in Windows PowerShell 5.1 and, where neither is installed, in the shell of this
    repository, which needs only the .NET SDK:

        dotnet run --project tests/Shell -- build.ps1 Test

    That shell has the PowerShell language and the engine's own commands, so this script uses nothing else.

    A task is a function below, named Invoke-<Task>Task. To add one, write the function and add its name to the set of
    -Task.
.PARAMETER Task
    Build  builds everything; out/MidJourney can then be imported.
    Test   builds, runs every test, and ends with the line 'N passed, N failed, N skipped'.
    Demo   builds and runs docs/examples/demo.ps1.
    Bench  builds what is measured, measures it, and writes docs/benchmarks.md; takes about 15 minutes.
    Soak   runs 20,000 jobs while one request in five fails, and writes the figures to docs/reliability.md; takes minutes.
    Docs   writes what the cmdlets say into docs/<Cmdlet>.md, and makes the help of those pages.
.PARAMETER Configuration
    The configuration to build. Leave it at Release when running in the shell of this repository: on Windows its own
    Debug files are in use then and cannot be written.
.EXAMPLE
    ./build.ps1
    Import-Module ./out/MidJourney
.EXAMPLE
    ./build.ps1 Test
.NOTES
    The exit code is 0 only if the task succeeded. Result files of the tests are in out/TestResults.
#>
[CmdletBinding()]
param(
    [Parameter(Position = 0)]
    [ValidateSet('Build', 'Test', 'Demo', 'Bench', 'Soak', 'Docs')]
    [string] $Task = 'Build',

    [ValidateSet('Debug', 'Release')]
    [string] $Configuration = 'Release'
)

Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'
# Exit codes are checked here, with a message that says what failed.
$PSNativeCommandUseErrorActionPreference = $false

$testsFolder = [IO.Path]::Combine($PSScriptRoot, 'tests')
$resultsFolder = [IO.Path]::Combine($PSScriptRoot, 'out', 'TestResults')

function Invoke-BuildTask {
    Invoke-DotNet build ([IO.Path]::Combine($PSScriptRoot, 'MidJourney.slnx')) -c $Configuration
}

function Invoke-TestTask {
    $total = @{ Passed = 0; Failed = 0; Skipped = 0 }
    try {
        Clear-TestResult
        Invoke-BuildTask
        $projects = [IO.Directory]::GetFiles($testsFolder, '*.Tests.csproj', 'AllDirectories')
        [Array]::Sort($projects)
        foreach ($project in $projects) {
            Invoke-TestProject $project $total
        }

        Invoke-PesterSuite $total
    }
    catch {
        Write-Failure $_
        $total.Failed++
    }

    if ($total.Passed + $total.Failed -eq 0) {
        Write-Failure 'No test was executed.'
    }

    # Whoever runs this reads the last line, so nothing may follow it: no 'throw' either.
    '{0} passed, {1} failed, {2} skipped' -f $total.Passed, $total.Failed, $total.Skipped
    if ($total.Failed -gt 0 -or $total.Passed -eq 0) {
        exit 1
    }
}

function Invoke-DemoTask {
    Invoke-BuildTask
    & ([IO.Path]::Combine($PSScriptRoot, 'docs', 'examples', 'demo.ps1'))
    if (-not $?) {
        throw "The demo ended with exit code $LASTEXITCODE."
    }
}

function Invoke-BenchTask {
    # Nothing but Release is worth measuring. The project builds what it runs.
    Invoke-DotNet run -c Release --project ([IO.Path]::Combine($testsFolder, 'Bench'))
}

function Invoke-SoakTask {
    Invoke-DotNet build ([IO.Path]::Combine($testsFolder, 'MidJourney.Tests')) -c $Configuration
    $figures = [IO.Path]::Combine($PSScriptRoot, 'out', 'soak.md')
    $env:MIDJOURNEY_SOAK_JOBS = '20000'
    $env:MIDJOURNEY_SOAK_REPORT = $figures
    try {
        Invoke-DotNet test ([IO.Path]::Combine($testsFolder, 'MidJourney.Tests')) -c $Configuration --no-build --filter SoakTests
    }
    finally {
        $env:MIDJOURNEY_SOAK_JOBS = $env:MIDJOURNEY_SOAK_REPORT = $null
    }

    $page = [IO.Path]::Combine($PSScriptRoot, 'docs', 'reliability.md')
    $text = [IO.File]::ReadAllText($page)
    $begin = $text.IndexOf('<!-- soak -->') + '<!-- soak -->'.Length
    $end = $text.IndexOf('<!-- /soak -->')
    [IO.File]::WriteAllText($page, $text.Substring(0, $begin) + "`n" + [IO.File]::ReadAllText($figures) + $text.Substring($end))
    [IO.File]::ReadAllText($figures)
}

# Run it after every change of a cmdlet's parameters or of a page. It keeps all that people wrote.
function Invoke-DocsTask {
    $tool = [IO.Path]::Combine($testsFolder, 'HelpTool')
    Invoke-DotNet build $tool -c $Configuration
    $program = [IO.Path]::Combine($tool, 'bin', $Configuration, 'net10.0', 'HelpTool.dll')
    Invoke-DotNet $program pages

    if (Get-Module -ListAvailable Microsoft.PowerShell.PlatyPS) {
        'The help is made by PlatyPS, and completed with the defaults and the code of examples by tests/HelpTool.'
        Import-Module Microsoft.PowerShell.PlatyPS -MinimumVersion 1.0
        $exported = [IO.Path]::Combine($PSScriptRoot, 'out', 'Docs')
        $pages = Import-MarkdownCommandHelp -Path ([IO.Path]::Combine($PSScriptRoot, 'docs', '*-MJ*.md'))
        $null = $pages | Export-MamlCommandHelp -OutputFolder $exported -Force
        Invoke-DotNet $program complete ([IO.Path]::Combine($exported, 'MidJourney', 'MidJourney.dll-Help.xml'))
    }
    else {
        'PlatyPS (Microsoft.PowerShell.PlatyPS 1.0) is not installed: the help is made by tests/HelpTool alone.'
        Invoke-DotNet $program maml
    }

    # The help lies in the module as well.
    Invoke-DotNet build ([IO.Path]::Combine($PSScriptRoot, 'src', 'MidJourney')) -c $Configuration
}

function Invoke-DotNet {
    & dotnet $args
    if ($LASTEXITCODE -ne 0) {
        throw "dotnet $($args[0]) ended with exit code $LASTEXITCODE."
    }
}

function Clear-TestResult {
    if ([IO.Directory]::Exists($resultsFolder)) {
        [IO.Directory]::Delete($resultsFolder, $true)
    }

    $null = [IO.Directory]::CreateDirectory($resultsFolder)
}

# Runs one project and adds its counters. What goes wrong without a failed test (a crash, no tests) counts as one.
function Invoke-TestProject($Project, $Total) {
    $name = [IO.Path]::GetFileNameWithoutExtension($Project)
    $resultFile = [IO.Path]::Combine($resultsFolder, "$name.trx")
    & dotnet test $Project -c $Configuration --no-build --logger "trx;LogFileName=$name.trx" --results-directory $resultsFolder
    $exitCode = $LASTEXITCODE

    if (-not [IO.File]::Exists($resultFile)) {
        Write-Failure "$name left no test results (exit code $exitCode)."
        $Total.Failed++
        return
    }

    $counters = (Read-Xml $resultFile).TestRun.ResultSummary.Counters
    $passed = [int] $counters.passed
    $executed = [int] $counters.executed
    $Total.Passed += $passed
    $Total.Failed += $executed - $passed
    # The 'notExecuted' counter stays 0 for skipped tests.
    $Total.Skipped += [int] $counters.total - $executed
    if ([int] $counters.total -eq 0) {
        Write-Failure "$name has no tests (exit code $exitCode)."
        $Total.Failed++
    }
    elseif ($exitCode -ne 0 -and $executed -eq $passed) {
        Write-Failure "$name ended with exit code $exitCode though no test failed."
        $Total.Failed++
    }
}

function Invoke-PesterSuite($Total) {
    $suite = [IO.Path]::Combine($testsFolder, 'Pester')
    if (-not [IO.Directory]::Exists($suite)) {
        return
    }

    if (-not (Get-Module -ListAvailable Pester | Where-Object { $_.Version.Major -eq 5 })) {
        'SKIPPED: Pester suite (Pester 5 is not installed)'
        return
    }

    if (-not (Get-Command Write-Host -ErrorAction Ignore)) {
        'SKIPPED: Pester suite (this shell lacks the commands that Pester needs)'
        return
    }

    Import-Module Pester -MinimumVersion 5.2.0 -MaximumVersion 5.9999
    $resultFile = [IO.Path]::Combine($resultsFolder, 'Pester.xml')
    $run = Invoke-Pester -Configuration (New-PesterConfiguration @{
            Run        = @{ Path = $suite; PassThru = $true }
            TestResult = @{ Enabled = $true; OutputFormat = 'NUnitXml'; OutputPath = $resultFile }
        })

    $counters = (Read-Xml $resultFile).'test-results'
    # Errors are files in which no test could be found; they are not in the total.
    $failed = [int] $counters.failures + [int] $counters.errors
    $notRun = [int] $counters.skipped + [int] $counters.inconclusive
    $Total.Passed += [int] $counters.total - [int] $counters.failures - $notRun
    $Total.Failed += $failed
    $Total.Skipped += $notRun
    if ($run.Result -ne 'Passed' -and $failed -eq 0) {
        Write-Failure "The Pester suite ended as '$($run.Result)' though no test failed."
        $Total.Failed++
    }
}

function Read-Xml($Path) {
    $document = [Xml.XmlDocument]::new()
    $document.Load($Path)
    $document
}

function Write-Failure($Message) {
    [Console]::Error.WriteLine("ERROR: $Message")
}

# From the root, so that dotnet finds global.json whatever folder the caller is in.
$location = $ExecutionContext.SessionState.Path
$location.PushCurrentLocation('build')
try {
    $null = $location.SetLocation($PSScriptRoot)
    & "Invoke-${Task}Task"
}
finally {
    $null = $location.PopLocation('build')
}
