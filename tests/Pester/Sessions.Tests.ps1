# Sessions: what makes one, what is refused, which one a command uses, and the names of accounts.

BeforeAll {
    . ([IO.Path]::Combine($PSScriptRoot, 'Gateway.ps1'))
    $gateway = Start-TestGateway
    $file = [IO.Path]::Combine($TestDrive, 'tasks')
}

AfterAll {
    Stop-TestGateway $gateway
}

Describe 'New-MJSession' {
    BeforeEach {
        Get-MJSession -All | Remove-MJSession
    }

    It 'refuses <Given> as <Id>' -ForEach @(
        @{ Id = 'InvalidBaseUri'; Given = '-ApiKey k -BaseUri ftp://host' }
        @{ Id = 'InvalidBaseUri'; Given = '-ApiKey k -BaseUri /path' }
        @{ Id = 'InvalidBaseUri'; Given = '-ApiKey k -BaseUri https://user:secret@host' }
        @{ Id = 'InvalidBaseUri'; Given = '-ApiKey k -BaseUri https://host/?a=b' }
        @{ Id = 'InsecureEndpoint'; Given = '-ApiKey k -BaseUri http://example.org' }
        @{ Id = 'InvalidApiKey'; Given = "-ApiKey ' '" }
        @{ Id = 'InvalidApiKey'; Given = "-ApiKey 'with space'" }
        @{ Id = 'InvalidProxy'; Given = '-ApiKey k -Proxy proxy:8080' }
        @{ Id = 'InvalidProxy'; Given = '-ApiKey k -ProxyUseDefaultCredentials' }
        @{ Id = 'NoSession'; Given = '' }
    ) {
        $key, $env:MIDJOURNEY_API_KEY = $env:MIDJOURNEY_API_KEY, ''
        try {
            $thrown = (Invoke-Line "New-MJSession $Given").Thrown
            (Get-MJSession).IsOpen | Should -BeFalse
        }
        finally { $env:MIDJOURNEY_API_KEY = $key }
        $thrown | Get-ErrorId | Should -Be "MJ.$Id"
        $thrown.Exception.ToString() | Should -Not -Match 'secret'
    }

    It 'takes plain http to another machine with -AllowInsecure' {
        (New-MJSession -ApiKey k -BaseUri http://example.org -AllowInsecure).BaseUri.Host | Should -Be 'example.org'
    }
}

Describe 'The session of a command' {
    BeforeEach {
        Reset-TestGateway $gateway
        $key = $env:MIDJOURNEY_API_KEY
    }

    AfterEach {
        $env:MIDJOURNEY_API_KEY = $key
        $env:VTRIX_API_KEY = $null
    }

    It 'is made from the environment, and follows it' {
        $env:MIDJOURNEY_API_KEY = $null
        $env:VTRIX_API_KEY = 'wrong-key'
        (Invoke-Line { Invoke-MJUpscale -JobId j -ImageNo 0 -Type Creative }).ErrorIds | Should -Be 'MJ.Unauthorized'
        $env:MIDJOURNEY_API_KEY = " $key "
        (Invoke-MJUpscale -JobId j -ImageNo 0 -Type Creative).Id | Should -Be (Get-Emulated tasks).id
    }

    It 'is the default one of its runspace' {
        $null = New-MJSession
        $shell = [powershell]::Create()
        try { $shell.AddScript('Get-MJSession').Invoke().IsOpen | Should -BeFalse }
        finally { $shell.Dispose() }
    }

    It 'may be one of another runspace, given by -Session' {
        $session = New-MJSession
        $shell = [powershell]::Create()
        try { $shell.AddScript('param($Session) Invoke-MJUpscale -JobId a -ImageNo 0 -Type 0 -Session $Session').AddArgument($session).Invoke() | Should -HaveCount 1 }
        finally { $shell.Dispose() }
        $session.Creates | Should -Be 1
    }

    It 'is none that was removed' {
        $session = New-MJSession
        Remove-MJSession
        (Get-MJSession).IsOpen | Should -BeFalse
        (Invoke-Line { Invoke-MJUpscale -JobId a -ImageNo 0 -Type 0 -Session $session }).ErrorIds | Should -Be 'MJ.SessionEnded'
        $env:MIDJOURNEY_API_KEY = $null
        (Invoke-Line { Get-MJTask x }).ErrorIds | Should -Be 'MJ.NoSession'
    }

    It 'counts its requests' {
        $session = New-MJSession -ThrottleLimit 4
        $null = Invoke-MJUpscale -JobId j -ImageNo 0, 1 -Type Creative | Get-MJTask
        $session.ThrottleLimit, $session.Creates, $session.Accepted, $session.Reads, $session.InFlight | Should -Be 4, 2, 2, 2, 0
    }
}

Describe 'A session' {
    BeforeEach {
        Reset-TestGateway $gateway
    }

    It 'names its account, which its tasks belong to' {
        $studio = New-MJSession -Account ' studio '
        $studio.Account | Should -BeExactly 'studio'
        (Invoke-MJUpscale -JobId harbour -ImageNo 0 -Type Standard).Account | Should -BeExactly 'studio'
        (Invoke-MJUpscale -JobId harbour -ImageNo 1 -Type Standard -Wait | Get-MJTask).Account | Should -BeExactly 'studio'
    }

    It 'takes the name of its account from the environment, and follows that' {
        try {
            $env:MIDJOURNEY_ACCOUNT = 'agency'
            (Invoke-MJUpscale -JobId harbour -ImageNo 0 -Type Standard).Account | Should -BeExactly 'agency'
            (New-MJSession).Account | Should -BeExactly 'agency'
            (New-MJSession -Account studio).Account | Should -BeExactly 'studio'
            Get-MJSession | Remove-MJSession
            $env:MIDJOURNEY_ACCOUNT = 'house'
            (Invoke-MJUpscale -JobId harbour -ImageNo 1 -Type Standard).Account | Should -BeExactly 'house'
        }
        finally {
            $env:MIDJOURNEY_ACCOUNT = $null
        }
    }

    It 'refuses <Name> as the name of an account' -ForEach @(
        @{ Name = 'an empty text'; Value = '' }
        @{ Name = 'spaces'; Value = '  ' }
        @{ Name = '65 characters'; Value = 'a' * 65 }
        @{ Name = 'two lines'; Value = "a`nb" }
        @{ Name = 'an escape'; Value = "a$([char] 27)[31mb" }
        @{ Name = 'an invisible character'; Value = "a$([char] 0x200B)b" }
        @{ Name = 'half a character'; Value = "a$([char] 0xD83D)" }
        @{ Name = 'a hashtable'; Value = @{ a = 1 } }
    ) {
        { New-MJSession -Account $Value } | Should -Throw -ErrorId 'MJ.InvalidParameter,*'
        (Get-MJSession).IsOpen | Should -BeFalse
    }

    It 'refuses the key as the name of an account' {
        $failed = { New-MJSession -ApiKey secret-key-1234 -Account secret-key-1234 } | Should -Throw -ErrorId 'MJ.InvalidParameter,*' -PassThru
        "$failed $($failed.ErrorDetails)" | Should -Not -BeLike '*secret-key*'
    }

    It 'refuses a name of the environment that cannot be one' {
        $env:MIDJOURNEY_ACCOUNT = 'a' * 65
        try { { Invoke-MJUpscale -JobId harbour -ImageNo 0 -Type Standard } | Should -Throw -ErrorId 'MJ.InvalidParameter,*' -ExpectedMessage 'MIDJOURNEY_ACCOUNT *' }
        finally { $env:MIDJOURNEY_ACCOUNT = $null }
    }

    It 'takes 64 characters of any language as the name of an account' {
        (New-MJSession -Account ('ü' * 64)).Account.Length | Should -Be 64
    }

    It 'of the same account reads the task, where there are several of one gateway' {
        $studio = New-MJSession -Account studio
        $agency = New-MJSession -Account agency
        $null = New-MJSession -Account house
        Invoke-MJUpscale -JobId harbour -ImageNo 0 -Type Standard -Session $agency | Export-Clixml $file
        (Import-Clixml $file | Wait-MJTask).Account | Should -BeExactly 'agency'
        $agency.Reads | Should -BeGreaterThan 0
        $studio.Reads + (Get-MJSession).Reads | Should -Be 0
    }

    It 'of another account reads the task, where there is no other' {
        $agency = New-MJSession -Account agency
        Invoke-MJUpscale -JobId harbour -ImageNo 0 -Type Standard | Export-Clixml $file
        Remove-MJSession $agency
        $null = New-MJSession -Account house
        (Import-Clixml $file | Wait-MJTask).Status | Should -Be 'Completed'
    }

    It 'that was refused is not used for its tasks any more, once there is another one' {
        $refused = New-MJSession -ApiKey revoked-key-1234 -BaseUri $gateway.BaseUri
        $task = [pscustomobject] @{ Id = (Invoke-MJUpscale -JobId harbour -ImageNo 0 -Type Standard -Session (New-MJSession)).Id }
        $task | Get-MJTask -Session $refused -ErrorVariable failed -ErrorAction SilentlyContinue
        $failed | Get-ErrorId | Should -Be 'MJ.Unauthorized'
        $refused.Undelivered | Should -HaveCount 1
        $refused.Undelivered | Wait-MJTask | Should -HaveCount 1
        $refused.Undelivered | Should -BeNullOrEmpty
    }

    It 'is listed while it is open, the default one first' {
        $first, $second, $null = 'first', 'second', 'third' | ForEach-Object { New-MJSession -Account $_ }
        (Get-MJSession -All).Account | Should -Be 'third', 'second', 'first'
        Remove-MJSession $second
        (Get-MJSession -All).Account | Should -Be 'third', 'first'
        Remove-MJSession
        (Get-MJSession -All).Account | Should -Be 'first'
        (Get-MJSession).IsOpen | Should -BeFalse
        Remove-MJSession $first
        Get-MJSession -All | Should -BeNullOrEmpty
    }

    It 'of the environment hands on what it did not deliver when the key there changes' {
        $tasks = Invoke-MJUpscale -JobId harbour -ImageNo 0, 1 -Type Standard
        $null = $tasks | Wait-MJTask -Any
        $before = (Get-MJSession).Undelivered
        $before | Should -HaveCount 1
        $env:MIDJOURNEY_API_KEY = 'another-key-1234'
        try { { Get-MJTask -Id nothing -ErrorAction Stop } | Should -Throw -ErrorId 'MJ.Unauthorized,*' }
        finally { $env:MIDJOURNEY_API_KEY = 'test' }
        (Get-MJSession).Undelivered.Id | Should -Contain $before.Id
        $before | Wait-MJTask | Should -HaveCount 1
        (Get-MJSession).Undelivered.Id | Should -Not -Contain $before.Id
    }
}

Describe 'Get-MJSession where there is no session' {
    BeforeEach {
        Get-MJSession -All | Remove-MJSession
        $before = $env:MIDJOURNEY_API_KEY, $env:MIDJOURNEY_BASE_URI, $env:MIDJOURNEY_JOURNAL_PATH
    }

    AfterEach {
        $env:MIDJOURNEY_API_KEY, $env:MIDJOURNEY_BASE_URI, $env:MIDJOURNEY_JOURNAL_PATH = $before
    }

    It 'tells the address and the journal that the next one would use, without a key' {
        $env:MIDJOURNEY_API_KEY = $null
        $env:MIDJOURNEY_JOURNAL_PATH = [IO.Path]::Combine($TestDrive, 'not', 'there.jsonl')
        $closed = Get-MJSession
        $closed.JournalPath | Should -Be $env:MIDJOURNEY_JOURNAL_PATH
        $closed.BaseUri | Should -Be "$($gateway.BaseUri)/"
        "$($closed.IsOpen) $($closed.Accepted) $($closed.Account)" | Should -Be 'False 0 '
        $closed.Undelivered | Should -BeNullOrEmpty
        [IO.Directory]::Exists([IO.Path]::GetDirectoryName($closed.JournalPath)) | Should -BeFalse
        Get-MJSession -All | Should -BeNullOrEmpty
        $closed | Out-String -Width 80 | Should -Match '(?m)^IsOpen +: False'
    }

    It 'opens none: what is done with it is refused, and to remove it does nothing' {
        $closed = Get-MJSession
        (Invoke-Line { Invoke-MJUpscale -JobId a -ImageNo 0 -Type 0 -Session $closed }).ErrorIds | Should -Be 'MJ.SessionEnded'
        (Invoke-Line { $closed | Remove-MJSession }).ErrorIds | Should -BeNullOrEmpty
        (Invoke-MJUpscale -JobId a -ImageNo 0 -Type 0).BaseUri | Should -Be $gateway.BaseUri
        (Get-MJSession).IsOpen | Should -BeTrue
    }

    It 'says what is wrong with the environment: <Id>' -ForEach @(
        @{ Id = 'MJ.InvalidBaseUri'; Variable = 'MIDJOURNEY_BASE_URI'; Value = 'https://user:secret@example.org' }
        @{ Id = 'MJ.InvalidJournalPath'; Variable = 'MIDJOURNEY_JOURNAL_PATH'; Value = 'journal.jsonl' }
    ) {
        Set-Item "Env:$Variable" $Value
        $run = Invoke-Line { Get-MJSession }
        $run.ErrorIds | Should -Be $Id
        $run.Output | Should -BeNullOrEmpty
        "$($run.Errors)" | Should -Not -Match 'secret'
    }
}

Describe 'New-MJSession -SecretName' {
    BeforeAll {
        # As a vault has it, for the module that looks the command up.
        function global:Get-Secret {
            [CmdletBinding()]
            param([string] $Name, [string] $Vault)
            if ($Vault -eq 'locked') { throw 'The vault is locked.' }
            switch ($Name) {
                'secure' { ConvertTo-SecureString "test$Vault" -AsPlainText -Force }
                'text' { 'test' }
                'credential' { [pscredential]::new('me', (ConvertTo-SecureString 'test' -AsPlainText -Force)) }
                'wrong' { 'another-key-1234' }
                'table' { @{ key = 'test-secret' } }
                'number' { 12 }
                default { Write-Error "The secret $Name was not found." }
            }
        }
    }

    AfterAll {
        Remove-Item Function:Get-Secret
        Get-MJSession -All | Remove-MJSession
    }

    BeforeEach {
        $before = $env:MIDJOURNEY_API_KEY
        $env:MIDJOURNEY_API_KEY = $null
    }

    AfterEach {
        $env:MIDJOURNEY_API_KEY = $before
    }

    It 'takes the key from a secret that is a <_>' -ForEach 'secure', 'text', 'credential' {
        $null = New-MJSession -SecretName $_
        Invoke-MJUpscale -JobId "vault-$_" -ImageNo 0 -Type 0 | Should -HaveCount 1
    }

    It 'takes it from the vault that is named, and says where it came from where it is wrong' {
        $null = New-MJSession -SecretName secure -VaultName other
        "$((Invoke-Line { Get-MJTask nobody }).Errors)" | Should -BeLike "The gateway does not accept the API key from the secret 'secure'*"
    }

    It 'is an error that says what to do where <Case>' -ForEach @(
        @{ Case = 'there is no secret'; Given = @{ SecretName = 'nothing' }; Message = "The secret 'nothing' was not returned: The secret nothing was not found."; Advice = '*Get-SecretInfo*' }
        @{ Case = 'the vault fails'; Given = @{ SecretName = 'secure'; VaultName = 'locked' }; Message = "The secret 'secure' was not returned by the vault 'locked': The vault is locked."; Advice = '*Get-SecretInfo*' }
        @{ Case = 'it is a table'; Given = @{ SecretName = 'table' }; Message = "The secret 'table' is a value of type *Hashtable*"; Advice = '*Set-Secret*' }
        @{ Case = 'it is a number'; Given = @{ SecretName = 'number' }; Message = "The secret 'number' is a value of type *"; Advice = '*Set-Secret*' }
    ) {
        $thrown = (Invoke-Line { New-MJSession @Given }).Thrown
        $thrown | Get-ErrorId | Should -Be 'MJ.SecretNotRead'
        "$thrown" | Should -BeLike $Message
        $thrown.ErrorDetails.RecommendedAction | Should -BeLike $Advice
        $thrown.Exception.ToString() | Should -Not -Match 'test-secret'
    }

    It 'says what to install where there is no Get-Secret' {
        $told = Invoke-NewShell 'Import-Module MidJourney; try { New-MJSession -SecretName MidJourney } catch { "$_"; $_.ErrorDetails.RecommendedAction }'
        $told[0] | Should -Be '-SecretName requires the command Get-Secret, and it is not installed.'
        $told[1] | Should -BeLike '*Install-PSResource Microsoft.PowerShell.SecretManagement*'
    }

    It 'goes with no -ApiKey' {
        { New-MJSession -SecretName secure -ApiKey test } | Should -Throw -ErrorId 'AmbiguousParameterSet,*'
        { New-MJSession -VaultName other -ApiKey test } | Should -Throw -ErrorId 'AmbiguousParameterSet,*'
    }
}
