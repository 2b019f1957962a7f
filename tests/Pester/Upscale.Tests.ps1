# Invoke-MJUpscale: what it makes of its parameters and of rows.

BeforeAll {
    . ([IO.Path]::Combine($PSScriptRoot, 'Gateway.ps1'))
    $gateway = Start-TestGateway
    $made = { "$($_.JobId) $($_.ImageNo) $($_.Type)" }
}

AfterAll {
    Stop-TestGateway $gateway
}

Describe 'Invoke-MJUpscale' {
    BeforeEach {
        Reset-TestGateway $gateway
    }

    It 'returns the task with what it was made of' {
        $task = Invoke-MJUpscale -JobId job-1 -ImageNo 2 -Type v5_2X -Callback https://example.org/done
        $sent = Get-Emulated tasks
        $sent.jobId, $sent.imageNo, $sent.type, $sent.callback | Should -Be 'job-1', 2, 2, 'https://example.org/done'
        $task.Id, $task.SourceJobId, $task.SourceImageNo, $task.UpscaleType, $task.Status | Should -Be $sent.id, 'job-1', 2, 'V5_2x', 'InProgress'
        $task.JobId | Should -BeNullOrEmpty
    }

    It 'returns the tasks that ended with -Wait' {
        $tasks = Invoke-MJUpscale -JobId j -ImageNo 0, 1 -Type Creative -Wait
        $tasks.Status | Should -Be 'Completed', 'Completed'
        $tasks.SourceJobId | Should -Be 'j', 'j'
    }

    It 'makes a task for each image of -ImageNo <Given>' -ForEach @(
        @{ Given = '0,2'; Images = 0, 2 }
        @{ Given = "'0,2'"; Images = 0, 2 }
        @{ Given = "'0;2'"; Images = 0, 2 }
        @{ Given = "' 1 ; 3 '"; Images = 1, 3 }
        @{ Given = '0,1,2,3'; Images = 0, 1, 2, 3 }
        @{ Given = "'0','3'"; Images = 0, 3 }
        @{ Given = '1,1'; Images = 1 }
        @{ Given = '3'; Images = 3 }
        @{ Given = '0-3'; Images = 0, 1, 2, 3 }
        @{ Given = '(1..3)'; Images = 1, 2, 3 }
        @{ Given = '1..3'; Images = 1, 2, 3 }
        @{ Given = "'1 .. 3'"; Images = 1, 2, 3 }
        @{ Given = '2-2'; Images = 2 }
        @{ Given = 'all'; Images = 0, 1, 2, 3 }
        @{ Given = 'ALL, 1'; Images = 0, 1, 2, 3 }
        @{ Given = 'U1'; Images = 0 }
        @{ Given = 'u1,U3'; Images = 0, 2 }
        @{ Given = "'U1,U3'"; Images = 0, 2 }
        @{ Given = 'U2-U4'; Images = 1, 2, 3 }
        @{ Given = "'0-1;3'"; Images = 0, 1, 3 }
        @{ Given = "'U4;0..1'"; Images = 0, 1, 3 }
    ) {
        $null = & ([scriptblock]::Create("Invoke-MJUpscale -JobId j -ImageNo $Given -Type Standard"))
        (Get-Emulated tasks).imageNo | Sort-Object | Should -Be $Images
    }

    It 'reports each invalid row, and the others go on' -Tag Smoke {
        $rows = @(
            [pscustomobject] @{ JobId = 'good1'; ImageNo = '0,2'; Type = 'creative' }
            foreach ($bad in '1.5', '4', '-1', '', 'x', '0,,1', '0,9', 1.5, '0-4', '3-0', '1-', '-', '1...3', '0-1-2', 'U0', 'U5', 'U', 'U1-3', '1-U3', 'all four', 'a', '03', '0:3') { [pscustomobject] @{ JobId = 'bad'; ImageNo = $bad; Type = 'Creative' } }
            [pscustomobject] @{ JobId = 'bad'; ImageNo = $null; Type = 'Creative' }
            foreach ($bad in 'Huge', '4', '') { [pscustomobject] @{ JobId = 'bad'; ImageNo = 0; Type = $bad } }
            [pscustomobject] @{ JobId = 'bad'; ImageNo = 0 }
            foreach ($bad in ' ', $null) { [pscustomobject] @{ JobId = $bad; ImageNo = 0; Type = '1' } }
            foreach ($bad in 'ftp://example.org', '/relative') { [pscustomobject] @{ JobId = 'bad'; ImageNo = 0; Type = 1; Callback = $bad } }
            [pscustomobject] @{ JobId = 'good2'; ImageNo = 3; Type = 3; Callback = '' })
        $tasks = $rows | Invoke-MJUpscale -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems | Get-ErrorId | Should -Be (@('MJ.InvalidImageNumber') * 23 + 'MJ.ImageNumberMissing' + @('MJ.InvalidType') * 2 + @('MJ.TypeMissing') * 2 + @('MJ.JobIdMissing') * 2 + @('MJ.InvalidCallbackUrl') * 2)
        foreach ($problem in $problems | Where-Object FullyQualifiedErrorId -Like 'MJ.*') { $problem.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty }
        $problems[0].TargetObject.ImageNo | Should -Be '1.5'
        $tasks | Should -HaveCount 3
        Get-Emulated tasks | ForEach-Object $made | Sort-Object | Should -Be 'good1 0 1', 'good1 2 1', 'good2 3 3'
    }
}

