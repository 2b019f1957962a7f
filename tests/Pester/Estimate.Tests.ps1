# What a command would cost, before anything is paid: -Estimate, and the prices of -WhatIf.

BeforeAll {
    . ([IO.Path]::Combine($PSScriptRoot, 'Gateway.ps1'))
    $gateway = Start-TestGateway

    function New-Row([int] $Count, [string] $Type = 'Creative', [int] $From = 1) {
        $From..($From + $Count - 1) | ForEach-Object { [pscustomobject] @{ JobId = "job$_"; ImageNo = 0; Type = $Type } }
    }

    # Completed tasks that cost this much each.
    function Add-Paid([decimal[]] $Costs, [string] $Type = 'Creative') {
        $jobs = foreach ($cost in $Costs) {
            $job = 'paid-' + [guid]::NewGuid().ToString('N')
            Set-Shape @{ jobs = @{ $job = @{ cost = $cost } } }
            $job
        }
        $null = Invoke-MJUpscale -JobId $jobs -ImageNo 0 -Type $Type -Wait
    }

    # What the gateway answers to the next estimates.
    function Set-Answer([string] $Body, [int] $Status = 200) { Add-Fault @{ operation = 'precharge'; status = $Status; text = $Body; contentType = 'application/json' } }

    $sum = { [decimal] ($args[0] | Measure-Object Cost -Sum).Sum }
}

AfterAll {
    Stop-TestGateway $gateway
}

