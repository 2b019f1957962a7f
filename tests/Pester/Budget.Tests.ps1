# A session with -MaxCost spends no more than that.

BeforeAll {
    . ([IO.Path]::Combine($PSScriptRoot, 'Gateway.ps1'))
    $gateway = Start-TestGateway
    function Get-Row([int] $Count) { 1..$Count | ForEach-Object { [pscustomobject] @{ JobId = "job$_"; ImageNo = 0; Type = 'Standard' } } }
    function Get-Money([string[]] $Property = ('MaxCost', 'Spent', 'Committed')) { $Property.ForEach({ (Get-MJSession).$_ }) }
}

AfterAll {
    Stop-TestGateway $gateway
}

Describe 'A budget' {
    BeforeEach {
        Reset-TestGateway $gateway
    }

    It 'stops a command where the next task may not fit, and what was accepted goes on' {
        # Each task costs 0.05, as the emulator has it.
        $null = New-MJSession -MaxCost 1 -AssumedCost 0.1
        $result = Invoke-Line { Get-Row 30 | Invoke-MJUpscale | Wait-MJTask }
        $result.Output.Status | Should -Be (@('Completed') * $result.Output.Count)
        $result.Output.Count | Should -BeGreaterOrEqual 10
        (Get-GatewayCount $gateway).TasksMade | Should -Be $result.Output.Count
        $result.ErrorIds | Should -Be 'MJ.BudgetExceeded'
        $result.Thrown | Should -BeNullOrEmpty
        $result.Errors[0].TargetObject.JobId | Should -BeLike 'job*'
        $result.Warnings | Should -Be "Records not submitted, because of the session's budget: $(29 - $result.Output.Count). They were not billed. To submit them, do what the error recommends, then run the command again."
        Get-Money | Should -Be 1, (0.05 * $result.Output.Count), 0

        # Known tasks are free, and the others go on where it stopped.
        $null = New-MJSession -MaxCost 2 -AssumedCost 0.1
        $again = Get-Row 30 | Invoke-MJUpscale -Wait -WarningAction Ignore
        $again.Count | Should -Be 30
        (Get-GatewayCount $gateway).TasksMade | Should -Be 30
        (Get-MJSession).Spent | Should -Be (0.05 * (30 - $result.Output.Count))
    }

    It 'counts the records that it did not allow in the warning about known tasks, too' {
        $null = New-MJSession
        $null = Get-Row 5 | Invoke-MJUpscale -Wait
        $null = New-MJSession -MaxCost 0.1
        $result = Invoke-Line { Get-Row 40 | Invoke-MJUpscale }
        $result.ErrorIds | Should -Be 'MJ.BudgetExceeded'
        $result.Warnings[0] | Should -BeLike 'Returned * (5 of 40 records). *'
        $result.Warnings[1] | Should -BeLike "Records not submitted, because of the session's budget: 32. *"
    }

    It 'leaves committed money out of the error if nothing is committed' {
        $null = New-MJSession
        $null = Get-Row 1 | Invoke-MJUpscale -Wait
        $null = New-MJSession -MaxCost 0.06
        $null = Get-Row 2 | Select-Object -Last 1 | Invoke-MJUpscale -Wait
        $failed = { Get-Row 3 | Select-Object -Last 1 | Invoke-MJUpscale } | Should -Throw -ErrorId 'MJ.BudgetExceeded,*' -PassThru
        "$failed" | Should -BeLike '*it may cost $0.050, and the budget has $0.010 left. This session has spent $0.050 of -MaxCost $0.060. A new session starts at zero: *'
    }

    It 'says what is left, spent and committed, and what to do' {
        Set-Shape @{ default = @{ duration = '60000' } }
        $null = New-MJSession -MaxCost 0.25 -AssumedCost 0.1
        $null = Get-Row 2 | Invoke-MJUpscale
        $failed = { Get-Row 3 | Select-Object -Last 1 | Invoke-MJUpscale } | Should -Throw -ErrorId 'MJ.BudgetExceeded,*' -PassThru
        "$failed" | Should -Be ('Could not submit job job3, image 0, type Standard: it may cost $0.100, and the budget has $0.050 left. This session has spent $0.000 of -MaxCost $0.250, and $0.200 is committed to 2 tasks ' +
            'whose cost is not known yet. A new session starts at zero: it does not count what earlier sessions spent.')
        $failed.CategoryInfo.Category | Should -Be LimitsExceeded
        $failed.ErrorDetails.RecommendedAction | Should -BeLike 'If tasks of this session are running, wait for them with Wait-MJTask:*-MaxCost 20. Then run the same command again. Accepted tasks are not billed twice.'
        (Get-GatewayCount $gateway).Creates | Should -Be 2
    }

    It 'ends with an error before anything is sent, if no price is known' {
        $null = New-MJSession -MaxCost 1
        $failed = { Get-Row 5 | Invoke-MJUpscale } | Should -Throw -ErrorId 'MJ.PriceUnknown,*' -PassThru
        "$failed" | Should -BeLike 'Could not submit job job?, image 0, type Standard: its price is unknown, * (midjourney_upscale Standard) *'
        $failed.ErrorDetails.RecommendedAction | Should -BeLike '*-AssumedCost 0.10*-Estimate*one task in a session without -MaxCost*'
        (Get-GatewayCount $gateway).Creates | Should -Be 0
    }

    It 'knows prices from the journal' {
        $null = New-MJSession
        $null = Get-Row 1 | Invoke-MJUpscale -Wait
        $null = New-MJSession -MaxCost 0.12
        $null = Get-Row 5 | Invoke-MJUpscale -Force -ErrorVariable failed -ErrorAction SilentlyContinue -WarningAction SilentlyContinue
        $failed | Get-ErrorId | Should -Be MJ.BudgetExceeded
        Get-Money | Should -Be 0.12, 0, 0.1
    }

    It 'knows the price that -Estimate returned' {
        Set-GatewayOption @{ prices = @{ midjourney_upscale = '0.08' } }
        try {
            $null = New-MJSession -MaxCost 0.12
            (Get-Row 1 | Invoke-MJUpscale -Estimate).Source | Should -Be Gateway
            $null = Get-Row 5 | Invoke-MJUpscale -ErrorAction SilentlyContinue -WarningAction SilentlyContinue
            Get-Money | Should -Be 0.12, 0, 0.08
        }
        finally { Set-GatewayOption @{ prices = @{} } }
    }

    It 'is replaced by the real cost when a task is read' {
        $null = New-MJSession -MaxCost 1 -AssumedCost 0.1
        $task = Get-Row 1 | Invoke-MJUpscale
        Get-Money | Should -Be 1, 0, 0.1
        $task | Wait-MJTask | Should -Not -BeNullOrEmpty
        Get-Money | Should -Be 1, 0.05, 0
    }

    It 'keeps what a failed task may have cost' {
        Set-Shape @{ default = @{ failure = @{ code = 8004005098; message = 'no' } } }
        $null = New-MJSession -MaxCost 1 -AssumedCost 0.1
        $null = Get-Row 2 | Invoke-MJUpscale -Wait -ErrorAction SilentlyContinue
        Get-Money | Should -Be 1, 0, 0.2
    }

    It 'keeps what a submission with an unknown outcome may have cost' {
        Add-Fault @{ operation = 'create'; kind = 'cutAfter' }
        $null = New-MJSession -MaxCost 1 -AssumedCost 0.1
        $null = Get-Row 1 | Invoke-MJUpscale -ErrorAction SilentlyContinue
        Get-Money | Should -Be 1, 0, 0.1
    }

    It 'counts each prompt of a permutation at -AssumedCost' {
        $null = New-MJSession -MaxCost 0.25 -AssumedCost 0.1
        { 'a {red,green,blue} cat' | Invoke-MJDiffusion } | Should -Throw -ErrorId 'MJ.BudgetExceeded,*'
        $null = 'a {red,blue} cat' | Invoke-MJDiffusion
        (Get-MJSession).Committed | Should -Be 0.2
    }

    It 'allows nothing with -MaxCost 0' {
        $null = New-MJSession -MaxCost 0 -AssumedCost 0.01
        { Get-Row 2 | Invoke-MJUpscale } | Should -Throw -ErrorId 'MJ.BudgetExceeded,*'
    }

    It 'starts at zero in a new session' {
        $null = New-MJSession -MaxCost 0.1 -AssumedCost 0.1
        $null = Get-Row 1 | Invoke-MJUpscale
        $null = New-MJSession -MaxCost 0.1 -AssumedCost 0.1
        $null = Get-Row 2 | Invoke-MJUpscale -WarningAction SilentlyContinue
        (Get-GatewayCount $gateway).TasksMade | Should -Be 2
    }

    It 'makes no difference to -WhatIf' {
        $null = New-MJSession -MaxCost 0
        Get-Transcript { Get-Row 1 | Invoke-MJUpscale -WhatIf } | Should -BeLike '*job1*'
    }
}

