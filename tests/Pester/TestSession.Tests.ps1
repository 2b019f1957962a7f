# Test-MJSession: what each check finds, what it costs (nothing), and that it shows no secret.

BeforeAll {
    . ([IO.Path]::Combine($PSScriptRoot, 'Gateway.ps1'))
    $gateway = Start-TestGateway -ApiKey 'mj-0123456789abcdef'
    $key = 'mj-0123456789abcdef'
    $names = 'Address', 'TLS', 'Proxy', 'Key', 'Clock', 'Journal', 'Module', 'PowerShell'
    $variables = 'MIDJOURNEY_API_KEY', 'VTRIX_API_KEY', 'MIDJOURNEY_BASE_URI', 'MIDJOURNEY_JOURNAL_PATH', 'MIDJOURNEY_ACCOUNT'
    $normal = @{}
    foreach ($name in $variables) { $normal[$name] = [Environment]::GetEnvironmentVariable($name) }

    function Restore-Environment {
        foreach ($name in $variables) { [Environment]::SetEnvironmentVariable($name, $normal[$name]) }
        Reset-TestGateway $gateway
    }

    # The checks by name, and that there is each of them.
    function Get-Check([hashtable] $Parameters = @{}) {
        $checks = @(Test-MJSession @Parameters)
        $checks.Name | Should -Be $names
        foreach ($check in $checks) {
            $check.Status | Should -BeIn 'ok', 'failed', 'skipped'
            $check.Detail | Should -Not -BeNullOrEmpty
            # What to do is said where there is something to do.
            [bool] $check.Action | Should -Be ($check.Status -eq 'failed')
        }
        $table = @{}
        foreach ($check in $checks) { $table[$check.Name] = $check }
        $table
    }

    # The status of those checks that are not ok.
    function Get-Problem($Checks) { foreach ($name in $names) { if ($Checks[$name].Status -ne 'ok') { "$name $($Checks[$name].Status)" } } }

    # An answer whose length its connection tells.
    function Get-Answer([string] $Status, [string[]] $Header, [string] $Body) { (@("HTTP/1.1 $Status") + $Header + 'Connection: close', '', $Body) -join "`r`n" }

    # Everything that can be seen of checks.
    function Get-Text($Checks) { ($Checks.Values | Format-List * | Out-String -Width 4096), ($Checks.Values | Format-Table | Out-String -Width 120), ($Checks.Values | ConvertTo-Json) -join "`n" }
}

AfterAll {
    Stop-TestGateway $gateway
}

Describe 'Test-MJSession' {
    AfterEach { Restore-Environment }

    It 'finds nothing wrong, costs one read, and makes nothing' {
        $checks = Get-Check
        Get-Problem $checks | Should -BeNullOrEmpty
        $checks.Address.Detail | Should -BeLike "$($gateway.BaseUri) answers as the gateway does for an unknown task: HTTP 404, *"
        $checks.Key.Detail | Should -BeLike 'The gateway accepts the API key from $env:MIDJOURNEY_API_KEY*'
        $checks.Journal.Detail | Should -Be "Readable and writable: $($normal.MIDJOURNEY_JOURNAL_PATH)"
        $checks.Module.Detail | Should -BeLike "MidJourney $((Get-Module MidJourney).Version), from *"
        $checks.PowerShell.Detail | Should -BeLike "*PowerShell $($PSVersionTable.PSVersion) on .NET*"
        $requests = @(Get-Emulated requests)
        $requests.Count | Should -Be 1
        $requests[0].Method | Should -Be 'GET'
        $requests[0].Path | Should -Match '^/model/v1/generation/task/0000000[0-9a-v]{13}$'
        (Get-MJSession).Reads, (Get-MJSession).Repeats, (Get-MJSession).Creates | Should -Be 1, 0, 0
    }

    It 'writes no line to the journal, and makes none' {
        $null = Get-Check
        [IO.File]::Exists($normal.MIDJOURNEY_JOURNAL_PATH) | Should -BeFalse
        $null = Invoke-MJUpscale -JobId job -ImageNo 0 -Type Standard -Wait
        $before = [IO.File]::ReadAllText($normal.MIDJOURNEY_JOURNAL_PATH)
        Get-Problem (Get-Check) | Should -BeNullOrEmpty
        [IO.File]::ReadAllText($normal.MIDJOURNEY_JOURNAL_PATH) | Should -BeExactly $before
    }

    It 'shows the account' {
        $env:MIDJOURNEY_ACCOUNT = 'studio'
        (Get-Check).Key.Detail | Should -BeLike '*; account studio.'
    }

    It 'says true or false with -Quiet' {
        Test-MJSession -Quiet | Should -BeTrue
        $env:MIDJOURNEY_API_KEY = 'mj-anotherkey'
        Test-MJSession -Quiet | Should -BeFalse
        $env:MIDJOURNEY_API_KEY = ''
        Test-MJSession -Quiet | Should -BeFalse
    }

    It 'tests the session that it is given' {
        $session = New-MJSession -ApiKey mj-anotherkey -BaseUri $gateway.BaseUri -NoJournal
        $null = New-MJSession -ApiKey $key -BaseUri $gateway.BaseUri -NoJournal
        Get-Problem (Get-Check) | Should -BeNullOrEmpty
        $checks = Get-Check @{ Session = $session }
        Get-Problem $checks | Should -Be 'Key failed'
        $checks.Key.Detail | Should -BeLike 'The gateway refuses the API key from -ApiKey: HTTP 401, *'
        $checks.Journal.Detail | Should -Be 'In memory: PowerShell loses the record of paid work when it exits.'
        $session | Remove-MJSession
        { Test-MJSession -Session $session } | Should -Throw -ErrorId 'MJ.SessionEnded,*'
    }

    It 'sends no request again: <_>' -ForEach 500, 503, 429, 408 {
        Add-Fault @{ operation = 'Read'; kind = 'Status'; status = $_; retryAfter = '0' }
        $null = Get-Check
        (Get-GatewayCount $gateway).reads | Should -Be 1
    }
}

