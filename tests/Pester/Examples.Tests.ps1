# Every example of the docs is run against the emulator, in a real PowerShell, which has all that readers have.

BeforeDiscovery {
    . ([IO.Path]::Combine($PSScriptRoot, 'Examples.ps1'))
    $examples = @(Get-DocExample)
}

Describe 'Examples of the docs' {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'Examples.ps1'))
        $reader = Start-DocReader
    }

    AfterAll {
        Stop-DocReader $reader
    }

    It '<Name>' -ForEach $examples {
        if ($PSVersionTable.PSEdition -ne 'Core' -and $Code -match '-Parallel\b') {
            Set-ItResult -Skipped -Because 'ForEach-Object -Parallel is of PowerShell 7'
        }

        Get-DocExampleError $Code $reader | Should -BeNullOrEmpty
    }
}
