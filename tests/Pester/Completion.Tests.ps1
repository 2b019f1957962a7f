# What Tab offers, without a request to the gateway.

BeforeAll {
    . ([IO.Path]::Combine($PSScriptRoot, 'Gateway.ps1'))
    $gateway = Start-TestGateway
    $earlier = Invoke-MJUpscale -JobId harbour -ImageNo 0 -Type Creative -Wait
    Get-MJSession | Remove-MJSession
    Set-Shape @{ jobs = @{ slow = @{ duration = 'never' } } }
    $running = Invoke-MJUpscale -JobId slow -ImageNo 3 -Type Creative
    $done = Invoke-MJUpscale -JobId pier -ImageNo 0 -Type V5_2x -Wait

    function Get-Completion([string] $Line) {
        (TabExpansion2 -inputScript $Line -cursorColumn $Line.Length).CompletionMatches
    }

    function Get-Offer([string] $Line) {
        (Get-Completion $Line).CompletionText
    }
}

AfterAll {
    Stop-TestGateway $gateway
}

Describe 'Tab' {
    It 'offers for <Line>: <Offered>' -ForEach @(
        @{ Line = 'Invoke-MJUps'; Offered = 'Invoke-MJUpscale' }
        @{ Line = 'Invoke-MJUpscale -JobId harbour -Type '; Offered = 'Standard', 'Creative', 'V5_2x', 'V5_4x' }
        @{ Line = 'Invoke-MJUpscale -JobId harbour -ImageNo 0 -Type v5'; Offered = 'V5_2x', 'V5_4x' }
        @{ Line = 'Invoke-MJInpaint j -ImageNo '; Offered = '0', '1', '2', '3', 'all' }
        @{ Line = 'Invoke-MJModel midjourney_pan -ImageNo 0, '; Offered = '0', '1', '2', '3', 'all' }
        @{ Line = 'Invoke-MJUpscale -JobId j -ImageNo u'; Offered = 'U1', 'U2', 'U3', 'U4' }
        @{ Line = 'Invoke-MJUpscale -JobId j -Type sub'; Offered = 'Standard' }
        @{ Line = 'Invoke-MJModel -Model pa'; Offered = 'midjourney_inpaint', 'midjourney_outpaint', 'midjourney_pan', 'midjourney_uploadpaint' }
        @{ Line = 'Get-MJTask -Status C'; Offered = 'Cancelled', 'Completed' }
        @{ Line = 'Measure-MJCost -By '; Offered = 'Type', 'Job', 'Day', 'Model', 'Prompt' }
        @{ Line = 'Measure-MJCost -Currency '; Offered = 'USD', 'credit' }
        @{ Line = 'Measure-MJCost -Currency C'; Offered = 'credit' }
        @{ Line = 'Measure-MJCost -Month '; Offered = @(0..11 | ForEach-Object { [DateTime]::Today.AddMonths(-$_).ToString('yyyy-MM', [cultureinfo]::InvariantCulture) }) }
        @{ Line = 'Save-MJOutput -NameTemplate '; Offered = "'{Prompt} {Index}'", "'{Prompt} {SourceImageNo} {Type}'", "'{Prompt} {SourceImageNo} {Type} {Index}'", "'{SourceJobId}_{SourceImageNo}_{Type}_{Index}'", "'{Prompt}/{Index}'", "'{CreatedAt:yyyy-MM}/{TaskId}'" }
        @{ Line = "Save-MJOutput -NameTemplate '{Prompt}/{Ind"; Offered = "'{Prompt}/{Index}'" }
        @{ Line = "Save-MJOutput -NameTemplate '{Sou"; Offered = "'{SourceTaskId}'", "'{SourceJobId}'", "'{SourceImageNo}'" }
        @{ Line = 'Save-MJOutput -WriteMetadata '; Offered = 'None', 'Json', 'Png', 'Both' }
    ) {
        Get-Offer $Line | Sort-Object | Should -Be ($Offered | Sort-Object)
    }

    It 'tells what a template and a placeholder are' {
        (Get-Completion 'Save-MJOutput -NameTemplate ')[0].ToolTip | Should -Be 'the default for images made from a prompt'
        (Get-Completion "Save-MJOutput -NameTemplate '{SourceI").ToolTip | Should -Be 'the number of the source image, from 0'
        foreach ($offered in Get-Completion "Save-MJOutput -NameTemplate '{") { $offered.ToolTip | Should -Not -Be ($offered.ListItemText -replace '[{}]') }
    }

    It 'offers upscale types in their order' {
        Get-Offer 'Invoke-MJUpscale -Type ' | Should -Be 'Standard', 'Creative', 'V5_2x', 'V5_4x'
    }
}