Describe '-Estimate' {
    BeforeEach {
        Reset-TestGateway $gateway
        Set-GatewayOption @{ prices = @{ }; currency = ''; notOffered = 0 }
    }

    It 'returns the count and the price of each kind of work, creates nothing, and adds up' {
        Set-GatewayOption @{ prices = @{ 'midjourney_upscale:1' = 0.08; 'midjourney_upscale:0' = 0.05 } }
        $run = Invoke-Line { (New-Row 3) + (New-Row 2 Standard) | Invoke-MJUpscale -Estimate }
        $run.Warnings + $run.Errors | Should -BeNullOrEmpty
        $run.Output | ForEach-Object { "$($_.Model) $($_.Type) $($_.Count) $($_.UnitCost) $($_.Cost) $($_.Currency) $($_.Source)" } |
            Should -Be 'midjourney_upscale Creative 3 0.08 0.24 USD Gateway', 'midjourney_upscale Standard 2 0.05 0.10 USD Gateway'
        $run.Output[0].Cost | Should -BeOfType decimal
        & $sum $run.Output | Should -Be ([decimal] 0.34)
        $counts = Get-GatewayCount $gateway
        "$($counts.Creates) $($counts.TasksMade) $($counts.Reads)" | Should -Be '0 0 0'
        Get-MJTask | Should -BeNullOrEmpty
    }

    It 'asks once for each kind and session, however many prompts, jobs and flags that do not matter' {
        Set-GatewayOption @{ prices = @{ midjourney_diffusion = 0.12 } }
        $prompts = 'a cat --v 7 --ar 16:9', 'a dog --version 7.0 --seed 3', "a cow $([char] 0x2014)v 7", 'a hen --v 6', 'a goose --niji 6 --q 2', 'a duck --quality 2 --niji 6', 'a swan'
        $run = Invoke-Line { $prompts | Invoke-MJDiffusion -Estimate; $prompts | Invoke-MJDiffusion -Estimate }
        $run.Output[0..3] | ForEach-Object { "$($_.Count) $($_.Type)" } | Should -Be '3 --v 7', '1 --v 6', '2 --niji 6 --q 2', '1 '
        (Get-GatewayCount $gateway).Precharges | Should -Be 4
        (Get-GatewayCount $gateway).Creates | Should -Be 0
    }

    It 'takes the type, mode and scale of every model into account' {
        $rows = 1.1, 1.5, 1.50 | ForEach-Object { [pscustomobject] @{ JobId = 'j'; ImageNo = 0; Scale = $_ } }
        ($rows | Invoke-MJOutpaint -Estimate -WarningAction SilentlyContinue).Type | Should -Be 'scale 1.1', 'scale 1.5'
        (Invoke-MJVariation -JobId j -ImageNo 0 -Type Strong -Estimate -WarningAction SilentlyContinue).Type | Should -Be 'Strong'
        (Invoke-MJRemix -JobId j -ImageNo 0 -RemixPrompt 'x --v 7' -Mode Subtle -Estimate -WarningAction SilentlyContinue).Type | Should -Be 'Subtle --v 7'
        (Invoke-MJDiffusion 'a {red,blue} cat' -Estimate -WarningAction SilentlyContinue).Type | Should -Be '2 permutations'
    }

    It 'works for every cmdlet that pays' {
        $models = Import-PowerShellDataFile ([IO.Path]::Combine($PSScriptRoot, '..', 'Models.psd1'))
        foreach ($cmdlet in $models.Keys) {
            $record = $models[$cmdlet]
            (& $cmdlet @record -Estimate -WarningAction SilentlyContinue).Count | Should -Be 1 -Because "$cmdlet estimates its task"
        }

        (Get-GatewayCount $gateway).Creates | Should -Be 0
    }

    It 'takes the median of earlier tasks where the gateway knows no price' {
        Add-Paid 0.02, 0.05, 0.09
        # It could only repeat what these tasks cost.
        Set-GatewayOption @{ notOffered = 404 }
        $run = Invoke-Line { New-Row 4 | Invoke-MJUpscale -Estimate }
        $run.Warnings | Should -BeNullOrEmpty
        $run.Output | ForEach-Object { "$($_.Count) $($_.UnitCost) $($_.Source) $($_.Samples)" } | Should -Be '4 0.05 Journal 3'
    }

    It 'says that a price is unknown, and does not call it 0' {
        $run = Invoke-Line { New-Row 2 | Invoke-MJUpscale -Estimate }
        $run.Output | ForEach-Object { "$($_.Count) $($_.Source)" } | Should -Be '2 Unknown'
        $run.Output.UnitCost, $run.Output.Cost, $run.Output.Currency | ForEach-Object { $_ | Should -Be $null }
        $run.Warnings | Should -BeLike '*price of 2 upscales is unknown*'
    }

    It 'does not count what would not be paid again, and says so' {
        Set-GatewayOption @{ prices = @{ midjourney_upscale = 0.08 } }
        $null = New-Row 2 | Invoke-MJUpscale -Wait
        $run = Invoke-Line { New-Row 5 | Invoke-MJUpscale -Estimate }
        $run.Output | ForEach-Object { "$($_.Count) $($_.Cost)" } | Should -Be '3 0.24'
        $run.Warnings | Should -Be '2 more were submitted before and would be returned, not paid. They are not counted.'
        (New-Row 5 | Invoke-MJUpscale -Estimate -Force).Count | Should -Be 5
        $run = Invoke-Line { New-Row 2 | Invoke-MJUpscale -Estimate }
        $run.Output | Should -BeNullOrEmpty
        $run.Warnings | Should -Be '2 were submitted before and would be returned, not paid. They are not counted.'
        (Get-GatewayCount $gateway).Creates | Should -Be 2
    }

    It 'is an error with -Wait, before anything else' {
        $run = Invoke-Line { New-Row 2 | Invoke-MJUpscale -Estimate -Wait }
        $run.ErrorIds | Should -Be 'MJ.InvalidParameter'
        $run.Output | Should -BeNullOrEmpty
    }

    It 'reports an invalid record, and counts the others' {
        $rows = @(New-Row 2) + [pscustomobject] @{ JobId = 'j'; ImageNo = 9; Type = 1 }
        $run = Invoke-Line { $rows | Invoke-MJUpscale -Estimate }
        $run.ErrorIds | Should -Be 'MJ.InvalidImageNumber'
        $run.Output[0].Count | Should -Be 2
    }

    It 'works from the journal alone without a key, and with -WhatIf' {
        Add-Paid 0.07
        $before = (Get-GatewayCount $gateway).Precharges
        (New-Row 2 | Invoke-MJUpscale -Estimate -WhatIf).Source | Should -Be 'Journal'
        Get-MJSession -All | Remove-MJSession
        $key, $env:MIDJOURNEY_API_KEY = $env:MIDJOURNEY_API_KEY, ''
        try { $run = Invoke-Line { New-Row 2 | Invoke-MJUpscale -Estimate } }
        finally { $env:MIDJOURNEY_API_KEY = $key }
        $run.ErrorIds + $run.Warnings | Should -BeNullOrEmpty
        $run.Output | ForEach-Object { "$($_.Count) $($_.Cost) $($_.Source)" } | Should -Be '2 0.14 Journal'
        (Get-GatewayCount $gateway).Precharges | Should -Be $before
    }

    It 'says which task the gateway may have created instead, and asks nothing more' {
        $null = New-MJSession
        Get-MJTask nobody -ErrorAction Ignore
        Set-Answer '{"id":"d758n65e878c73cmdg20","status":"in_progress","model":"midjourney_diffusion"}'
        $run = Invoke-Line { 1..20 | ForEach-Object { "a cat --v $_" } | Invoke-MJDiffusion -Estimate; 'a dog --niji 6' | Invoke-MJDiffusion -Estimate }
        $run.Output.Count | Should -Be 21
        @($run.Warnings -like '*task d758n65e878c73cmdg20, which it may have created and billed.*').Count | Should -Be 2
        (Get-GatewayCount $gateway).Precharges | Should -Be 1
    }

    It 'writes no journal' {
        $null = New-Row 2 | Invoke-MJUpscale -Estimate -WarningAction SilentlyContinue
        [IO.File]::Exists($env:MIDJOURNEY_JOURNAL_PATH) | Should -BeFalse
    }

    It 'estimates what Restart-MJTask would pay' {
        Set-Shape @{ jobs = @{ broken = @{ failure = @{ code = '8004005098'; message = 'no' } } } }
        Set-GatewayOption @{ prices = @{ midjourney_upscale = 0.08 } }
        $null = Invoke-MJUpscale -JobId broken -ImageNo 0, 1 -Type Creative -Wait -ErrorAction SilentlyContinue
        (Get-MJTask -Status Failed | Restart-MJTask -Estimate).Cost | Should -Be 0.16
        (Get-GatewayCount $gateway).Creates | Should -Be 2
    }

    It 'keeps currencies apart' {
        Set-GatewayOption @{ prices = @{ 'midjourney_upscale:1' = 12 }; currency = 'credit' }
        $null = New-Row 1 | Invoke-MJUpscale -Wait
        Set-GatewayOption @{ prices = @{ 'midjourney_upscale:1' = 12; 'midjourney_upscale:0' = 0.05 }; currency = '' }
        $null = New-Row 1 Standard | Invoke-MJUpscale -Wait
        Set-GatewayOption @{ notOffered = 404 }
        $estimates = (New-Row 2 -From 10) + (New-Row 1 Standard -From 10) | Invoke-MJUpscale -Estimate
        $estimates | ForEach-Object { "$($_.Cost) $($_.Currency)" } | Should -Be '24 credit', '0.05 USD'
        $estimates | Out-String -Width 80 | Should -Match '24 credit'
        Get-Transcript { (New-Row 2 -From 10) + (New-Row 1 Standard -From 10) | Invoke-MJUpscale -WhatIf } | Should -Match '3 upscales, about \$0\.05 and 24 credit \('
    }

    It 'fits 80 columns' {
        Set-GatewayOption @{ prices = @{ midjourney_diffusion = 0.1234 } }
        $text = 1..3 | ForEach-Object { "a cat $_ --niji 6 --q 2" } | Invoke-MJDiffusion -Estimate | Out-String -Width 80
        $text | Should -Match '3 +\$0\.1234 +\$0\.3702 Gateway +100 diffusion, --niji 6 --q 2'
    }
}

