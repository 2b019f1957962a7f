# Job ids as text: from the pipeline, from a file, as arrays.

BeforeAll {
    . ([IO.Path]::Combine($PSScriptRoot, 'Gateway.ps1'))
    $gateway = Start-TestGateway

    # What was asked of the gateway, in a form that is short to compare.
    function Get-Asked([Parameter(ValueFromPipeline)] $Task) {
        process { "$($Task.SourceJobId) $($Task.SourceImageNo) $($Task.UpscaleType)" }
    }
}

AfterAll {
    Stop-TestGateway $gateway
}

Describe 'Job ids' {
    BeforeEach {
        Reset-TestGateway $gateway
    }

    It 'come down the pipeline as strings, numbers and GUIDs' {
        $ids = 'harbour', 12, 34L, [guid] 'e79a57a7-6f5b-6412-81d8-40853d4a19ae', [psobject] 'pier', '  mole '
        $ids | Invoke-MJUpscale -ImageNo 0 -Type Creative | Get-Asked | Sort-Object | Should -Be @(
            '12 0 Creative', '34 0 Creative', 'e79a57a7-6f5b-6412-81d8-40853d4a19ae 0 Creative', 'harbour 0 Creative', 'mole 0 Creative', 'pier 0 Creative')
    }

    It 'come from a file whose blank lines are skipped with one warning' {
        $file = [IO.Path]::Combine($TestDrive, 'ids.txt')
        Set-Content -LiteralPath $file -Value 'harbour', '', 'pier', '   ', ''
        $tasks = Get-Content -LiteralPath $file | Invoke-MJUpscale -ImageNo 0 -Type 1 -WarningVariable warnings -ErrorVariable problems -WarningAction SilentlyContinue
        $tasks.SourceJobId | Sort-Object | Should -Be 'harbour', 'pier'
        $problems | Should -BeNullOrEmpty
        "$warnings" | Should -Be 'Blank lines skipped: 3.'

        Reset-TestGateway $gateway
        $tasks = Invoke-MJUpscale -JobId (Get-Content -LiteralPath $file) -ImageNo 0 -Type 1 -WarningVariable warnings -ErrorVariable problems -WarningAction SilentlyContinue
        $tasks.SourceJobId | Sort-Object | Should -Be 'harbour', 'pier'
        $problems | Should -BeNullOrEmpty
        "$warnings" | Should -Be 'Blank lines skipped: 3.'
    }

    It 'come as an array, which makes a task for each job and image, and none twice' {
        Invoke-MJUpscale -JobId harbour, pier, harbour -ImageNo 0, 2 -Type V5_2x | Get-Asked | Sort-Object |
            Should -Be 'harbour 0 V5_2x', 'harbour 2 V5_2x', 'pier 0 V5_2x', 'pier 2 V5_2x'
    }

    It 'stay as they are typed' {
        (Invoke-MJUpscale -JobId 007 -ImageNo 0 -Type 1).SourceJobId | Should -Be '007'
        (Invoke-MJUpscale -JobId 1e3 -ImageNo 0 -Type 1).SourceJobId | Should -Be '1e3'
    }

    It 'come in lists of rows, too' {
        $rows = '[{"jobId":["harbour","pier"],"imageNo":0},{"jobId":7,"imageNo":"1"}]' | ConvertFrom-Json
        $rows | Invoke-MJUpscale -Type 0 | Get-Asked | Sort-Object | Should -Be '7 1 Standard', 'harbour 0 Standard', 'pier 0 Standard'
    }

    It 'are taken by every cmdlet that works on jobs' {
        $calls = @{
            'Invoke-MJUpscale'   = @{ ImageNo = 0; Type = 1 }
            'Invoke-MJVariation' = @{ ImageNo = 0; Type = 1 }
            'Invoke-MJRemix'     = @{ ImageNo = 0; RemixPrompt = 'at night' }
            'Invoke-MJOutpaint'  = @{ ImageNo = 0; Scale = 1.5 }
            'Invoke-MJInpaint'   = @{ ImageNo = 0; Mask = '1024x1024: 100,600,400,300' }
            'Invoke-MJEdit'      = @{ ImageNo = 0; Canvas = '2048x1024'; RemixPrompt = 'a beach' }
            'Invoke-MJModel'     = @{ Model = 'midjourney_pan'; ImageNo = 0; Parameter = @{ direction = 1 } }
        }
        (Get-Command -Module MidJourney | Where-Object { $_.Parameters.ContainsKey('JobId') }).Name | Sort-Object | Should -Be ($calls.Keys | Sort-Object)
        foreach ($name in $calls.Keys) {
            $with = $calls[$name]
            $tasks = @('harbour', 'pier' | & $name @with) + @(& $name -JobId mole, quay @with)
            $tasks.SourceJobId | Sort-Object | Should -Be 'harbour', 'mole', 'pier', 'quay' -Because "$name takes text"
        }
    }

    It 'that are not there, or are not text, cost an error each, which pipes back, and the others go on' {
        $ids = 'harbour', @{ x = 1 }, (Get-Item $TestDrive), (Get-Date), $true, { 'pier' }, $null,
            (ConvertTo-SecureString secret -AsPlainText -Force), ([xml] '<a>pier</a>'), [pscustomobject] @{ JobId = @{ a = 1 } }, 'pier'
        foreach ($call in { $ids | Invoke-MJUpscale -ImageNo 0 -Type 1 @quiet }, { Invoke-MJUpscale -JobId $ids -ImageNo 0 -Type 1 @quiet }) {
            Reset-TestGateway $gateway
            $quiet = @{ ErrorVariable = '+problems'; ErrorAction = 'SilentlyContinue' }
            $problems = [Collections.ArrayList]::new()
            (& $call).SourceJobId | Sort-Object | Should -Be 'harbour', 'pier'
            $problems | Get-ErrorId | Should -Be (@('MJ.JobIdMissing') * 8 + 'MJ.InvalidParameter')
            $problems[0].Exception.Message | Should -BeLike '*Hashtable*JobId*'
            (Get-GatewayCount $gateway).Creates | Should -Be 2
            $problems[0].TargetObject.JobId = 'mole'
            ($problems[0].TargetObject | Invoke-MJUpscale).SourceJobId | Should -Be 'mole'
        }
    }

    It 'of several lines, or with what cannot be seen, are errors, and nothing is sent' {
        $file = [IO.Path]::Combine($TestDrive, 'raw.txt')
        Set-Content -LiteralPath $file -Value 'harbour', 'pier'
        $odd = (Get-Content -LiteralPath $file -Raw), "har`0bour", "har`tbour", "har$([char] 0x200b)bour", "$([char] 0xfeff)harbour", "har$([char] 0x2028)bour"
        foreach ($call in { $odd | Invoke-MJUpscale -ImageNo 0 -Type 1 @quiet }, { Invoke-MJUpscale -JobId $odd -ImageNo 0 -Type 1 @quiet }) {
            $quiet = @{ ErrorVariable = '+problems'; ErrorAction = 'SilentlyContinue' }
            $problems = [Collections.ArrayList]::new()
            & $call | Should -BeNullOrEmpty
            $problems | Get-ErrorId | Should -Be (@('MJ.InvalidParameter') * 6)
        }

        $odd[0] | Get-MJTask -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problems | Get-ErrorId | Should -Be 'MJ.InvalidTaskId'
        $counts = Get-GatewayCount $gateway
        $counts.Creates + $counts.Reads | Should -Be 0
    }

    It 'may have a line break at their end, as a whole file of one line has' {
        "harbour`n" | Invoke-MJUpscale -ImageNo 0 -Type 1 | Get-Asked | Should -Be 'harbour 0 Creative'
    }

    It 'of nothing but blanks are an error' {
        foreach ($ids in '', '  ', $null, @(), @('', ' ')) {
            Invoke-MJUpscale -JobId $ids -ImageNo 0 -Type 1 -ErrorVariable problems -ErrorAction SilentlyContinue -WarningAction SilentlyContinue | Should -BeNullOrEmpty
            $problems | Get-ErrorId | Should -Be 'MJ.JobIdMissing'
        }

        Invoke-MJModel midjourney_pan @{ direction = 1 } -JobId @{ x = 1 } -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problems | Get-ErrorId | Should -Be 'MJ.JobIdMissing'
        (Get-GatewayCount $gateway).Creates | Should -Be 0
    }

    It 'from the pipeline are not swallowed where -JobId is given' {
        'harbour', 'pier' | Invoke-MJUpscale -JobId mole -ImageNo 0 -Type 1 -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problems | Get-ErrorId | Should -Be 'MJ.InvalidParameter', 'MJ.InvalidParameter'
        (Get-GatewayCount $gateway).Creates | Should -Be 0
    }

    It 'are one error where what holds for all of them is wrong' {
        Invoke-MJUpscale -JobId harbour, pier -ImageNo 0 -Type Huge -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problems | Get-ErrorId | Should -Be 'MJ.InvalidType'
        $problems[0].TargetObject.Type = 'Creative'
        $problems[0].TargetObject | Invoke-MJUpscale | Get-Asked | Sort-Object | Should -Be 'harbour 0 Creative', 'pier 0 Creative'
    }

    It 'are each asked for by -WhatIf and -Confirm' {
        'harbour', 'pier' | Invoke-MJUpscale -ImageNo 0 -Type 1 -WhatIf | Should -BeNullOrEmpty
        Invoke-MJUpscale -JobId harbour, pier -ImageNo 0 -Type 1 -WhatIf | Should -BeNullOrEmpty
        (Get-GatewayCount $gateway).Creates | Should -Be 0
        'harbour', 'pier' | Invoke-MJUpscale -ImageNo 0 -Type 1 -Confirm:$false | Should -HaveCount 2
    }
}