Describe 'The parameters of a budget' {
    It 'are exact: <_>' -ForEach '0.1', '0.3', '1234567.891', '20', '0' {
        $number = [scriptblock]::Create("(New-MJSession -MaxCost $_).MaxCost")
        & $number | Should -BeExactly ([decimal]::Parse($_, [cultureinfo]::InvariantCulture))
        (New-MJSession -MaxCost $_).MaxCost | Should -BeExactly ([decimal]::Parse($_, [cultureinfo]::InvariantCulture))
    }

    It 'are decimals, and none without a budget' {
        $session = New-MJSession -MaxCost 2 -AssumedCost 0.1
        $session.MaxCost, $session.AssumedCost, $session.Spent, $session.Committed | ForEach-Object { $_ | Should -BeOfType decimal }
        $none = New-MJSession
        $none.MaxCost, $none.AssumedCost, $none.Spent, $none.Committed | Should -Be $null, $null, $null, $null
        (New-MJSession -MaxCost 2).AssumedCost | Should -Be $null
    }

    It 'refuse <Given> as <Id>' -ForEach @(
        @{ Given = '-MaxCost -1'; Id = 'MJ.InvalidParameter' }
        @{ Given = '-MaxCost 1e12'; Id = 'MJ.InvalidParameter' }
        @{ Given = '-MaxCost 1 -AssumedCost 0'; Id = 'MJ.InvalidParameter' }
        @{ Given = '-MaxCost 1 -AssumedCost -0.1'; Id = 'MJ.InvalidParameter' }
        @{ Given = '-AssumedCost 0.1'; Id = 'MJ.InvalidParameter' }
        @{ Given = '-MaxCost $null'; Id = 'ParameterArgumentTransformationError' }
        @{ Given = '-MaxCost ""'; Id = 'ParameterArgumentTransformationError' }
        @{ Given = '-MaxCost "0,5"'; Id = 'ParameterArgumentTransformationError' }
        @{ Given = '-MaxCost ([double]::NaN)'; Id = 'ParameterArgumentTransformationError' }
        @{ Given = '-MaxCost $true'; Id = 'ParameterArgumentTransformationError' }
        @{ Given = '-MaxCost twenty'; Id = 'ParameterArgumentTransformationError' }
    ) {
        $before = @(Get-MJSession -All).Count
        { Invoke-Expression "New-MJSession $Given" } | Should -Throw -ErrorId "$Id,*"
        @(Get-MJSession -All).Count | Should -Be $before
    }

    It 'are in the list of a session, if it has a budget' {
        $list = New-MJSession -MaxCost 20 -AssumedCost 0.1 | Format-List | Out-String
        $list | Should -Match 'MaxCost +: \$20\.000'
        $list | Should -Match 'AssumedCost +: \$0\.100'
        $list | Should -Match 'Spent +: \$0\.000'
        $list | Should -Match 'Committed +: \$0\.000'
        New-MJSession | Format-List | Out-String | Should -Not -Match 'Cost|Spent|Committed'
        New-MJSession -MaxCost 0 | Format-List | Out-String | Should -Match 'MaxCost +: \$0\.000'
    }
}
