# What goes through a proxy, what never does, and that its password is shown nowhere.

BeforeAll {
    . ([IO.Path]::Combine($PSScriptRoot, 'Gateway.ps1'))
    $gateway = Start-TestGateway

    # A proxy that wants another user, whatever it is asked for, and notes every request.
    function Start-TestProxy {
        Start-TestServer "HTTP/1.1 407 Proxy Authentication Required`r`nProxy-Authenticate: Basic realm=`"p`"`r`nContent-Length: 45`r`nConnection: close`r`n`r`n<p>u:p4ssw0rd dTpwNHNzdzByZA== is unknown</p>"
    }

    # Everything that a command shows, and what is left behind.
    function Get-Shown([scriptblock] $Command) {
        $thrown = $null
        $shown = try { & $Command *>&1 } catch { $thrown = $_; $_ }
        @{
            Thrown = $thrown
            Errors = @($shown | Where-Object { $_ -is [Management.Automation.ErrorRecord] })
            Text   = @($shown | ForEach-Object { $_ | Format-List * -Force | Out-String -Width 4096; "$($_.Exception)" }) -join "`n"
        }
    }

    $password = 'p4ssw0rd|p4ss%77|dTpwNHNzdzByZA'
}

AfterAll {
    Stop-TestGateway $gateway
}