Describe 'A missing or invalid setting' {
    AfterEach { Restore-Environment }

    It 'without a key, the rest is tested, and no key is sent' {
        $env:MIDJOURNEY_API_KEY = ''
        Set-GatewayOption @{ recordDetails = $true }
        $checks = Get-Check
        Get-Problem $checks | Should -Be 'Key failed'
        $checks.Key.Action | Should -BeLike 'Set $env:MIDJOURNEY_API_KEY to your API key, *'
        $requests = @(Get-Emulated requests)
        $requests.Count | Should -Be 1
        $requests[0].HasAuthorization | Should -BeFalse
    }

    It 'an invalid address: <Address>' -ForEach @(
        @{ Address = 'ftp://gateway.test'; Detail = '*not an absolute http or https address*' }
        @{ Address = 'gateway'; Detail = '*not an absolute http or https address*' }
        @{ Address = 'https://u:p4ssw0rd@gateway.test'; Detail = '*contains a user name or password*' }
        @{ Address = 'http://gateway.test'; Detail = '*uses plain http*' }
    ) {
        $env:MIDJOURNEY_BASE_URI = $Address
        $checks = Get-Check
        Get-Problem $checks | Should -Be 'Address failed', 'TLS skipped', 'Proxy skipped', 'Key skipped', 'Clock skipped'
        $checks.Address.Detail | Should -BeLike $Detail
        Get-Text $checks | Should -Not -Match 'p4ssw0rd'
    }

    It 'a key with a space is not sent' {
        $env:MIDJOURNEY_API_KEY = 'mj-0123 456789abcdef'
        $checks = Get-Check
        Get-Problem $checks | Should -Be 'Key failed'
        $checks.Key.Detail | Should -BeLike '*contains an invalid character*'
        Get-Text $checks | Should -Not -Match '0123 4567'
        (Get-Emulated requests).HasAuthorization | Should -BeFalse
    }

    It 'the key as the account is shown nowhere' {
        $env:MIDJOURNEY_ACCOUNT = $key
        $checks = Get-Check
        Get-Problem $checks | Should -Be 'Key failed'
        $checks.Key.Detail | Should -Be '$env:MIDJOURNEY_ACCOUNT contains the API key.'
        Get-Text $checks | Should -Not -Match '0123456789abcdef'
    }

    It 'a journal that is a folder, or not absolute: the key is tested as well' {
        foreach ($path in $gateway.Folder, 'journal.jsonl') {
            $env:MIDJOURNEY_JOURNAL_PATH = $path
            Get-Problem (Get-Check) | Should -Be 'Journal failed'
        }
    }

    It 'a journal that is another file' {
        $env:MIDJOURNEY_JOURNAL_PATH = [IO.Path]::Combine($gateway.Folder, 'other.jsonl')
        [IO.File]::WriteAllText($env:MIDJOURNEY_JOURNAL_PATH, '{"v":1,"event":"journal"}', [Text.Encoding]::Unicode)
        $checks = Get-Check
        Get-Problem $checks | Should -Be 'Journal failed'
        $checks.Journal.Detail | Should -BeLike '*no journal lines*'
        $checks.Journal.Action | Should -BeLike '*-JournalPath*'
    }

    It 'a journal that is a pipe, or in a folder that cannot be written' -Skip:(-not $IsLinux) {
        $env:MIDJOURNEY_JOURNAL_PATH = [IO.Path]::Combine($gateway.Folder, 'pipe')
        mkfifo $env:MIDJOURNEY_JOURNAL_PATH
        Get-Problem (Get-Check) | Should -Be 'Journal failed'
        $env:MIDJOURNEY_JOURNAL_PATH = '/proc/midjourney/journal.jsonl'
        Get-Problem (Get-Check) | Should -Be 'Journal failed'
    }

    It 'a journal that others can read is closed to them' -Skip:(-not $IsLinux) {
        $null = Invoke-MJUpscale -JobId job -ImageNo 0 -Type Standard
        chmod 644 $normal.MIDJOURNEY_JOURNAL_PATH
        Get-Problem (Get-Check) | Should -BeNullOrEmpty
        stat -c %a $normal.MIDJOURNEY_JOURNAL_PATH | Should -Be '600'
    }
}

