# -ListenOn and New-MJCallback: callbacks of the gateway, as a user sets them up.

BeforeAll {
    . ([IO.Path]::Combine($PSScriptRoot, 'Gateway.ps1'))
    $gateway = Start-TestGateway

    # The status of a request from outside, or 0 if nobody listens.
    function Send-Callback([string] $Address, [string] $Body = '{}') {
        $client = [Net.Http.HttpClient]::new()
        try { [int] $client.PostAsync($Address, [Net.Http.StringContent]::new($Body)).GetAwaiter().GetResult().StatusCode }
        catch { 0 }
        finally { $client.Dispose() }
    }

    # Runs code while a task without an end is waited for, and gives what the wait said; $address is where callbacks are sent.
    function Invoke-WhileListening([string] $ListenOn, [scriptblock] $Code) {
        $task = Invoke-MJUpscale endless -ImageNo 0 -Type Creative
        $shell = [powershell]::Create().AddScript('param($session, $task, $on) $task | Wait-MJTask -Session $session -ListenOn $on -TimeoutSec 0 -PollIntervalSec 3600').AddArgument((Get-MJSession)).AddArgument($task).AddArgument($ListenOn)
        $run = $shell.BeginInvoke()
        try { & $Code $task }
        finally {
            $shell.Stop()
            $shell.Dispose()
        }
    }

    function Wait-Until([scriptblock] $Condition) {
        $end = [datetime]::UtcNow.AddSeconds(60)
        while (-not (& $Condition)) {
            if ([datetime]::UtcNow -gt $end) { throw "It did not come true: $Condition" }
            Start-Sleep -Milliseconds 20
        }
    }
}

AfterAll {
    Stop-TestGateway $gateway
}

