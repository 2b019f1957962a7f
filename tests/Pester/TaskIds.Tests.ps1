# Task ids: where they are taken from, and what is said of job ids in their place.

BeforeAll {
    . ([IO.Path]::Combine($PSScriptRoot, 'Gateway.ps1'))
    $gateway = Start-TestGateway
    $id = (Invoke-MJUpscale -JobId mole -ImageNo 0 -Type 1 -Wait).Id
}

AfterAll {
    Stop-TestGateway $gateway
}

Describe 'A task id' {
    It 'is taken by <_>' -ForEach @(
        '$id | Get-MJTask', 'Get-MJTask -TaskId $id', '[pscustomobject] @{ Id = $id } | Get-MJTask', '[pscustomobject] @{ TaskId = $id; Status = "x" } | Get-MJTask'
        '@{ Id = $id } | Get-MJTask', 'Get-MJTask $id | Get-MJTask', 'Get-MJTask (Get-MJTask $id)', 'Wait-MJTask -Id (Get-MJTask $id)', ',@($id) | Get-MJTask'
    ) {
        (& ([scriptblock]::Create($_))).Id | Should -Be $id
    }

    It 'that is missing is an error for that record, and the others go on' {
        $run = Invoke-Line { '', [pscustomobject] @{ Nothing = 1 }, $null, 'nothing', $id | Get-MJTask }
        $run.ErrorIds | Sort-Object | Should -Be (@('MJ.InvalidTaskId') * 3 + 'MJ.TaskNotFound')
        $run.Output.Id | Should -Be $id
        "$(($run.Errors | Where-Object FullyQualifiedErrorId -Like MJ.TaskNotFound*).TargetObject)" | Should -Be 'nothing'
    }
    It 'is found in a hashtable, in any letter case' {
        $task = Invoke-MJUpscale -JobId quay -ImageNo 0 -Type 1
        foreach ($table in @{ id = $task.Id }, @{ taskid = $task.Id }, [ordered] @{ ID = $task.Id }, [Collections.Generic.Dictionary[string, object]]::new()) {
            if ($table -is [Collections.Generic.Dictionary[string, object]]) { $table['id'] = $task.Id }
            ($table | Get-MJTask).Id | Should -Be $task.Id
            (Get-MJTask -Id $table).Id | Should -Be $task.Id
        }
        $table = [Collections.Generic.Dictionary[string, object]]::new()
        $table['ID'] = 'another'
        $table['Id'] = $task.Id
        ($table | Get-MJTask).Id | Should -Be $task.Id -Because 'an exact match wins'
        if ($PSVersionTable.PSVersion.Major -ge 6) {
            ("{`"id`":`"$($task.Id)`",`"sourceJobId`":`"quay`",`"sourceImageNo`":0}" | ConvertFrom-Json -AsHashtable | Get-MJTask).SourceJobId | Should -Be 'quay'
            ('{"jobId":"harbour"}' | ConvertFrom-Json -AsHashtable | Invoke-MJUpscale -ImageNo 0 -Type 1).SourceJobId | Should -Be 'harbour'
        }
    }

    It 'that is not there is an error that says what was looked for' {
        foreach ($value in @{ x = 1 }, [pscustomobject] @{ x = 1 }, (Get-Date), $true, [pscustomobject] @{ Id = @{ a = 1 } }) {
            foreach ($call in { Get-MJTask -Id $value @quiet }, { $value | Get-MJTask @quiet }) {
                $quiet = @{ ErrorVariable = '+problems'; ErrorAction = 'SilentlyContinue' }
                $problems = [Collections.ArrayList]::new()
                & $call | Should -BeNullOrEmpty
                $problems | Get-ErrorId | Should -Be 'MJ.InvalidTaskId'
                $problems[0].Exception.Message | Should -BeLike '*Id*TaskId*'
            }
        }
    }
}

Describe 'A job id in place of a task id' {
    BeforeEach {
        Reset-TestGateway $gateway
        $task = Invoke-MJUpscale -JobId job-7 -ImageNo 2 -Type Creative
    }

    It 'is named as one, with its task: <_>' -ForEach 'Wait-MJTask job-7', 'Get-MJTask job-7', "[pscustomobject] @{ Id = 'job-7' } | Wait-MJTask" {
        $run = Invoke-Line $_
        $run.Warnings | Should -Be "'job-7' is a job ID, not a task ID: task $($task.Id) (image 2, Creative) was created from that job. Use the task ID instead."
        $run.ErrorIds | Should -Be 'MJ.TaskNotFound'
    }

    It 'is found in the journal of another process' {
        Get-MJSession | Remove-MJSession
        (Invoke-Line { Wait-MJTask job-7 }).Warnings | Should -BeLike "*task $($task.Id) (image 2, Creative)*"
    }

    It 'is told apart where it is the job of a result' {
        $done = $task | Wait-MJTask
        (Invoke-Line { Wait-MJTask $done.JobId }).Warnings | Should -BeLike "*it is the result of task $($task.Id).*"
    }

    It 'is named by its shape once the gateway does not know it' {
        $job = '5d3c9b1e-0a52-4c1e-9d77-0c8f3f0b2a11'
        $run = Invoke-Line { Wait-MJTask $job, other }
        $run.Warnings | Should -BeLike "'$job' looks like a job ID.*"
        $run.ErrorIds | Should -Be 'MJ.TaskNotFound', 'MJ.TaskNotFound'

        Add-Fault @{ operation = 'read'; kind = 'status'; status = 403 }
        $run = Invoke-Line { Wait-MJTask $job }
        $run.Warnings | Should -BeNullOrEmpty
        $run.ErrorIds | Should -Be 'MJ.Forbidden'
    }

    It 'is a task id where it is both' {
        $null = Invoke-MJUpscale -JobId $task.Id -ImageNo 0 -Type Creative
        $run = Invoke-Line { Wait-MJTask $task.Id }
        $run.Warnings + $run.ErrorIds | Should -BeNullOrEmpty
        $run.Output.Id | Should -Be $task.Id
    }

    It 'is warned of five times at most' {
        $jobs = 1..20 | ForEach-Object { "job-$_" }
        $null = Invoke-MJUpscale -JobId $jobs -ImageNo 0 -Type 0
        $run = Invoke-Line { $jobs | Wait-MJTask }
        $run.ErrorIds | Should -HaveCount 20
        $run.Warnings | Should -HaveCount 5
    }

    It 'is not taken from an object, and the error says why' {
        $run = Invoke-Line { [pscustomobject] @{ JobId = 'job-7' } | Wait-MJTask }
        $run.ErrorIds | Should -Be 'MJ.InvalidTaskId'
        "$($run.Errors[0])" | Should -BeLike '*A job ID is not a task ID.*'
    }
}