Describe 'What answers' {
    AfterEach { Restore-Environment }

    It '<Name>' -ForEach @(
        @{ Name = 'a web page with 404'; Fault = @{ kind = 'Status'; status = 404; body = 'Html' }; Problems = 'Address failed', 'Key skipped'; Detail = 'Address: * is not the gateway: HTTP 404 with a web page*' }
        @{ Name = 'a web page with 200'; Fault = @{ kind = 'Status'; status = 200; body = 'Html' }; Problems = 'Address failed', 'Key skipped'; Detail = 'Address: * is not the gateway: HTTP 200 with a web page*' }
        @{ Name = 'a web page with 403'; Fault = @{ kind = 'Status'; status = 403; body = 'Html' }; Problems = 'Address failed', 'Key skipped'; Detail = 'Address: * is not the gateway: HTTP 403 with a web page*' }
        @{ Name = '404 as text'; Fault = @{ kind = 'Status'; status = 404; text = '404 page not found'; contentType = 'text/plain' }; Problems = 'Address failed', 'Key skipped'; Detail = 'Address: * is not the gateway: HTTP 404 without JSON.' }
        @{ Name = '404 and nothing'; Fault = @{ kind = 'Status'; status = 404; text = '' }; Problems = 'Address failed', 'Key skipped'; Detail = 'Address: * is not the gateway: HTTP 404 without JSON.' }
        @{ Name = 'a task that cannot be'; Fault = @{ kind = 'Status'; status = 200; text = '{"id":"0000000","status":"completed"}' }; Problems = 'Address failed', 'Key skipped'; Detail = 'Address: * HTTP 200 for a task that cannot exist.' }
        @{ Name = 'a redirect'; Fault = @{ kind = 'Redirect'; location = 'https://elsewhere.test/x' }; Problems = 'Address failed', 'Key skipped'; Detail = 'Address: http://127.0.0.1:* redirects to https://elsewhere.test. *' }
        @{ Name = '500'; Fault = @{ kind = 'Status'; status = 500; message = 'out of order' }; Problems = 'Address failed', 'Key skipped'; Detail = 'Address: * cannot process requests: HTTP 500, out of order.' }
        @{ Name = '502 with a web page'; Fault = @{ kind = 'Status'; status = 502; body = 'Html' }; Problems = 'Address failed', 'Key skipped'; Detail = 'Address: * cannot process requests: HTTP 502*' }
        @{ Name = '429'; Fault = @{ kind = 'Status'; status = 429 }; Problems = , 'Key failed'; Detail = 'Key: The response does not show whether the gateway accepts the API key*: HTTP 429*' }
        @{ Name = '402'; Fault = @{ kind = 'Status'; status = 402; message = 'balance too low' }; Problems = , 'Key failed'; Detail = 'Key: The gateway refuses the API key *: HTTP 402, balance too low.' }
        @{ Name = '403'; Fault = @{ kind = 'Status'; status = 403; message = 'no permission' }; Problems = , 'Key failed'; Detail = 'Key: The gateway refuses the API key *: HTTP 403, no permission.' }
        @{ Name = 'half an answer'; Fault = @{ kind = 'HalfBody' }; Problems = 'Address failed', 'Key skipped'; Detail = 'Address: Could not connect to *: the response was cut off: *' }
        @{ Name = 'a cut'; Fault = @{ kind = 'CutBefore' }; Problems = 'Address failed', 'Key skipped', 'Clock skipped'; Detail = 'Address: Could not connect to *' }
    ) {
        Add-Fault (@{ operation = 'Read' } + $Fault)
        $checks = Get-Check
        Get-Problem $checks | Should -Be $Problems
        $failed = $checks.Values | Where-Object Status -eq failed
        "$($failed.Name): $($failed.Detail)" | Should -BeLike $Detail
        Test-MJSession -Quiet | Should -BeFalse
    }

    It 'the key is hidden, wherever it comes back' {
        Add-Fault @{ operation = 'Read'; kind = 'Status'; status = 401; message = "$key is wrong, and so is $($key.Substring(3))" }
        $checks = Get-Check
        $checks.Key.Detail | Should -Match ': HTTP 401, \*+ is wrong, and so is \*+\.$'
        Get-Text $checks | Should -Not -Match '0123456789'
    }

    It 'nothing, at all' {
        $env:MIDJOURNEY_BASE_URI = 'http://127.0.0.1:1'
        $checks = Get-Check
        Get-Problem $checks | Should -Be 'Address failed', 'Key skipped', 'Clock skipped'
        $checks.Address.Detail | Should -BeLike 'Could not connect to http://127.0.0.1:1: *'
    }

    It 'a name that is not known' {
        $env:MIDJOURNEY_BASE_URI = 'https://gateway.invalid'
        $checks = Get-Check
        Get-Problem $checks | Should -Be 'Address failed', 'TLS skipped', 'Key skipped', 'Clock skipped'
        $checks.Address.Detail | Should -BeLike 'The name gateway.invalid cannot be resolved: *'
    }

    It 'too late' {
        Add-Fault @{ operation = 'Read'; kind = 'Stall' }
        $null = New-MJSession -ApiKey $key -BaseUri $gateway.BaseUri -NoJournal -RequestTimeoutSec 0.2
        $checks = Get-Check
        Get-Problem $checks | Should -Be 'Address failed', 'Key skipped', 'Clock skipped'
        $checks.Address.Detail | Should -BeLike '*no response within 0.2 s.'
        $checks.Address.Action | Should -BeLike '*-RequestTimeoutSec.'
    }

    It 'something that does not speak TLS' {
        $null = New-MJSession -ApiKey $key -BaseUri ($gateway.BaseUri -replace '^http', 'https') -NoJournal
        $checks = Get-Check
        Get-Problem $checks | Should -Be 'Address skipped', 'TLS failed', 'Key skipped', 'Clock skipped'
        $checks.TLS.Detail | Should -BeLike 'No secure connection could be made: *'
    }
}