Describe '-ListenOn' {
    BeforeEach {
        Reset-TestGateway $gateway
        Set-Shape @{ jobs = @{ endless = @{ duration = 'never' } } }
        $port = Get-FreePort
    }

    It 'has a task that is called back read at once, whatever its poll interval' {
        Set-Shape @{ jobs = @{ soon = @{ duration = '3' } } }
        $done = 'soon' | Invoke-MJUpscale -ImageNo 0 -Type Creative -Callback "http://127.0.0.1:$port/{token}" | Wait-MJTask -ListenOn $port -PollIntervalSec 3600 -TimeoutSec 600
        $done.Status | Should -Be Completed
    }

    It 'does the same with -Wait' {
        Set-Shape @{ jobs = @{ soon = @{ duration = '3' } } }
        $run = Invoke-Line "Invoke-MJUpscale soon -ImageNo 0 -Type Creative -Callback 'http://127.0.0.1:$port/{token}' -Wait -ListenOn http://127.0.0.1:$port/ -TimeoutSec 600"
        $run.Output.Status | Should -Be Completed
        $run.Warnings | Should -BeNullOrEmpty
    }

    It 'counts only requests with the secret; others get 404 and cause no read' {
        Invoke-WhileListening "http://127.0.0.1:$port/s3cret/mj" {
            param($task)
            Wait-Until { (Send-Callback "http://127.0.0.1:$port/s3cret/mj/none") -eq 204 }
            Wait-Until { (Get-GatewayCount $gateway).reads -ge 1 }
            $reads = (Get-GatewayCount $gateway).reads
            Send-Callback "http://127.0.0.1:$port/" "{`"id`":`"$($task.Id)`"}" | Should -Be 404
            Send-Callback "http://127.0.0.1:$port/s3cret" "{`"id`":`"$($task.Id)`"}" | Should -Be 404
            Send-Callback "http://127.0.0.1:$port/public/s3cret/mj" "{`"id`":`"of-another-task`"}" | Should -Be 204
            (Get-GatewayCount $gateway).reads | Should -Be $reads
            Send-Callback "http://127.0.0.1:$port/public/s3cret/mj" "{`"data`":[{`"task`":`"$($task.Id)`"}]}" | Should -Be 204
            Wait-Until { (Get-GatewayCount $gateway).reads -eq $reads + 1 }
        }
        # The port is closed when the wait was stopped.
        Send-Callback "http://127.0.0.1:$port/s3cret/mj" | Should -Be 0
    }

    It 'is an error before anything is submitted if the port is taken' {
        $taken = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, $port)
        $taken.Start()
        try {
            $run = Invoke-Line "'a', 'b' | Invoke-MJUpscale -ImageNo 0 -Type Creative | Wait-MJTask -ListenOn $port"
            $run.ErrorIds | Should -Be MJ.ListenFailed
            "$($run.Thrown)" | Should -BeLike "*127.0.0.1:$port*"
            $run = Invoke-Line "Invoke-MJUpscale a -ImageNo 0 -Type Creative -Wait -ListenOn $port"
            $run.ErrorIds | Should -Be MJ.ListenFailed
        }
        finally { $taken.Stop() }
        (Get-GatewayCount $gateway).creates | Should -Be 0
    }

    It 'is for a wait: <Line>' -ForEach @(
        @{ Line = 'Invoke-MJUpscale a -ImageNo 0 -Type Creative -ListenOn 8080'; Says = '*add -Wait*' }
        @{ Line = "Invoke-MJUpscale a -ImageNo 0 -Type Creative -Wait -ListenOn ''"; Says = '*-ListenOn*' }
        @{ Line = "'a' | Wait-MJTask -ListenOn https://127.0.0.1:8080"; Says = '*https*' }
        @{ Line = "'a' | Wait-MJTask -ListenOn 99999"; Says = '*99999*' }
        @{ Line = "'a' | Wait-MJTask -ListenOn public.example:8080"; Says = '*public.example*' }
        @{ Line = "'a' | Wait-MJTask -ListenOn (Get-Date)"; Says = '*-ListenOn*' }
    ) {
        $run = Invoke-Line $Line
        $run.ErrorIds | Should -Be MJ.InvalidParameter
        "$($run.Thrown)" | Should -BeLike $Says
        $counts = Get-GatewayCount $gateway
        $counts.creates + $counts.reads | Should -Be 0
    }

    It 'opens no port for -WhatIf' {
        $taken = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, $port)
        $taken.Start()
        try { (Invoke-Line "Invoke-MJUpscale a -ImageNo 0 -Type Creative -Wait -ListenOn $port -WhatIf").ErrorIds | Should -BeNullOrEmpty }
        finally { $taken.Stop() }
    }

    It 'warns of a port that other computers can reach' {
        $run = Invoke-Line "Invoke-MJUpscale a -ImageNo 0 -Type Creative -Callback 'http://127.0.0.1:$port/{token}' | Wait-MJTask -ListenOn http://0.0.0.0:$port"
        $run.Output.Status | Should -Be Completed
        @($run.Warnings -like '*clear text*') | Should -HaveCount 1
    }

    It 'warns at the end if no callback arrived' {
        Set-Shape @{ jobs = @{ soon = @{ duration = '3' } } }
        $task = Invoke-MJUpscale soon -ImageNo 0 -Type Creative -Callback 'http://127.0.0.1:1/{token}'
        $run = Invoke-Line "`$task | Wait-MJTask -ListenOn $port"
        $run.Output.Status | Should -Be Completed
        $run.Warnings | Should -HaveCount 1
        $run.Warnings | Should -BeLike "No callback arrived at http://localhost:$port; *"
    }

    It 'does not miss a callback for <_>' -ForEach 'a task that ended before the wait', 'a task that still runs when the time is up' {
        $job, $line = if ($_ -like '*before*') { 'a', '$task.Id | Wait-MJTask' } else { 'endless', '$task | Wait-MJTask -TimeoutSec 3' }
        $task = Invoke-MJUpscale $job -ImageNo 0 -Type Creative
        if ($job -eq 'a') { Start-Sleep -Milliseconds 100 }
        (Invoke-Line "$line -ListenOn $port").Warnings | Should -BeNullOrEmpty
    }

    It 'says at the end that no callback could count: <What>' -ForEach @(
        @{ What = 'no -Callback'; With = '' }
        @{ What = 'no {token}'; With = "-Callback http://127.0.0.1:$port/mj" }
        @{ What = 'another session'; With = "-Callback 'http://127.0.0.1:1/{token}'"; Then = { Get-MJSession | Remove-MJSession } }
    ) {
        Set-Shape @{ jobs = @{ soon = @{ duration = '3' } } }
        $id = (Invoke-Expression "Invoke-MJUpscale soon -ImageNo 0 -Type Creative $With").Id
        if ($Then) { & $Then }
        $run = Invoke-Line "'$id' | Wait-MJTask -ListenOn $port"
        $run.Output.Status | Should -Be Completed
        $run.Warnings | Should -HaveCount 1
        $run.Warnings | Should -BeLike '*no callback could be recognized*{token}*New-MJCallback*'
    }

    It 'says what to quote if {token} is not in quotes' {
        $run = Invoke-Line "'a' | Invoke-MJUpscale -ImageNo 0 -Type Creative -Callback http://127.0.0.1:$port/{token} | Wait-MJTask -ListenOn $port"
        $run.ErrorIds | Should -Be MJ.JobIdMissing
        "$($run.Errors)" | Should -BeLike '*{token}*put the URL in quotes*'
        (Get-GatewayCount $gateway).creates | Should -Be 0
    }

    It 'says at the end what was wrong with those that arrived' {
        Set-Shape @{ jobs = @{ soon = @{ duration = '3' } } }
        $task = Invoke-MJUpscale soon -ImageNo 0 -Type Creative
        $sent = {
            if ($script:statuses) { return }
            $script:statuses = (Send-Callback "http://127.0.0.1:$port/wrong"), (Send-Callback "http://127.0.0.1:$port/s3cret" 'of-nothing')
        }
        $script:statuses = $null
        $run = Invoke-Line "& { `$task; & `$sent } | Wait-MJTask -ListenOn http://127.0.0.1:$port/s3cret"
        $script:statuses | Should -Be 404, 204
        $run.Warnings | Should -BeLike "1 callback arrived at http://127.0.0.1:$port, but none was about a task that was still waited for; the tasks were polled. 1 request without the secret in the path was refused.*"
    }

    It 'shows each callback with -Verbose' {
        Set-Shape @{ jobs = @{ soon = @{ duration = '3' } } }
        $run = Invoke-Line "Invoke-MJUpscale soon -ImageNo 0 -Type Creative -Callback 'http://127.0.0.1:$port/{token}' | Wait-MJTask -ListenOn $port -PollIntervalSec 3600 -TimeoutSec 600 -Verbose"
        @($run.Verbose -like "*callback*$($run.Output.Id)*").Count | Should -BeGreaterThan 0
    }
}

