# What is checked with tools that not everybody has. A tool that is missing is named, and its test is skipped.

BeforeAll {
    . ([IO.Path]::Combine($PSScriptRoot, 'Gateway.ps1'))
}

Describe 'The sources' -Tag Analysis {
    It 'have scripts in which PSScriptAnalyzer finds nothing' {
        if (-not (Get-Module -ListAvailable PSScriptAnalyzer)) {
            Set-ItResult -Skipped -Because 'PSScriptAnalyzer is not installed'
            return
        }

        # The manifest is checked where its files are, and nothing else of what was built.
        $scripts = @(Get-ChildItem $root -Recurse -Include *.ps1, *.psm1, *.psd1 | ForEach-Object FullName |
                Where-Object { $_.Substring($root.Length) -notmatch '(^|[\\/])(bin|obj|out)[\\/]|^[\\/]?MidJourney\.psd1$' })
        $scripts += [IO.Path]::Combine($modules, 'MidJourney', 'MidJourney.psd1')
        $settings = [IO.Path]::Combine($root, 'PSScriptAnalyzerSettings.psd1')
        $problems = foreach ($script in $scripts) { Invoke-ScriptAnalyzer -Path $script -Settings $settings }
        $problems | ForEach-Object { "$($_.ScriptPath):$($_.Line): $($_.RuleName): $($_.Message)" } | Should -BeNullOrEmpty
    }

    It 'have pages that PlatyPS finds valid' {
        if (-not (Get-Module -ListAvailable Microsoft.PowerShell.PlatyPS)) {
            Set-ItResult -Skipped -Because 'PlatyPS (Microsoft.PowerShell.PlatyPS) is not installed'
            return
        }

        $checked = Test-MarkdownCommandHelp -Path ([IO.Path]::Combine($root, 'docs', '*-MJ*.md')) -DetailView
        $checked | Where-Object { -not $_.IsValid } | ForEach-Object { "$($_.Path): $($_.Messages -join ' ')" } | Should -BeNullOrEmpty
    }
}

Describe 'The client for Windows PowerShell' {
    # In a program of its own, which Windows runs itself, and mono elsewhere.
    It 'submits and waits from the folder of the module' {
        $program = foreach ($configuration in 'Release', 'Debug') {
            $path = [IO.Path]::Combine($root, 'tests', 'Net472Console', 'bin', $configuration, 'net472', 'Net472Console.exe')
            if ([IO.File]::Exists($path)) { $path }
        }
        $command = @($program)[0], ''
        if ([Environment]::OSVersion.Platform -ne 'Win32NT') {
            if (-not (Get-Command mono -CommandType Application -ErrorAction Ignore)) {
                Set-ItResult -Skipped -Because 'mono is not installed'
                return
            }

            $command = 'mono', "`"$($command[0])`""
        }

        $emulator = Start-Emulator '--duration 0.2'
        try {
            $folder = [IO.Path]::Combine($modules, 'MidJourney', 'bin', 'net472')
            $start = [Diagnostics.ProcessStartInfo]::new($command[0], "$($command[1]) `"$folder`" $($emulator.BaseUri) $($emulator.ApiKey)")
            $start.UseShellExecute = $false
            $start.RedirectStandardOutput = $true
            $process = [Diagnostics.Process]::Start($start)
            # Its only line is the result. mono sometimes never gets out of the process after it, so that isn't waited for.
            $line = $process.StandardOutput.ReadLineAsync()
            $result = if ($line.Wait(300000)) { $line.Result } else { 'nothing within five minutes' }
            if (-not $process.WaitForExit(10000)) { $process.Kill() }
        }
        finally {
            Stop-Emulator $emulator
        }

        $result | Should -BeLike 'PASSED*'
    }
}