Describe 'The clock' {
    AfterEach { Restore-Environment }

    It '<Name>' -ForEach @(
        @{ Name = 'that is right'; Ahead = 0; Status = 'ok'; Detail = "This machine's clock and that of 127.0.0.1:* agree." }
        @{ Name = 'that is a little ahead'; Ahead = 40; Status = 'ok'; Detail = "This machine's clock is * s ahead of that of 127.0.0.1:*." }
        @{ Name = 'that is ahead'; Ahead = 3700; Status = 'failed'; Detail = "This machine's clock is 1 h 1 min ahead of that of 127.0.0.1:*." }
        @{ Name = 'that is behind'; Ahead = -7300; Status = 'failed'; Detail = "This machine's clock is 2 h 1 min behind that of 127.0.0.1:*." }
    ) {
        $date = [DateTime]::UtcNow.AddSeconds(-$Ahead).ToString('r', [cultureinfo]::InvariantCulture)
        $server = Start-TestServer (Get-Answer '404 Not Found' "Date: $date" '{"error":"task not found"}')
        try { $null = New-MJSession -ApiKey $key -BaseUri $server.BaseUri -NoJournal; $checks = Get-Check }
        finally { $server.Listener.Stop() }
        $checks.Clock.Status | Should -Be $Status
        $checks.Clock.Detail | Should -BeLike $Detail
        $checks.Key.Status | Should -Be 'ok'
    }

    It 'is not compared with <_>' -ForEach 'no date', 'Date: yesterday', 'Date: Mon, 99 Feb 2026 25:00:00 GMT', 'Date: 0' {
        $server = Start-TestServer (Get-Answer '404 Not Found' ($_ -replace '^no date$', 'X: 1') '{"error":"task not found"}')
        try {
            $null = New-MJSession -ApiKey $key -BaseUri $server.BaseUri -NoJournal
            $checks = Get-Check
            # It says nothing about the session.
            Test-MJSession -Quiet | Should -BeTrue
        }
        finally { $server.Listener.Stop() }
        Get-Problem $checks | Should -Be 'Clock skipped'
    }
}

