# Some refusals hold for all that follows. Then nothing more is sent, and what was paid is not thrown away.

BeforeAll {
    . ([IO.Path]::Combine($PSScriptRoot, 'Gateway.ps1'))
    $gateway = Start-TestGateway
    function Get-Row([int] $Count) { 1..$Count | ForEach-Object { [pscustomobject] @{ JobId = "job$_"; ImageNo = 0; Type = 'Standard' } } }
}

AfterAll {
    Stop-TestGateway $gateway
}

Describe 'A refusal that holds for all' {
    BeforeEach {
        Reset-TestGateway $gateway
    }

    It 'is one terminating error after one request, where nothing was accepted' {
        $null = New-MJSession -ApiKey another-key-1234
        { Get-Row 500 | Invoke-MJUpscale } | Should -Throw -ErrorId 'MJ.Unauthorized,*'
        (Get-GatewayCount $gateway).Creates | Should -Be 1
    }

    It 'is one error, and what was accepted goes on, where something was' {
        Add-Fault @{ operation = 'create'; kind = 'status'; status = 402; skip = 3 }
        $done = Get-Row 500 | Invoke-MJUpscale -ErrorVariable failed -WarningVariable said -ErrorAction SilentlyContinue -WarningAction SilentlyContinue | Wait-MJTask
        $counts = Get-GatewayCount $gateway
        $done.Count | Should -Be $counts.TasksMade
        $done.Status | Select-Object -Unique | Should -Be Completed
        $counts.Creates | Should -BeLessThan 40
        $failed.FullyQualifiedErrorId | Should -BeLike 'MJ.InsufficientBalance,*'
        "$said" | Should -BeLike "Records not submitted, because the gateway would refuse them for the same reason: $(499 - $done.Count).*"
    }

    It 'does not keep back what was paid before' {
        $session = New-MJSession -ThrottleLimit 1
        $rows = Get-Row 6
        $before = $rows[0, 1, 4] | Invoke-MJUpscale
        Add-Fault @{ operation = 'create'; kind = 'status'; status = 402 }
        $known = $rows | Invoke-MJUpscale -ErrorVariable failed -WarningVariable said -ErrorAction SilentlyContinue -WarningAction SilentlyContinue
        $known.Id | Should -Be $before.Id
        $failed.FullyQualifiedErrorId | Should -BeLike 'MJ.InsufficientBalance,*'
        "$said" | Should -BeLike '*Records not submitted, because the gateway would refuse them for the same reason: 2.*'
        $session.Creates | Should -Be 4
    }

    It 'with -Wait still waits for what was accepted' {
        Add-Fault @{ operation = 'create'; kind = 'status'; status = 402; skip = 3 }
        $done = Get-Row 50 | Invoke-MJUpscale -Wait -ErrorVariable failed -ErrorAction SilentlyContinue -WarningAction SilentlyContinue
        $done.Count | Should -Be (Get-GatewayCount $gateway).TasksMade
        $failed.FullyQualifiedErrorId | Should -BeLike 'MJ.InsufficientBalance,*'
    }

    It 'is none of 403, which an upscale of an upscale is answered' {
        Add-Fault @{ operation = 'create'; kind = 'status'; status = 403; times = 1 }
        (Get-Row 5 | Invoke-MJUpscale -ErrorVariable failed -ErrorAction SilentlyContinue).Count | Should -Be 4
        $failed.FullyQualifiedErrorId | Should -BeLike 'MJ.Forbidden,*'
    }

    It 'ends a wait with one error, and keeps the tasks' {
        $tasks = Get-Row 20 | Invoke-MJUpscale
        $null = New-MJSession -ApiKey another-key-1234
        $tasks.Id | Wait-MJTask -ErrorVariable failed -WarningVariable said -ErrorAction SilentlyContinue -WarningAction SilentlyContinue | Should -BeNullOrEmpty
        $failed.FullyQualifiedErrorId | Should -BeLike 'MJ.Unauthorized,*'
        "$said" | Should -BeLike '*all 20 remaining tasks*'
        (Get-MJSession).Undelivered.Id | Sort-Object | Should -Be ($tasks.Id | Sort-Object)
        (Get-GatewayCount $gateway).Reads | Should -BeLessOrEqual 3
    }

    It 'ends a reading with one error' {
        $null = New-MJSession -ApiKey another-key-1234
        'a', 'b', 'c' | Get-MJTask -ErrorVariable failed -WarningVariable said -ErrorAction SilentlyContinue -WarningAction SilentlyContinue | Should -BeNullOrEmpty
        $failed.FullyQualifiedErrorId | Should -BeLike 'MJ.Unauthorized,*'
        "$said" | Should -BeLike 'Tasks not read, because the gateway would refuse them for the same reason: 2.*'
        (Get-GatewayCount $gateway).Reads | Should -BeLessOrEqual 3
    }
}
