# What it all cost.

BeforeAll {
    . ([IO.Path]::Combine($PSScriptRoot, 'Gateway.ps1'))
    $gateway = Start-TestGateway '--duration 0.02 --fail-job wreck'
    $jobs = 'JobId,ImageNo,Type', 'harbour,"0,1,2",Creative', 'pier,0,Standard', 'wreck,0,Standard' | ConvertFrom-Csv
    $tasks = $jobs | Invoke-MJUpscale | Wait-MJTask -ErrorAction SilentlyContinue
}

AfterAll {
    Stop-TestGateway $gateway
}

Describe 'Measure-MJCost' {
    It 'adds up the tasks of a run' {
        $total = $tasks | Measure-MJCost
        $total.Tasks | Should -Be 5
        $total.Completed | Should -Be 4
        $total.Failed | Should -Be 1
        $total.Cost | Should -Be 0.2
    }

    It 'groups by <By>' -ForEach @(
        @{ By = 'Type'; Groups = 'Creative 0.15', 'Standard 0.05' }
        @{ By = 'Job'; Groups = 'harbour 0.15', 'pier 0.05', 'wreck 0' }
        @{ By = 'Model'; Groups = @('midjourney_upscale 0.2') }
    ) {
        $shown = $tasks | Measure-MJCost -By $By | ForEach-Object { '{0} {1}' -f $_.Group, $_.Cost.ToString('0.##', [cultureinfo]::InvariantCulture) }
        $shown | Sort-Object | Should -Be $Groups
    }

    It 'adds up the journal, and asks nobody' {
        $before = (Get-GatewayCount $gateway).Reads
        (Measure-MJCost).Cost | Should -Be 0.2
        (Measure-MJCost -After (Get-Date).AddDays(1)).Tasks | Should -BeIn $null, 0
        (Get-GatewayCount $gateway).Reads | Should -Be $before
    }
}
