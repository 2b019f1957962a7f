# What the gateway billed, beside what the journal has.

BeforeAll {
    . ([IO.Path]::Combine($PSScriptRoot, 'Gateway.ps1'))
    $gateway = Start-TestGateway

    filter Get-Line {
        $row = $_
        ('Model', 'JournalTasks', 'JournalCost', 'BillRequests', 'BillCost', 'Difference', 'CostUnknown', 'OutcomeUnknown', 'Currency' | ForEach-Object { if ($null -eq $row.$_) { 'null' } else { [Convert]::ToString($row.$_, [cultureinfo]::InvariantCulture) } }) -join ' '
    }

    # The answers of other gateways than the emulator.
    function Set-Bill([string] $Items, [string] $Summary = '{}') {
        Clear-Fault
        Add-Fault @{ operation = 'bill'; kind = 'status'; status = 200; text = "{`"code`":0,`"data`":{`"summary`":$Summary,`"items`":{`"items`":[$Items],`"total_pages`":1}}}" }
    }

    function Get-BillQuery { (Get-Emulated requests | Where-Object Path -Like '*/billing*' | Select-Object -Last 1).Path -replace '.*\?' }
}

AfterAll {
    Stop-TestGateway $gateway
}

Describe 'Measure-MJCost -Bill' {
    BeforeAll {
        Reset-TestGateway $gateway
        $null = Invoke-MJUpscale j1, j2 -ImageNo 0 -Type Creative -Wait
        $null = Invoke-MJDiffusion 'a harbour' -Wait
        $same = 'midjourney_diffusion 1 0.05 1 0.05 0.00 0 0 USD', 'midjourney_upscale 2 0.10 2 0.10 0.00 0 0 USD', 'all 3 0.15 3 0.15 0.00 0 0 USD'
    }
    AfterEach { Clear-Fault }

    It 'has both sides of each model, and of all' {
        $run = Invoke-Line { Measure-MJCost -Bill }
        $run.Output | Get-Line | Should -Be $same
        $run.Warnings + $run.Errors | Should -BeNullOrEmpty
        "$($run.Output[-1])" | Should -Be 'all: 0.15 USD in the journal, 0.15 on the bill'
    }

    It 'is of the current month, or of the given one: <Line>' -ForEach @(
        @{ Line = 'Measure-MJCost -Bill'; From = { (Get-Date -Day 1).Date }; Until = { (Get-Date -Day 1).Date.AddMonths(1) } }
        @{ Line = 'Measure-MJCost -Bill -Month 2026-03'; From = { [DateTime] '2026-03-01' }; Until = { [DateTime] '2026-04-01' } }
        @{ Line = "Measure-MJCost -Bill -After '2026-03-04T05:06:07' -Before '2026-03-05'"; From = { [DateTime] '2026-03-04T05:06:07' }; Until = { [DateTime] '2026-03-05' } }
        @{ Line = "Measure-MJCost -Bill -After '2026-03-04'"; From = { [DateTime] '2026-03-04' }; Until = { [DateTime]::Today.AddDays(1) } }
        @{ Line = "Measure-MJCost -Bill -Before '2026-03-04'"; From = { ([DateTimeOffset] '1970-01-01T00:00:00Z').LocalDateTime }; Until = { [DateTime] '2026-03-04' } }
    ) {
        $run = Invoke-Line $Line
        $run.Errors | Should -BeNullOrEmpty
        $first, $last = (& $From), (& $Until)
        $start, $end = $first, $last | ForEach-Object { $_.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", [cultureinfo]::InvariantCulture) }
        Get-BillQuery | Should -Be "start=$start&end=$end&page=1&page_size=100"
        $run.Output[-1].JournalTasks | Should -Be $(if ($last -gt (Get-Date)) { 3 } else { 0 })
    }

    It 'does not need a key without -Bill, but with it' {
        Get-MJSession -All | Remove-MJSession
        $key, $env:MIDJOURNEY_API_KEY = $env:MIDJOURNEY_API_KEY, $null
        try {
            (Measure-MJCost).Tasks | Should -Be 3
            (Invoke-Line { Measure-MJCost -Bill }).ErrorIds | Should -Be 'MJ.NoSession'
        }
        finally { $env:MIDJOURNEY_API_KEY = $key }
    }

    It 'creates and reads no task' {
        $before = Get-GatewayCount $gateway
        $null = Measure-MJCost -Bill
        $after = Get-GatewayCount $gateway
        $after.Creates, $after.Reads, $after.Bills | Should -Be $before.Creates, $before.Reads, ($before.Bills + 1)
    }

    It 'compares only the tasks of this gateway and account' {
        $other = Start-TestGateway
        try {
            $null = New-MJSession -JournalPath ([IO.Path]::Combine($gateway.Folder, 'journal.jsonl'))
            Measure-MJCost -Bill | Get-Line | Should -Be 'all 0 0 0 0 0 0 0 USD'
        }
        finally { Stop-TestGateway $other }
        $null = New-MJSession -Account team
        # A fingerprint of the same key is the same account.
        Measure-MJCost -Bill | Get-Line | Should -Be $same
        $task = Invoke-MJUpscale j9 -ImageNo 0 -Type Creative -Wait
        $null = New-MJSession -Account another
        Measure-MJCost -Bill | Select-Object -Last 1 | Get-Line | Should -Be 'all 3 0.15 4 0.20 0.05 0 0 USD'
        $task.Account | Should -Be team
        Get-MJSession -All | Remove-MJSession
    }

    It 'has a row for a model that only the bill has, and one for a model that it does not have' {
        Set-Bill '{"model_group":"other","total_requests":7,"total_cost":"2","discount_total_cost":"1.5"},{"model_group":"MIDJOURNEY_UPSCALE","total_requests":2,"total_cost":"0.1"}'
        $null = New-MJSession -Account another
        $rows = Measure-MJCost -Bill
        $rows | Get-Line | Should -Be @(
            'midjourney_diffusion 1 0.05 0 0 -0.05 0 0 USD'
            'midjourney_upscale 2 0.10 2 0.1 0.00 0 0 USD'
            'other 0 0 7 1.5 1.5 0 0 USD'
            'all 3 0.15 9 1.6 1.45 0 0 USD')
        $rows[2].ListCost, $rows[3].ListCost | Should -Be 2, 2.1
    }

    It 'keeps currencies apart' {
        Set-Bill '{"model_group":"midjourney_upscale","total_requests":2,"total_cost":"30","currency":"credit"},{"model_group":"midjourney_diffusion","total_requests":1,"total_cost":"0.05"}' '{"total_requests":3,"total_cost":"30.05","currency":"USD"}'
        Measure-MJCost -Bill | Get-Line | Should -Be @(
            'midjourney_diffusion 1 0.05 1 0.05 0.00 0 0 USD'
            'midjourney_upscale 2 0.10 0 0 -0.10 0 0 USD'
            'midjourney_upscale 0 0 2 30 30 0 0 credit'
            'all 3 0.15 1 0.05 -0.10 0 0 USD'
            'all 0 0 2 30 30 0 0 credit')
        Measure-MJCost -Bill -Currency Credit | ForEach-Object BillCost | Should -Be 30, 30
        Set-Bill '{"model_group":"midjourney_upscale","total_requests":2,"total_cost":"30","currency":"credit"}'
        Measure-MJCost -Bill | Where-Object Model -EQ all | ForEach-Object { "$($_.BillCost) $($_.Currency)" } | Should -Be '0 USD', '30 credit'
        $null = New-MJSession -NoJournal
        Measure-MJCost -Bill | Get-Line | Should -Be 'midjourney_upscale 0 0 2 30 30 0 0 credit', 'all 0 0 2 30 30 0 0 credit'
        Set-Bill '' '{"total_requests":0,"total_cost":"0","currency":"credit"}'
        Measure-MJCost -Bill | Get-Line | Should -Be 'all 0 0 0 0 0 0 0 credit'
        Get-MJSession -All | Remove-MJSession
    }

    It 'shows an invalid amount, and a sum that contains it, as unknown, not as 0' {
        Set-Bill '{"model_group":"midjourney_upscale","total_requests":"many","total_cost":"-1"},{"model_group":"midjourney_diffusion","total_requests":1,"total_cost":"0.05"}'
        Measure-MJCost -Bill | Select-Object -Skip 1 | Get-Line | Should -Be 'midjourney_upscale 2 0.10 null null null 0 0 USD', 'all 3 0.15 null null null 0 0 USD'
    }

    It 'says that there is no bill: <Name>' -ForEach @(
        @{ Name = '404'; Fault = @{ kind = 'status'; status = 404 } }
        @{ Name = '405'; Fault = @{ kind = 'status'; status = 405 } }
        @{ Name = '501'; Fault = @{ kind = 'status'; status = 501 } }
        @{ Name = 'HTML'; Fault = @{ kind = 'notJson' } }
        @{ Name = 'other JSON'; Fault = @{ kind = 'status'; status = 200; text = '{"data":{"bill":[]}}' } }
    ) {
        Add-Fault (@{ operation = 'bill' } + $Fault)
        $run = Invoke-Line { Measure-MJCost -Bill }
        $run.Output | Get-Line | Should -Be 'midjourney_diffusion 1 0.05 null null null 0 0 USD', 'midjourney_upscale 2 0.10 null null null 0 0 USD', 'all 3 0.15 null null null 0 0 USD'
        $run.Warnings | Should -HaveCount 1
        $run.Warnings | Should -BeLike 'This gateway offers no bill (HTTP *), so only the journal''s part is known.'
        $run.Errors | Should -BeNullOrEmpty
    }

    It 'reports <Id> once, and still has the journal''s side' -ForEach @(
        @{ Fault = @{ kind = 'status'; status = 401 }; Id = 'MJ.Unauthorized'; Requests = 1; Advice = '*Compare the key*' }
        @{ Fault = @{ kind = 'status'; status = 403 }; Id = 'MJ.Forbidden'; Requests = 1; Advice = '*permission*' }
        @{ Fault = @{ kind = 'status'; status = 500; times = 9 }; Id = 'MJ.ServerError'; Requests = 5; Advice = 'Run the command again later. Reading the bill is free*' }
    ) {
        Add-Fault (@{ operation = 'bill' } + $Fault)
        $before = (Get-GatewayCount $gateway).Bills
        $run = Invoke-Line { Measure-MJCost -Bill }
        $run.ErrorIds | Should -Be $Id
        $run.Errors[0].Exception.Message | Should -BeLike '*bill*'
        $run.Errors[0].ErrorDetails.RecommendedAction | Should -BeLike $Advice
        $run.Output[-1] | Get-Line | Should -Be 'all 3 0.15 null null null 0 0 USD'
        $run.Warnings | Should -BeNullOrEmpty
        (Get-GatewayCount $gateway).Bills - $before | Should -BeGreaterThan 0
        (Get-GatewayCount $gateway).Bills - $before | Should -BeLessOrEqual $Requests
    }

    It 'warns if pages are missing, and does not call what is missing 0' {
        Add-Fault @{ operation = 'bill'; kind = 'status'; status = 200; text = '{"data":{"items":{"items":[{"model_group":"midjourney_upscale","total_requests":2,"total_cost":"0.1"}],"total_pages":1000000000}}}' }
        $before = (Get-GatewayCount $gateway).Bills
        $run = Invoke-Line { Measure-MJCost -Bill }
        $run.Warnings | Should -Be 'The gateway did not return all pages of the bill, so the bill may be incomplete.'
        $run.Output | Get-Line | Should -Be 'midjourney_diffusion 1 0.05 null null null 0 0 USD', 'midjourney_upscale 2 0.10 2 0.1 0.00 0 0 USD', 'all 3 0.15 null null null 0 0 USD'
        (Get-GatewayCount $gateway).Bills - $before | Should -Be 2
    }

    It 'takes no tasks and no groups' {
        (Measure-MJCost -Bill:$false).Tasks | Should -BeGreaterThan 0
        { Measure-MJCost -Bill -By Day } | Should -Throw -ErrorId 'AmbiguousParameterSet,*'
        (Invoke-Line { Measure-MJCost -Bill -Month 2026-03 -After 2026-03-02 }).ErrorIds | Should -Be 'MJ.InvalidParameter'
    }
}

Describe 'A lost answer on the bill' {
    BeforeEach {
        Reset-TestGateway $gateway
        $null = Invoke-MJUpscale j1 -ImageNo 0 -Type Creative -Wait
    }

    It 'shows that the task was billed, until the outcome is recorded' {
        Add-Fault @{ operation = 'create'; kind = 'cutAfter'; times = 1 }
        Invoke-MJUpscale lost -ImageNo 0 -Type Creative -ErrorAction SilentlyContinue
        $run = Invoke-Line { Measure-MJCost -Bill }
        $run.Output | Get-Line | Should -Be 'midjourney_upscale 1 0.05 2 0.10 0.05 0 1 USD', 'all 1 0.05 2 0.10 0.05 0 1 USD'
        $run.Warnings | Should -Be ('The bill has 1 more request than the journal has tasks. 1 submission in this period has an unknown outcome and may have been created and billed. ' +
            'To settle it: Get-MJTask -Status OutcomeUnknown | Resolve-MJTask.')

        $id = (Get-Emulated tasks | Where-Object jobId -EQ lost).id
        $null = Get-MJTask -Status OutcomeUnknown | Resolve-MJTask -TaskId $id -Confirm:$false | Wait-MJTask
        $run = Invoke-Line { Measure-MJCost -Bill }
        $run.Output[-1] | Get-Line | Should -Be 'all 2 0.10 2 0.10 0.00 0 0 USD'
        $run.Warnings | Should -BeNullOrEmpty
    }

    It 'is not suspected if nothing more was billed' {
        Add-Fault @{ operation = 'create'; kind = 'cutBefore'; times = 1 }
        Invoke-MJUpscale lost -ImageNo 0 -Type Creative -ErrorAction SilentlyContinue
        $run = Invoke-Line { Measure-MJCost -Bill }
        $run.Output[-1].OutcomeUnknown | Should -Be 1
        $run.Warnings | Should -BeNullOrEmpty
    }

    It 'is suspected by the totals if the bill names models differently' {
        Add-Fault @{ operation = 'create'; kind = 'cutAfter'; times = 1 }
        Invoke-MJUpscale lost -ImageNo 0 -Type Creative -ErrorAction SilentlyContinue
        Set-Bill '{"model_group":"midjourney","total_requests":4,"total_cost":"0.2"}'
        (Invoke-Line { Measure-MJCost -Bill }).Warnings | Should -BeLike 'The bill has 3 more requests than the journal has tasks. 1 submission *'
        # The model itself is on the bill, so that other models do not matter.
        Set-Bill '{"model_group":"other","total_requests":4,"total_cost":"0.2"},{"model_group":"midjourney_upscale","total_requests":1,"total_cost":"0.05"}'
        (Invoke-Line { Measure-MJCost -Bill }).Warnings | Should -BeNullOrEmpty
    }
}
