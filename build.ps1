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
    Pester runs the Pester suite alone, and ends with the same line: against out/MidJourney, which must have been built, or
           against the module in the folder that $env:MIDJOURNEY_MODULE_PATH names, such as an unpacked package.
    Coverage runs the .NET tests while counting the lines of the client and the cmdlets that they reach; fails below 90 %.
    Analyze checks the code's format and style, and the scripts with PSScriptAnalyzer where that is installed.
    Package makes out/MidJourney.<version>.nupkg for the PowerShell Gallery; the same sources give the same bytes.
    Demo   builds what docs/examples/demo.ps1 needs, for PowerShell 7 alone, and runs it.
    Bench  builds what is measured, measures it, and writes docs/benchmarks.md; takes about 15 minutes.
    Soak   runs 20,000 jobs while one request in five fails, and writes the figures to docs/reliability.md; takes minutes.
    Docs   writes what the cmdlets say into docs/<Cmdlet>.md, and validates those pages with PlatyPS where it is installed.
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
    [ValidateSet('Build', 'Test', 'Pester', 'Coverage', 'Analyze', 'Package', 'Demo', 'Bench', 'Soak', 'Docs')]
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
$moduleFolder = [IO.Path]::Combine($PSScriptRoot, 'out', 'MidJourney')
$leastCoverage = 90

function Invoke-BuildTask {
    Invoke-DotNet build ([IO.Path]::Combine($PSScriptRoot, 'MidJourney.slnx')) -c $Configuration
}

function Invoke-TestTask {
    Invoke-Suite {
        Clear-TestResult
        Invoke-BuildTask
        foreach ($project in Get-TestProject) {
            Invoke-TestProject $project $total
        }

        Invoke-Net472Console $total
        Invoke-PesterSuite $total
    }
}

function Invoke-PesterTask {
    Invoke-Suite {
        Clear-TestResult
        Invoke-DotNet build ([IO.Path]::Combine($PSScriptRoot, 'src', 'MidJourney.Emulator')) -c $Configuration
        Invoke-PesterSuite $total
    }
}