Describe 'The tooltip of' {
    It '<Line> is <ToolTip>' -ForEach @(
        @{ Line = 'Invoke-MJUpscale -ImageNo 0'; ToolTip = '0: upper left image of the grid; MidJourney calls it U1' }
        @{ Line = 'Invoke-MJUpscale -ImageNo U4'; ToolTip = '3: lower right image of the grid; MidJourney calls it U4' }
        @{ Line = 'Invoke-MJUpscale -Type Sta'; ToolTip = '0: keeps the image unchanged; MidJourney calls it Subtle' }
    ) {
        (Get-Completion $Line).ToolTip | Should -Be $ToolTip
    }
}

Describe 'Tab for a task id' {
    It 'offers those of the session and of the journal, the running ones first: <_>' -ForEach 'Wait-MJTask ', 'Wait-MJTask -Id ', 'Get-MJTask -TaskId ' {
        $before = (Get-GatewayCount $gateway).Reads
        $offered = Get-Completion $_
        $offered[0].CompletionText | Should -Be $running.Id
        $offered[0].ToolTip | Should -Match '^InProgress, [0-9]+[smh] ago: image 3 Creative: job slow$'
        $offered.CompletionText | Select-Object -Skip 1 | Sort-Object | Should -Be ($earlier.Id, $done.Id | Sort-Object)
        ($offered | Where-Object CompletionText -EQ $done.Id).ToolTip | Should -Match '^Completed, \$0\.050, [0-9]+[smh] ago: image 0 V5_2x: job pier$'
        (Get-GatewayCount $gateway).Reads | Should -Be $before
    }

    It 'offers those that begin as what is typed' {
        Get-Offer "Get-MJTask $($done.Id)" | Should -Be $done.Id
        Get-Offer "Wait-MJTask $($earlier.Id), $($running.Id)" | Should -Be $running.Id
        Get-Offer 'Get-MJTask nothing' | Should -Not -Contain $done.Id
    }

    It 'reads the journal without a session' {
        Get-MJSession | Remove-MJSession
        Get-Offer 'Get-MJTask ' | Sort-Object | Should -Be ($earlier.Id, $running.Id, $done.Id | Sort-Object)
    }

    It 'offers those of -Session' {
        $session = New-MJSession -NoJournal
        $id = (Invoke-MJUpscale -JobId mole -ImageNo 0 -Type 0 -Session $session).Id
        Remove-MJSession $session
        Get-Offer 'Get-MJTask ' | Should -Not -Contain $id
        Get-Offer 'Get-MJTask -Session $session ' | Should -Contain $id
    }

    It 'reads only the end of a long journal' {
        $path = [IO.Path]::Combine($gateway.Folder, 'long.jsonl')
        $line = '{{"v":1,"event":"created","time":"2026-01-01T00:00:00.000Z","ref":"r{0}","baseUri":"' + $gateway.BaseUri +
            '","model":"midjourney_upscale","params":{{"jobId":"j","imageNo":0,"type":1}},"taskId":"t{0:0000}","task":{{"status":"in_progress"}}}}'
        [IO.File]::WriteAllLines($path, [string[]] (0..4999 | ForEach-Object { $line -f $_ }))
        $null = New-MJSession -JournalPath $path
        Get-Offer 'Wait-MJTask t49' | Should -Contain 't4999'
        Get-Offer 'Wait-MJTask t00' | Should -Not -Contain 't0000'
    }
}