Describe 'A task as -JobId' {
    BeforeAll {
        Reset-TestGateway $gateway
        $grids = 'a lighthouse', 'a harbour' | Invoke-MJDiffusion -Wait
        $file = [IO.Path]::Combine($TestDrive, 'grids.xml')
        $grids | Export-Clixml $file
    }

    It 'is worked on as if it were piped in, and keeps its origin' -ForEach @(
        @{ Form = 'live'; Read = { $grids } }
        @{ Form = 'from a file'; Read = { Import-Clixml $file } }
        @{ Form = 'from JSON'; Read = { $grids | ForEach-Object { $_ | ConvertTo-Json -Depth 5 | ConvertFrom-Json } } }
    ) {
        # Another session has not seen how they were made.
        Get-MJSession | Remove-MJSession
        $tasks = & $Read
        $piped = $tasks | Invoke-MJUpscale -ImageNo 0 -Type 1
        $given = Invoke-MJUpscale -JobId $tasks -ImageNo 0 -Type 1
        $origin = { "$($_.SourceJobId) $($_.SourceTaskId) $($_.SourcePrompt)" }
        $expected = $grids | ForEach-Object { "$($_.JobId) $($_.Id) $($_.Prompt)" } | Sort-Object
        $piped | ForEach-Object $origin | Sort-Object | Should -Be $expected
        $given | ForEach-Object $origin | Sort-Object | Should -Be $expected
        # One beside a plain id.
        (Invoke-MJUpscale -JobId 'pier', $tasks[0] -ImageNo 0 -Type 1).SourceTaskId | Where-Object { $_ } | Should -Be $grids[0].Id
    }

    It 'that has no job is an error, piped in or not' {
        $without = [pscustomobject] @{ Id = $grids[0].Id; RawStatus = 'failed'; JobId = $null }
        foreach ($call in { $without | Invoke-MJUpscale -ImageNo 0 -Type 1 @quiet }, { Invoke-MJUpscale -JobId $without -ImageNo 0 -Type 1 @quiet }, { Invoke-MJModel midjourney_pan -JobId $without @quiet }) {
            $quiet = @{ ErrorVariable = '+problems'; ErrorAction = 'SilentlyContinue' }
            $problems = [Collections.ArrayList]::new()
            & $call | Should -BeNullOrEmpty
            $problems | Get-ErrorId | Should -Be 'MJ.JobIdMissing'
        }
    }
}