# Runs what adds to $total, and ends with the summary and its exit code.
function Invoke-Suite($Script) {
    $total = @{ Passed = 0; Failed = 0; Skipped = 0 }
    try {
        & $Script
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

# Debug, because only there the assemblies say where their sources lie.
function Invoke-CoverageTask {
    $folder = [IO.Path]::Combine($PSScriptRoot, 'out', 'Coverage')
    $settings = [IO.Path]::Combine($testsFolder, 'coverage.runsettings')
    $collector = 'DataCollectionRunSettings.DataCollectors.DataCollector.Configuration'
    $module = [IO.Path]::Combine($moduleFolder, 'bin', 'net8.0')
    Clear-Folder $folder
    Invoke-DotNet build ([IO.Path]::Combine($PSScriptRoot, 'MidJourney.slnx')) -c Debug
    foreach ($project in Get-TestProject) {
        # The tests import the module from out/MidJourney.
        Invoke-DotNet test $project -c Debug --no-build --results-directory $folder --collect 'XPlat Code Coverage' --settings $settings '--' "$collector.IncludeDirectory=$module"
    }

    # A line is reached if any of the runs reached it.
    $hits = @{}
    foreach ($report in [IO.Directory]::GetFiles($folder, 'coverage.cobertura.xml', 'AllDirectories')) {
        Add-LineHit (Read-Xml $report) $hits
    }

    $reached = $all = 0
    $files = @($hits.Keys)
    [Array]::Sort($files)
    foreach ($file in $files) {
        $lines = $hits[$file]
        $missed = @($lines.Keys | Where-Object { -not $lines[$_] })
        $all += $lines.Count
        $reached += $lines.Count - $missed.Count
        if ($missed.Count -gt 0) {
            [Array]::Sort($missed)
            '{0}: {1} of {2} lines not reached: {3}' -f $file.Substring($PSScriptRoot.Length + 1), $missed.Count, $lines.Count, ($missed -join ' ')
        }
    }

    if ($all -eq 0) {
        throw 'Nothing was counted.'
    }

    $percent = 100.0 * $reached / $all
    'Line coverage of the client and the cmdlets: {0:0.0} % ({1} of {2} lines)' -f $percent, $reached, $all
    if ($percent -lt $leastCoverage) {
        throw "The tests must reach $leastCoverage % of the lines."
    }
}

function Add-LineHit($Report, $Hits) {
    $root = $Report.SelectSingleNode('//source').InnerText
    foreach ($class in $Report.SelectNodes('//class')) {
        $file = [IO.Path]::Combine($root, $class.GetAttribute('filename'))
        if (-not $Hits.ContainsKey($file)) {
            $Hits[$file] = @{}
        }

        foreach ($line in $class.SelectNodes('lines/line')) {
            $number = [int] $line.GetAttribute('number')
            $Hits[$file][$number] = $Hits[$file][$number] -or $line.GetAttribute('hits') -ne '0'
        }
    }
}

function Invoke-AnalyzeTask {
    Invoke-DotNet format ([IO.Path]::Combine($PSScriptRoot, 'MidJourney.slnx')) --verify-no-changes
    if (-not (Get-Module -ListAvailable PSScriptAnalyzer)) {
        'SKIPPED: PSScriptAnalyzer (it is not installed)'
        return
    }

    # The manifest is checked where its files are.
    Invoke-DotNet build ([IO.Path]::Combine($PSScriptRoot, 'src', 'MidJourney')) -c $Configuration
    $settings = [IO.Path]::Combine($PSScriptRoot, 'PSScriptAnalyzerSettings.psd1')
    $scripts = @(Get-Script | Where-Object { $_ -ne [IO.Path]::Combine($PSScriptRoot, 'MidJourney.psd1') }) + [IO.Path]::Combine($moduleFolder, 'MidJourney.psd1')
    $problems = foreach ($script in $scripts) {
        Invoke-ScriptAnalyzer -Path $script -Settings $settings
    }

    if ($problems) {
        foreach ($problem in $problems) {
            Write-Failure ('{0}:{1}: {2}: {3}' -f $problem.ScriptPath, $problem.Line, $problem.RuleName, $problem.Message)
        }

        throw "PSScriptAnalyzer found $(@($problems).Count) problems."
    }

    "PSScriptAnalyzer found nothing in $($scripts.Count) scripts."
}

# Every script of the repository, and none of what is built.
function Get-Script {
    foreach ($extension in 'ps1', 'psm1', 'psd1') {
        foreach ($file in [IO.Directory]::GetFiles($PSScriptRoot, "*.$extension", 'AllDirectories')) {
            if ($file.Substring($PSScriptRoot.Length) -notmatch '[\\/](bin|obj|out)[\\/]') {
                $file
            }
        }
    }
}

# Always Release, and from an empty folder: nothing of an earlier build may get into the package.
function Invoke-PackageTask {
    $project = [IO.Path]::Combine($PSScriptRoot, 'src', 'MidJourney')
    Clear-Folder $moduleFolder
    Invoke-DotNet build $project -c Release
    & ([IO.Path]::Combine($project, 'Package.ps1')) -Module $moduleFolder -Destination ([IO.Path]::Combine($PSScriptRoot, 'out'))
}

# Builds nothing that the demo does not need.
function Invoke-DemoTask {
    'Building the module and the emulator of the gateway...'
    Invoke-DotNet build ([IO.Path]::Combine($PSScriptRoot, 'src', 'Demo.slnf')) -c $Configuration -v quiet '-p:ModuleFrameworks=net8.0'
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

# Run it after every change of a cmdlet's parameters. It keeps all that people wrote. The build itself makes the help.
function Invoke-DocsTask {
    $module = [IO.Path]::Combine($PSScriptRoot, 'src', 'MidJourney')
    Invoke-DotNet build $module -c $Configuration
    # In a process of its own: this one may have imported an earlier build.
    $tool = [IO.Path]::Combine($testsFolder, 'HelpTool', 'bin', $Configuration, 'net10.0', 'HelpTool.dll')
    Invoke-PowerShell "
        Add-Type -Path '$tool'
        Import-Module '$([IO.Path]::Combine($moduleFolder, 'MidJourney.psd1'))'
        [MidJourney.HelpTool.Pages]::Update('$PSScriptRoot', [Management.Automation.CmdletInfo[]] (Get-Command -Module MidJourney -CommandType Cmdlet)) | ForEach-Object { `"wrote `$_`" }"
    Invoke-DotNet build $module -c $Configuration --no-restore

    if (-not (Get-Module -ListAvailable Microsoft.PowerShell.PlatyPS)) {
        'SKIPPED: validation of the pages (Microsoft.PowerShell.PlatyPS is not installed)'
        return
    }

    Import-Module Microsoft.PowerShell.PlatyPS -MinimumVersion 1.0
    $invalid = @(Test-MarkdownCommandHelp -Path ([IO.Path]::Combine($PSScriptRoot, 'docs', '*-MJ*.md')) -DetailView | Where-Object { -not $_.IsValid })
    if ($invalid) {
        throw "PlatyPS finds pages invalid:`n$($invalid | Format-List | Out-String)"
    }
}

# Runs a script in another process of this PowerShell, which may be a .NET tool.
function Invoke-PowerShell($Script) {
    $arguments = @('-NoProfile', '-NonInteractive', '-Command', "`$ErrorActionPreference = 'Stop'`n$Script")
    if ([IO.Path]::GetFileNameWithoutExtension([Environment]::ProcessPath) -eq 'dotnet') {
        $arguments = @([IO.Path]::Combine($PSHOME, 'pwsh.dll')) + $arguments
    }

    & ([Environment]::ProcessPath) @arguments
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

function Clear-TestResult {
    Clear-Folder $resultsFolder
}

function Clear-Folder($Path) {
    if ([IO.Directory]::Exists($Path)) {
        [IO.Directory]::Delete($Path, $true)
    }

    $null = [IO.Directory]::CreateDirectory($Path)
}

function Get-TestProject {
    $projects = [IO.Directory]::GetFiles($testsFolder, '*.Tests.csproj', 'AllDirectories')
    [Array]::Sort($projects)
    $projects
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

# The client for Windows PowerShell, run from the module's folder: by Windows itself, elsewhere by mono. What is skipped as a
# whole, here or below, counts as one, so that the last line does not look as if all had been run.
function Invoke-Net472Console($Total) {
    $program = [IO.Path]::Combine($testsFolder, 'Net472Console', 'bin', $Configuration, 'net472', 'Net472Console.exe')
    $arguments = "`"$([IO.Path]::Combine($moduleFolder, 'bin', 'net472'))`""
    $onWindows = [Environment]::OSVersion.Platform -eq 'Win32NT'
    if (-not $onWindows -and -not (Get-Command mono -CommandType Application -ErrorAction Ignore)) {
        'SKIPPED: console for .NET Framework (mono is not installed)'
        $Total.Skipped++
        return
    }

    . ([IO.Path]::Combine($PSScriptRoot, 'docs', 'examples', 'emulator.ps1'))
    $emulator = Start-Emulator '--duration 0.2'
    try {
        $arguments = "$arguments $($emulator.BaseUri) $($emulator.ApiKey)"
        $start = if ($onWindows) { [Diagnostics.ProcessStartInfo]::new($program, $arguments) } else { [Diagnostics.ProcessStartInfo]::new('mono', "`"$program`" $arguments") }
        $start.UseShellExecute = $false
        $start.RedirectStandardOutput = $true
        $process = [Diagnostics.Process]::Start($start)
        # Its only line is the result. mono sometimes never gets out of the process after it, so that isn't waited for.
        $line = $process.StandardOutput.ReadLineAsync()
        $result = if ($line.Wait(120000)) { $line.Result } else { 'nothing within two minutes' }
        if (-not $process.WaitForExit(10000)) {
            $process.Kill()
        }

        "Console for .NET Framework: $result"
        if ($result -like 'PASSED*') {
            $Total.Passed++
        }
        else {
            $Total.Failed++
        }
    }
    finally {
        Stop-Emulator $emulator
    }
}

function Invoke-PesterSuite($Total) {
    $suite = [IO.Path]::Combine($testsFolder, 'Pester')
    if (-not [IO.Directory]::Exists($suite)) {
        return
    }

    if (-not (Get-Module -ListAvailable Pester | Where-Object { $_.Version.Major -eq 5 })) {
        'SKIPPED: Pester suite (Pester 5 is not installed)'
        $Total.Skipped++
        return
    }

    if (-not (Get-Command Write-Host -ErrorAction Ignore)) {
        'SKIPPED: Pester suite (this shell lacks the commands that Pester needs)'
        $Total.Skipped++
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