Describe 'A value that -ImageNo and -Type do not take' {
    BeforeAll {
        Reset-TestGateway $gateway
    }

    It 'is named by the error, with the parameter and those that it takes: <_>' -ForEach @(
        '-ImageNo 4 -Type 1', '-ImageNo 0-4 -Type 1', '-ImageNo U5 -Type 1', '-ImageNo 0 -Type Huge', '-ImageNo 0 -Type 4'
    ) {
        $run = Invoke-Line "Invoke-MJUpscale j $_"
        $parameter, $value, $valid = if ($_ -match '-Type 1') { 'ImageNo', $_.Split(' ')[1], '0, 1, 2*U1 to U4*all*' } else { 'Type', $_.Split(' ')[3], 'Standard (or Subtle), Creative, V5_2x*V5_4x*' }
        "$($run.Errors)" | Should -BeLike "'$value' is not a valid value for -$parameter.*$valid"
        (Get-GatewayCount $gateway).Creates | Should -Be 0
    }

    It 'is 2x or 4x, which several types are, and the error names the candidates' {
        foreach ($value in '2x', '4X') {
            $run = Invoke-Line "Invoke-MJUpscale j -ImageNo 0 -Type $value"
            $run.ErrorIds | Should -Be 'MJ.InvalidType'
            "$($run.Errors)" | Should -BeLike "'$value' is not *-Type*V5_$value*Standard and Creative make each side twice as long*"
        }
        (Get-GatewayCount $gateway).Creates | Should -Be 0
    }

    It 'is not Subtle, as MidJourney calls Standard' {
        (Invoke-MJUpscale j -ImageNo 0 -Type subtle).UpscaleType | Should -Be 'Standard'
        (Get-Emulated tasks).type | Should -Be 0
    }
}

Describe 'A create that the gateway refused' {
    It 'is sent again from its error' {
        Reset-TestGateway $gateway
        Add-Fault @{ operation = 'create'; jobId = 'b'; kind = 'status'; status = 400; times = 1 }
        $first = 'a', 'b' | Invoke-MJUpscale -ImageNo 1 -Type Creative -ErrorVariable refused -ErrorAction SilentlyContinue
        $again = $refused.TargetObject | Invoke-MJUpscale
        $first.SourceJobId, $again.SourceJobId | Should -Be 'a', 'b'
        Get-Emulated tasks | ForEach-Object $made | Sort-Object | Should -Be 'a 1 1', 'b 1 1'
    }
}

Describe 'A create whose answer was lost' {
    It 'is reported with what was submitted, and not as a job' {
        Reset-TestGateway $gateway
        Add-Fault @{ operation = 'create'; kind = 'cutAfter' }
        Invoke-MJUpscale -JobId job-9 -ImageNo 3 -Type V5_4x -ErrorVariable lost -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $lost | Get-ErrorId | Should -Be 'MJ.SubmitOutcomeUnknown'
        foreach ($word in 'job-9', 'image 3', 'V5_4x', 'pay twice') { "$($lost[0])" | Should -BeLike "*$word*" }
        $lost[0].TargetObject.SourceJobId | Should -Be 'job-9'
        $lost[0].TargetObject.PSObject.Properties.Name | Should -Not -Contain 'JobId'
        (Get-GatewayCount $gateway).Creates | Should -Be 1
    }
}