Describe 'A proxy for this machine' {
    It 'is not used, whatever the environment says' {
        $proxy = Start-TestProxy
        $script = @'
Import-Module MidJourney
$t = Invoke-MJUpscale -JobId job -ImageNo 0 -Type Standard | Wait-MJTask
$t.Status
($t | Save-MJOutput -Path $env:MJ_TEST_FOLDER).Count
'@
        $names = 'http_proxy', 'HTTPS_PROXY', 'ALL_PROXY', 'MJ_TEST_FOLDER'
        try {
            $names[0..2] | ForEach-Object { [Environment]::SetEnvironmentVariable($_, "http://u:p4ssw0rd@127.0.0.1:$($proxy.Port)") }
            $env:MJ_TEST_FOLDER = [IO.Path]::Combine($gateway.Folder, 'saved')
            $said = Invoke-NewShell $script
        }
        finally {
            $names | ForEach-Object { [Environment]::SetEnvironmentVariable($_, $null) }
            $proxy.Listener.Stop()
        }
        $said | Should -Be 'Completed', '1'
        @($proxy.Asked) -match "Bearer|127\.0\.0\.1" | Should -BeNullOrEmpty
    }

    It 'is refused where it is given: <_>' -ForEach 'http://127.0.0.1:1', 'http://localhost:1', 'http://[::1]:1', 'https://mj.localhost' {
        { New-MJSession -ApiKey key12345 -BaseUri $_ -Proxy http://proxy:8080 -NoJournal } | Should -Throw -ErrorId 'MJ.InvalidProxy,*'
    }
}

Describe 'The user of a proxy' {
    It 'is given once' {
        $user = [pscredential]::new('u', (ConvertTo-SecureString p4ssw0rd -AsPlainText -Force))
        { New-MJSession -ApiKey key12345 -Proxy http://u:p4ssw0rd@proxy:8080 -ProxyCredential $user -NoJournal } | Should -Throw -ErrorId 'MJ.InvalidProxy,*'
        { New-MJSession -ApiKey key12345 -Proxy http://u:p4ssw0rd@proxy:8080 -ProxyUseDefaultCredentials -NoJournal } | Should -Throw -ErrorId 'MJ.InvalidProxy,*'
    }

    It 'is not shown where an address is refused: <_>' -ForEach @(
        '-Proxy http://u:p4ssw0rd@proxy:99999', '-Proxy u:p4ssw0rd@proxy:8080', '-Proxy https://u:p4ssw0rd@proxy', '-Proxy socks5://u:p4ssw0rd@proxy'
        '-BaseUri https://u:p4ssw0rd@gateway.test', '-BaseUri https://u:p4ssw0rd@gateway.test:99999', '-BaseUri ftp://u:p4ssw0rd@gateway.test'
    ) {
        $shown = Get-Shown ([scriptblock]::Create("New-MJSession -ApiKey key12345 -NoJournal $_"))
        $shown.Thrown | Should -Not -BeNullOrEmpty
        $shown.Thrown.Exception.Message | Should -Not -Match $password
        $shown.Thrown.ErrorDetails.Message | Should -Not -Match $password
        $shown.Thrown.Exception.ToString() | Should -Not -Match $password
    }

    It 'that is not accepted is sent once for <Rows> rows through <Base>, and shown nowhere' -ForEach @(
        @{ Rows = 20; Base = 'https://gateway.test'; Requests = 2 }
        @{ Rows = 20; Base = 'http://gateway.test'; Requests = 1 }
    ) {
        $proxy = Start-TestProxy
        try {
            $null = New-MJSession -ApiKey key12345 -BaseUri $Base -AllowInsecure -Proxy "http://u:p4ss%770rd@127.0.0.1:$($proxy.Port)"
            $records = 1..$Rows | ForEach-Object { [pscustomobject] @{ JobId = "job$_"; ImageNo = 0; Type = 0 } }
            $create = Get-Shown { $records | Invoke-MJUpscale -Verbose -Debug -WarningAction Continue }
            $create.Thrown.FullyQualifiedErrorId | Should -BeLike 'MJ.ProxyAuthenticationRequired,*'
            $create.Errors.Count | Should -Be 1
            # A tunnel is asked for without a user first, and then with it.
            $proxy.Asked.Count | Should -Be $Requests
            $wait = Get-Shown { 1..$Rows | ForEach-Object { "t$_" } | Wait-MJTask -TimeoutSec 20 -Verbose -Debug -WarningAction Continue }
            $wait.Errors.FullyQualifiedErrorId | Should -BeLike 'MJ.ProxyAuthenticationRequired,*'
            $proxy.Asked.Count | Should -BeLessOrEqual ($Requests * 4)
            $read = Get-Shown { 1..$Rows | ForEach-Object { "t$_" } | Get-MJTask -Verbose -Debug -WarningAction Continue }
            $read.Errors.FullyQualifiedErrorId | Should -BeLike 'MJ.ProxyAuthenticationRequired,*'
            $proxy.Asked.Count | Should -BeLessOrEqual ($Requests * 8)
            (Get-MJSession).Undelivered.Count | Should -Be $Rows

            $journal = [IO.File]::ReadAllText((Get-MJSession).JournalPath)
            ($create.Text, $wait.Text, $read.Text, $journal, (Get-MJSession | Format-List * | Out-String)) -join "`n" | Should -Not -Match $password
            @($proxy.Asked) -match 'Proxy-Authorization: Basic dTpwNHNzdzByZA==' | Should -Not -BeNullOrEmpty
            if ($Base -like 'https:*') { @($proxy.Asked) -match 'key12345' | Should -HaveCount 0 }
        }
        finally {
            $proxy.Listener.Stop()
        }
    }

    It 'that is not accepted is not tried again for a download' {
        $proxy = Start-TestProxy
        try {
            $null = New-MJSession -ApiKey key12345 -BaseUri https://gateway.test -Proxy "http://u:p4ssw0rd@127.0.0.1:$($proxy.Port)"
            $task = [pscustomobject] @{ Id = 't'; Status = 'Completed'; Url = 'https://files.test/a.png' }
            $shown = Get-Shown { $task | Save-MJOutput -Path ([IO.Path]::Combine($gateway.Folder, 'saved')) -Verbose -Debug -WarningAction Continue }
            $shown.Errors.FullyQualifiedErrorId | Should -BeLike 'MJ.ProxyAuthenticationRequired,*'
            $shown.Text | Should -Not -Match $password
            $proxy.Asked.Count | Should -Be 2
        }
        finally {
            $proxy.Listener.Stop()
        }
    }
}