Describe 'PowerShell' {
    It '<Version> is <Status>' -ForEach @(
        @{ Version = '7.3.12'; IsCore = $true; Status = 'failed' }
        @{ Version = '6.2.7'; IsCore = $true; Status = 'failed' }
        @{ Version = '7.4.0'; IsCore = $true; Status = 'ok' }
        @{ Version = '7.10.1'; IsCore = $true; Status = 'ok' }
        @{ Version = '7.7.0-preview.2'; IsCore = $true; Status = 'ok' }
        @{ Version = '5.1.17763.1'; IsCore = $false; Status = 'ok' }
    ) {
        # Nothing older imports the module by its manifest.
        $check = [MidJourney.MJSession].Assembly.GetType('MidJourney.Commands.Shared.SessionChecks').GetMethod('OfPowerShell').Invoke($null, @($Version, $IsCore))
        $check.Status | Should -Be $Status
        $check.Action | Should -BeLike $(if ($Status -eq 'ok') { '' } else { 'Install PowerShell 7.4 or later*' })
    }
}

Describe 'A proxy' {
    AfterEach { Restore-Environment }

    BeforeAll {
        $refusal = Get-Answer '407 Proxy Authentication Required' 'Proxy-Authenticate: Basic realm="p"' '<p>u:p4ssw0rd dTpwNHNzdzByZA== is unknown</p>'
    }

    It 'that does not know its user fails, and its password is shown nowhere: <_>' -ForEach 'https://gateway.test', 'http://gateway.test' {
        $proxy = Start-TestServer $refusal
        try {
            $null = New-MJSession -ApiKey $key -BaseUri $_ -AllowInsecure -Proxy "http://u:p4ssw0rd@127.0.0.1:$($proxy.Port)" -NoJournal
            $checks = Get-Check
        }
        finally { $proxy.Listener.Stop() }
        # Plain http is known to be not encrypted without an answer.
        Get-Problem $checks | Should -Be (@('Address skipped') + @('TLS skipped' | Where-Object { $checks.TLS.Status -eq 'skipped' }) + 'Proxy failed', 'Key skipped', 'Clock skipped')
        $checks.Proxy.Detail | Should -BeLike "http://127.0.0.1:$($proxy.Port), from -Proxy: the proxy rejected the credentials*"
        Get-Text $checks | Should -Not -Match 'p4ss|dTpwNHN'
    }

    It 'that lets the request through is shown' {
        $proxy = Start-TestServer (Get-Answer '404 Not Found' 'X: 1' '{"error":"task not found"}')
        try {
            $null = New-MJSession -ApiKey $key -BaseUri http://gateway.test -AllowInsecure -Proxy "http://127.0.0.1:$($proxy.Port)" -NoJournal
            $checks = Get-Check
        }
        finally { $proxy.Listener.Stop() }
        Get-Problem $checks | Should -Be 'Clock skipped'
        $checks.Proxy.Detail | Should -Be "http://127.0.0.1:$($proxy.Port), from -Proxy"
        $checks.TLS.Detail | Should -BeLike 'Not encrypted, as -AllowInsecure permits*'
    }

    It 'of the environment is shown, without its user' -Skip:($PSEdition -ne 'Core') {
        $script = 'Import-Module MidJourney; Test-MJSession | Where-Object Name -eq Proxy | ForEach-Object { "$($_.Status) $($_.Detail)" }'
        $said = Invoke-NewShell $script @{ MIDJOURNEY_BASE_URI = 'https://gateway.test'; HTTPS_PROXY = 'http://u:p4ssw0rd@127.0.0.1:1' }
        "$said" | Should -BeLike 'failed http://127.0.0.1:1, from the environment or the system, did not connect to https://gateway.test: *'
        "$said" | Should -Not -Match 'p4ssw0rd'
    }

    It 'that is not there fails, not the gateway' {
        $null = New-MJSession -ApiKey $key -BaseUri https://gateway.test -Proxy http://127.0.0.1:1 -NoJournal
        $checks = Get-Check
        Get-Problem $checks | Should -Be 'Address skipped', 'TLS skipped', 'Proxy failed', 'Key skipped', 'Clock skipped'
        $checks.Proxy.Detail | Should -BeLike 'http://127.0.0.1:1, from -Proxy, did not connect to https://gateway.test: *'
    }
}