Describe '-Estimate, when the gateway answers no price' {
    BeforeAll {
        Reset-TestGateway $gateway
        Set-GatewayOption @{ prices = @{ }; currency = ''; notOffered = 0 }
        Add-Paid 0.05
    }

    BeforeEach {
        Clear-Fault
        Set-GatewayOption @{ notOffered = 0 }
        Get-MJSession -All | Remove-MJSession
    }

    It 'warns once, and takes the price from the journal: <_>' -ForEach @(
        '{"status":"success","data":{"cost":"abc","currency":"USD"}}', '{"status":"success","data":{"cost":"-1","currency":"USD"}}', '{"status":"success","data":{"cost":1e40}}'
        '{"status":"success","data":{"cost":"0.08","currency":5}}', '{"status":"success","data":{}}', '[]', 'null', '<html>Hello</html>', ''
        '{"id":"d7x","status":"in_progress","cost":"0.08"}') {
        Set-Answer $_
        $run = Invoke-Line { (New-Row 2) + (New-Row 1 Standard) | Invoke-MJUpscale -Estimate }
        $run.Errors | Should -BeNullOrEmpty
        $run.Output | ForEach-Object { "$($_.Count) $($_.UnitCost) $($_.Source)" } | Should -Be '2 0.05 Journal', '1  Unknown'
        $run.Warnings -like '*did not estimate*' | Should -HaveCount 1
    }

    It 'says nothing where it only knows no price: <_>' -ForEach @(
        '{"status":"failed","data":{"cost":null,"reason":"COST_CACHE_MISS"}}', '{"status":"success","data":{"cost":null}}') {
        Set-Answer $_
        $run = Invoke-Line { New-Row 2 | Invoke-MJUpscale -Estimate }
        $run.Output.Source | Should -Be 'Journal'
        $run.Warnings + $run.Errors | Should -BeNullOrEmpty
    }

    It 'says nothing where it offers no estimates: HTTP <_>' -ForEach 404, 405, 501 {
        Set-GatewayOption @{ notOffered = $_ }
        $run = Invoke-Line { New-Row 2 | Invoke-MJUpscale -Estimate }
        $run.Output.Source | Should -Be 'Journal'
        $run.Warnings + $run.Errors | Should -BeNullOrEmpty
    }

    It 'accepts a price as a number, and without the number of samples' {
        Set-Answer '{"status":"success","data":{"cost":0.0357}}'
        (New-Row 2 | Invoke-MJUpscale -Estimate) | ForEach-Object { "$($_.UnitCost) $($_.Currency) $($_.Source) $($_.Samples)" } | Should -Be '0.0357 USD Gateway 0'
    }

    It 'warns once if it fails, and asks again the next time: HTTP <_>' -ForEach 500, 503, 400, 403, 429 {
        Add-Fault @{ operation = 'precharge'; status = $_ }
        $run = Invoke-Line { New-Row 2 | Invoke-MJUpscale -Estimate }
        $run.Output[0].Source | Should -Be 'Journal'
        $run.Warnings -like "*did not estimate*HTTP $_*" | Should -HaveCount 1
        $run.Errors | Should -BeNullOrEmpty
        Clear-Fault
        (New-Row 2 | Invoke-MJUpscale -Estimate).Source | Should -Be 'Gateway'
    }

    It 'warns once if it does not answer' {
        Add-Fault @{ operation = 'precharge'; kind = 'stall' }
        $run = Invoke-Line { $null = New-MJSession -RequestTimeoutSec 0.5; (New-Row 2) + (New-Row 1 Standard) | Invoke-MJUpscale -Estimate }
        $run.Output[0].Source | Should -Be 'Journal'
        $run.Warnings -like '*did not estimate*' | Should -HaveCount 1
        $run.Errors | Should -BeNullOrEmpty
    }

    It 'falls back with a key that is not accepted' {
        $run = Invoke-Line { $null = New-MJSession -ApiKey wrong-key; New-Row 2 | Invoke-MJUpscale -Estimate -Session (Get-MJSession) }
        $run.Output.Source | Should -Be 'Journal'
        $run.Warnings -like '*did not estimate*HTTP 401*' | Should -HaveCount 1
    }

    It 'falls back without a network' {
        $run = Invoke-Line { $null = New-MJSession -BaseUri http://127.0.0.1:1; New-Row 2 | Invoke-MJUpscale -Estimate }
        $run.Output.Source | Should -Be 'Unknown'
        $run.Warnings -like '*did not estimate*' | Should -HaveCount 1
        $run.Errors | Should -BeNullOrEmpty
    }
}

Describe 'Prices in -WhatIf and -Confirm' {
    BeforeEach {
        Reset-TestGateway $gateway
        Set-GatewayOption @{ prices = @{ }; currency = ''; notOffered = 0 }
    }

    It 'shows the price of each task and the total, without a request' {
        Add-Paid 0.02, 0.05, 0.09
        $null = New-Row 2 | Invoke-MJUpscale -Wait
        $before = Get-GatewayCount $gateway
        $text = (Get-Transcript { New-Row 5 | Invoke-MJUpscale -WhatIf | Should -BeNullOrEmpty }) -replace '\s+', ' '
        ([regex] 'Create a paid upscale \(about \$0\.05\)" on target "job job[345], image 0, type Creative"').Matches($text).Count | Should -Be 3
        $text | Should -Match 'What if: 3 upscales, about \$0\.15 \(median of 5 earlier ones\); 2 more were submitted before and would be returned, not paid\. '
        $after = Get-GatewayCount $gateway
        "$($after.Creates) $($after.Reads) $($after.Precharges)" | Should -Be "$($before.Creates) $($before.Reads) $($before.Precharges)"
    }

    It 'knows the prices of a session without a journal file, too' {
        $null = New-MJSession -NoJournal
        Add-Paid 0.05
        Get-Transcript { New-Row 1 | Invoke-MJUpscale -WhatIf } | Should -Match '1 upscale, about \$0\.05 \(median of 1 earlier one\)'
        Add-Paid 0.07
        Get-Transcript { New-Row 1 | Invoke-MJUpscale -WhatIf } | Should -Match '1 upscale, about \$0\.06 \(median of 2 earlier ones\)'
    }

    It 'says that the price is unknown' {
        Get-Transcript { New-Row 2 | Invoke-MJUpscale -WhatIf } | Should -Match '2 upscales at an unknown price, because none has completed before \(-Estimate asks the gateway\)\.'
    }

    It 'says it if nothing would be paid' {
        $null = New-Row 2 | Invoke-MJUpscale -Wait
        Get-Transcript { New-Row 2 | Invoke-MJUpscale -WhatIf } | Should -Match 'What if: Nothing would be paid: 2 were submitted before and would be returned, not paid\.'
    }

    It 'says nothing about a total if no record was valid' {
        (Get-Transcript { Invoke-MJUpscale -JobId j -ImageNo 9 -Type 1 -WhatIf -ErrorAction SilentlyContinue }) | Should -Not -Match 'upscales|Nothing would be paid'
    }

    It 'adds up kinds of different prices' {
        Add-Paid 0.05
        Add-Paid 0.08, 0.08 Standard
        $rows = (New-Row 2) + (New-Row 3 Standard) + (New-Row 1 V5_2x)
        Get-Transcript { $rows | Invoke-MJUpscale -WhatIf } |
            Should -Match '5 upscales, about \$0\.34 \(medians of 1 and 2 earlier ones\); 1 upscale more at an unknown price'
    }
}