Describe 'New-MJCallback' {
    It 'makes a pair of addresses with one random secret' {
        $first, $second = 1..2 | ForEach-Object { New-MJCallback https://public.example/mj/ -ListenOn 8080 }
        $first.ListenOn | Should -Match '^http://localhost:8080/[0-9a-f]{32}$'
        $first.Callback | Should -BeExactly "https://public.example/mj/$(([uri] $first.ListenOn).Segments[-1])/{token}"
        $second.ListenOn | Should -Not -Be $first.ListenOn
    }

    It 'is shown whole at 80 columns' {
        $pair = New-MJCallback https://public.example/a/long/path/to/the/callbacks/of/this/computer
        $shown = ($pair | Out-String -Width 80) -replace '\s'
        $shown | Should -BeLike "*$($pair.Callback)*"
        $shown | Should -BeLike "*$($pair.ListenOn)*"
    }

    It 'keeps a path that -ListenOn has' {
        $pair = New-MJCallback ([uri] 'https://public.example') http://127.0.0.1:9000/my/secret
        $pair.Callback, $pair.ListenOn | Should -BeExactly 'https://public.example/my/secret/{token}', 'http://127.0.0.1:9000/my/secret'
    }

    It 'takes a URL that ends with {token}, which comes after the secret' {
        (New-MJCallback 'https://public.example/mj/{token}' http://127.0.0.1:9000/secret).Callback | Should -BeExactly 'https://public.example/mj/secret/{token}'
    }

    It 'says which property -Callback takes' {
        $run = Invoke-Line 'Invoke-MJUpscale a -ImageNo 0 -Type Creative -Callback (New-MJCallback https://public.example)'
        $run.ErrorIds | Should -Be MJ.InvalidParameter
        "$($run.Errors)$($run.Thrown)" | Should -BeLike '*$address.Callback*'
    }

    It 'works for a task that another session submitted' {
        Reset-TestGateway $gateway
        Set-Shape @{ jobs = @{ soon = @{ duration = '3' } } }
        $port = Get-FreePort
        $pair = New-MJCallback "http://127.0.0.1:$port" -ListenOn $port
        $id = (Invoke-MJUpscale soon -ImageNo 0 -Type Creative -Callback $pair.Callback).Id
        Get-MJSession | Remove-MJSession
        ($id | Wait-MJTask -ListenOn $pair -PollIntervalSec 3600 -TimeoutSec 600).Status | Should -Be Completed
    }

    It 'ends the command where an address is invalid: <Line>' -ForEach @(
        @{ Line = "New-MJCallback ''"; Says = '*-Uri*' }
        @{ Line = 'New-MJCallback public.example'; Says = '*-Uri*' }
        @{ Line = 'New-MJCallback https://public.example/mj?a=b'; Says = '*-Uri*' }
        @{ Line = 'New-MJCallback https://public.example -ListenOn http://other.example:80'; Says = '*other.example*' }
        @{ Line = "New-MJCallback https://public.example -ListenOn ''"; Says = '*-ListenOn*' }
    ) {
        $run = Invoke-Line "$Line; 'went on'"
        $run.Thrown | Get-ErrorId | Should -Be 'MJ.InvalidParameter'
        "$($run.Thrown)" | Should -BeLike $Says
        $run.Output | Should -BeNullOrEmpty
    }
}
