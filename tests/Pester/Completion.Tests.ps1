# What Tab offers.

BeforeAll {
    . ([IO.Path]::Combine($PSScriptRoot, 'Gateway.ps1'))
    $gateway = Start-TestGateway
    $tasks = Invoke-MJUpscale -JobId harbour -ImageNo 0, 1 -Type Creative -Wait

    function Get-Offer([string] $Line) {
        (TabExpansion2 -inputScript $Line -cursorColumn $Line.Length).CompletionMatches.CompletionText
    }
}

AfterAll {
    Stop-TestGateway $gateway
}

Describe 'Tab' {
    It 'offers cmdlets' {
        Get-Offer 'Invoke-MJUps' | Should -Be 'Invoke-MJUpscale'
    }

    It 'offers upscale types' {
        Get-Offer 'Invoke-MJUpscale -JobId harbour -Type ' | Should -Be 'Standard', 'Creative', 'V5_2x', 'V5_4x'
        Get-Offer 'Invoke-MJUpscale -JobId harbour -Type v5' | Should -Be 'V5_2x', 'V5_4x'
    }

    It 'offers statuses' {
        Get-Offer 'Get-MJTask -Status C' | Sort-Object | Should -Be 'Cancelled', 'Completed'
    }

    It 'offers what costs are added up by' {
        'Day', 'Job', 'Model', 'Type' | Should -BeIn (Get-Offer 'Measure-MJCost -By ')
    }

    It 'offers the properties of files'' names' {
        $offered = Get-Offer "Save-MJOutput -NameTemplate '{Sou"
        "'{SourceJobId}'", "'{SourceImageNo}'" | Should -BeIn $offered
        $offered | Should -Match 'Source'
    }

    It 'offers task ids of this runspace and of the journal, and asks nobody' {
        $before = (Get-GatewayCount $gateway).Reads
        Get-Offer 'Wait-MJTask -Id ' | Sort-Object | Should -Be ($tasks.Id | Sort-Object)
        Get-MJSession | Remove-MJSession
        Get-Offer 'Get-MJTask ' | Sort-Object | Should -Be ($tasks.Id | Sort-Object)
        (Get-GatewayCount $gateway).Reads | Should -Be $before
    }
}
