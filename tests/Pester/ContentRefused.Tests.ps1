# Moderation refuses a prompt, an image or a result: an error of its own, since trying again does not help.

BeforeAll {
    . ([IO.Path]::Combine($PSScriptRoot, 'Gateway.ps1'))
    $gateway = Start-TestGateway '--duration 0.02'
    Set-Shape @{ default = @{ failure = @{ code = 110001; message = 'refused by moderation' } } }
}

AfterAll {
    Stop-TestGateway $gateway
}

Describe 'A task whose content was refused' {
    It 'is MJ.ContentRefused from <Name>' -ForEach @(
        @{ Name = 'Wait-MJTask'; Command = { Invoke-MJDiffusion "one $(Get-Random)" | Wait-MJTask } }
        @{ Name = 'Get-MJTask'; Command = { $id = (Invoke-MJDiffusion "two $(Get-Random)" -Wait -ErrorAction Ignore).Id; Get-MJTask -Id $id } }
        @{ Name = 'Invoke-MJDiffusion -Wait'; Command = { Invoke-MJDiffusion "four $(Get-Random)" -Wait } }
        @{ Name = 'Invoke-MJUpscale -Wait'; Command = { Invoke-MJUpscale -JobId "job-$(Get-Random)" -ImageNo 0 -Type Standard -Wait } }
    ) {
        $ErrorActionPreference = 'Continue'
        $problems = @(& $Command 2>&1 | Where-Object { $_ -is [Management.Automation.ErrorRecord] })
        $problems | Should -HaveCount 1
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'MJ.ContentRefused,*'
        $problems[0].CategoryInfo.Category | Should -Be InvalidData
        "$($problems[0])" | Should -BeLike '*failed because moderation refused its content: refused by moderation (code 110001).'
        $problems[0].ErrorDetails.RecommendedAction | Should -BeLike '*-Force*'
        $problems[0].TargetObject.Status | Should -Be 'Failed'
    }
}

Describe 'A finished image that was refused' {
    It 'is told from a refused prompt, because another attempt may pass' {
        Reset-TestGateway $gateway
        Set-Shape @{ default = @{ rawReads = @('{"id":"{id}","status":"Reject"}') } }
        $seen = Invoke-Line { Invoke-MJDiffusion 'a pier' -Wait }
        "$($seen.Errors)" | Should -BeLike "Task * (prompt 'a pier') failed because moderation refused the finished image: Reject."
        $seen.Errors[0].ErrorDetails.RecommendedAction | Should -BeLike "*Restart-MJTask $($seen.Output.Id) -Force*"
    }
}

Describe 'A create whose content is refused' {
    It 'is MJ.ContentRefused for that record alone, and nothing was made' {
        Reset-TestGateway $gateway
        Add-Fault @{ operation = 'create'; kind = 'status'; status = 400; code = 110001; message = 'refused by moderation'; times = 1 }
        $tasks = @('a', 'b', 'c' | Invoke-MJDiffusion -ErrorVariable problems -ErrorAction SilentlyContinue)
        $tasks | Should -HaveCount 2
        $problems | Should -HaveCount 1
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'MJ.ContentRefused,*'
        "$($problems[0])" | Should -BeLike "Moderation refused the prompt '?': HTTP 400, refused by moderation (code 110001). No task was created."
        $problems[0].ErrorDetails.RecommendedAction | Should -BeLike 'Reword the prompt*Nothing was billed.'
        $problems[0].ErrorDetails.RecommendedAction | Should -Not -BeLike '*-Force*'
        (Get-GatewayCount $gateway).TasksMade | Should -Be 2
    }

    It 'is MJ.ContentRefused from <Name>, which names the prompt' -ForEach @(
        @{ Name = 'Invoke-MJRemix'; Make = { Invoke-MJRemix -JobId harbour -ImageNo 0 -RemixPrompt 'a naked king' -Mode 0 } }
        @{ Name = 'Invoke-MJRetexture'; Make = { Invoke-MJRetexture -ImgUrl https://example.com/a.png -RemixPrompt 'a naked king' } }
    ) {
        Reset-TestGateway $gateway
        Add-Fault @{ operation = 'create'; kind = 'status'; status = 403; message = 'Msg_Sensitive' }
        $seen = Invoke-Line $Make
        $seen.ErrorIds | Should -Be 'MJ.ContentRefused'
        "$($seen.Errors)" | Should -BeLike "Moderation refused the prompt 'a naked king': HTTP 403*"
        Clear-Fault
    }
}
