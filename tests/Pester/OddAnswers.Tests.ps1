# Answers that differ from the emulator's own: tasks in envelopes, words for an end, images that are missing, tasks that are not found yet.

BeforeAll {
    . ([IO.Path]::Combine($PSScriptRoot, 'Gateway.ps1'))
    $gateway = Start-TestGateway '--duration 0.02'

    $output = '"output":[{"content":[{"type":"image","url":"{base}/files/{id}/0.png","jobId":"result-1"}]}],"usage":{"cost":"0.05"}'
}

AfterAll {
    Stop-TestGateway $gateway
}

Describe 'Odd answers' {
    BeforeEach {
        Reset-TestGateway $gateway
    }

    It 'takes a create and its task out of an envelope, and pays once' {
        Set-Shape @{
            default = @{
                rawCreate = '{"status":{"code":200,"message":"success"},"data":{"id":"{id}"}}'
                rawReads  = @("{""code"":200,""message"":""success"",""data"":{""id"":""{id}"",""status"":""success"",$output}}")
            }
        }
        $task = Invoke-MJUpscale -JobId pier -ImageNo 0 -Type Standard | Wait-MJTask
        $task.Status | Should -Be 'Completed'
        $task.RawStatus | Should -Be 'success'
        $task.JobId | Should -Be 'result-1'
        $task.Cost | Should -Be 0.05
        (Get-MJTask).Status | Should -Be 'Completed'
        (Get-GatewayCount $gateway).TasksMade | Should -Be 1
    }

    It 'reports the reason of a task that ended in a word of its own' {
        Set-Shape @{ default = @{ rawReads = @('{"id":"{id}","status":"TextReject"}') } }
        $task = Invoke-MJUpscale -JobId pier -ImageNo 0 -Type Standard | Wait-MJTask -ErrorVariable problems -ErrorAction SilentlyContinue
        $task.Status | Should -Be 'Failed'
        $problems | Should -HaveCount 1
        "$($problems[0])" | Should -BeLike '*TextReject*'
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'MJ.ContentRefused,*'
    }

    It 'takes an unknown status for running, with one warning' {
        Set-Shape @{ default = @{ rawReads = @('{"id":"{id}","status":"REVIEWING"}', "{""id"":""{id}"",""status"":""completed"",$output}") } }
        $run = Invoke-Line { Invoke-MJUpscale -JobId pier, mole, quay -ImageNo 0 -Type Standard | Wait-MJTask }
        $run.Output.Status | Should -Be 'Completed', 'Completed', 'Completed'
        $run.Warnings | Should -HaveCount 1
        $run.Warnings | Should -BeLike '*REVIEWING*'
    }

    It 'reads a task again that is not found just after its create' {
        Add-Fault @{ operation = 'read'; kind = 'status'; status = 404; times = 2 }
        (Invoke-MJUpscale -JobId pier -ImageNo 0 -Type Standard | Wait-MJTask -ErrorVariable problems).Status | Should -Be 'Completed'
        $problems | Should -BeNullOrEmpty
    }

    It 'finds by its id what another session made a moment ago' {
        $id = (Invoke-MJUpscale -JobId pier -ImageNo 0 -Type Standard).Id
        Get-MJSession | Remove-MJSession
        Add-Fault @{ operation = 'read'; kind = 'status'; status = 404; times = 1 }
        (Get-MJTask -Id $id -ErrorVariable problems).Id | Should -Be $id
        $problems | Should -BeNullOrEmpty
    }

    It 'does not wait for an id that nobody has heard of' {
        $null = Get-MJTask -Id nobody -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'MJ.TaskNotFound,*'
        (Get-GatewayCount $gateway).Reads | Should -Be 1
    }

    It 'keeps the numbers of the images that are left, with a warning' {
        $content = '{"type":"image","url":null},' + ((1..3 | ForEach-Object { "{""type"":""image"",""url"":""{base}/files/{id}/$_.png""}" }) -join ',')
        Set-Shape @{ default = @{ rawReads = @("{""id"":""{id}"",""status"":""completed"",""model"":""midjourney_diffusion"",""output"":[{""content"":[$content]}]}") } }
        $task = Invoke-MJDiffusion 'a pier' | Wait-MJTask -WarningVariable warnings -WarningAction SilentlyContinue
        $task.Output[0].Content | Where-Object Url | ForEach-Object ImageNo | Should -Be 1, 2, 3
        "$warnings" | Should -BeLike '*3 of 4 images*'
        $files = $task | Save-MJOutput -Path ([IO.Path]::Combine($gateway.Folder, 'grid')) -WarningAction SilentlyContinue
        $files.Index | Sort-Object | Should -Be 1, 2, 3
        $copy = [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($task, 5))
        ($copy | Save-MJOutput -Path ([IO.Path]::Combine($gateway.Folder, 'copy')) -WarningAction SilentlyContinue).Index | Sort-Object | Should -Be 1, 2, 3
    }

    It 'waits for the images of a grid that come one by one' {
        $reads = foreach ($count in 1, 1, 4) {
            $content = (0..($count - 1) | ForEach-Object { "{""type"":""image"",""url"":""{base}/files/{id}/$_.png""}" }) -join ','
            "{""id"":""{id}"",""status"":""completed"",""model"":""midjourney_diffusion"",""output"":[{""content"":[$content]}]}"
        }
        Set-Shape @{ default = @{ rawReads = $reads } }
        (Invoke-MJDiffusion 'a pier' | Wait-MJTask).Output[0].Content | Should -HaveCount 4
    }

    It 'does not create again after a 503, whatever its Retry-After' {
        Add-Fault @{ operation = 'create'; kind = 'status'; status = 503; retryAfter = '1' }
        $null = Invoke-MJUpscale -JobId pier -ImageNo 0 -Type Standard -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'MJ.SubmitOutcomeUnknown,*'
        (Get-GatewayCount $gateway).Creates | Should -Be 1
    }

    It 'refuses ids that no gateway gives' {
        $null = Get-MJTask -Id ('x' * 1MB) -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'MJ.InvalidTaskId,*'
        $null = Invoke-MJUpscale -JobId ('x' * 513) -ImageNo 0 -Type Standard -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'MJ.InvalidParameter,*'
        (Get-GatewayCount $gateway).Creates | Should -Be 0
        (Get-GatewayCount $gateway).Reads | Should -Be 0
    }

    It 'reads a task with a number that is none' {
        Set-Shape @{ default = @{ rawReads = @("{""id"":""{id}"",""status"":""completed"",$($output -replace '"0.05"', '"0.05","discount":NaN')}") } }
        $task = Invoke-MJUpscale -JobId pier -ImageNo 0 -Type Standard | Wait-MJTask
        $task.Cost | Should -Be 0.05
        $task.Usage.Discount | Should -BeNullOrEmpty
    }
}
