# Every example of the docs is run against the emulator, in a real PowerShell, which has all that readers have.

BeforeDiscovery {
    . ([IO.Path]::Combine($PSScriptRoot, 'Examples.ps1'))
    $found = @(Get-DocExample)
}

Describe 'Examples of the docs' {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'Examples.ps1'))
        $gateway = Start-TestGateway
        $tasks = Invoke-MJUpscale -JobId tried -ImageNo 0, 1 -Type Standard -Wait
        $examples = @(Get-DocExample)
        $started = @{}
    }

    AfterAll {
        foreach ($example in $started.Values) { $example.Shell.Dispose() }
        Stop-TestGateway $gateway
    }

    It 'are found' -ForEach @{ Count = $found.Count } {
        $Count | Should -BeGreaterThan 0
    }

    It '<Name>' -ForEach $found {
        if (-not $Runs) {
            Set-ItResult -Skipped -Because 'ForEach-Object -Parallel is of PowerShell 7'
            return
        }

        # Most of an example is waiting, so the next few run meanwhile.
        foreach ($example in $examples | Select-Object -Skip $Number -First 8) {
            if ($example.Runs -and -not $started[$example.Number]) { $started[$example.Number] = Start-DocExample $example.Code $gateway $tasks }
        }

        Get-DocExampleError $started[$Number] | Should -BeNullOrEmpty
    }
}
