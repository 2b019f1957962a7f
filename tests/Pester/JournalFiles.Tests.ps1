# What stands in the journal's place, and who else holds it.

BeforeDiscovery {
    $unix = -not ($PSVersionTable.PSEdition -eq 'Desktop' -or $IsWindows)
}

BeforeAll {
    . ([IO.Path]::Combine($PSScriptRoot, 'Gateway.ps1'))
    $gateway = Start-TestGateway
    $journal = $env:MIDJOURNEY_JOURNAL_PATH
}

AfterAll {
    Stop-TestGateway $gateway
}

Describe 'A journal that is no file' {
    BeforeEach {
        Reset-TestGateway $gateway
    }

    It 'is an error at once: <_>' -Skip:(-not $unix) -ForEach '/dev/null', '/dev/zero', '/dev/tty', '/proc/self', 'pipe', 'link', 'folder', 'folder/' {
        $path = $_
        if (-not $path.StartsWith('/')) { $path = [IO.Path]::Combine($gateway.Folder, $_) }
        $pipe = [IO.Path]::Combine($gateway.Folder, 'pipe')
        if (-not (Test-Path $pipe)) {
            mkfifo $pipe
            $null = New-Item -ItemType SymbolicLink -Path ([IO.Path]::Combine($gateway.Folder, 'link')) -Target $pipe
            $null = New-Item -ItemType Directory -Path ([IO.Path]::Combine($gateway.Folder, 'folder'))
        }
        { New-MJSession -JournalPath $path } | Should -Throw -ErrorId 'MJ.InvalidJournalPath,*'
        try {
            $env:MIDJOURNEY_JOURNAL_PATH = $path
            { Invoke-MJUpscale -JobId job -ImageNo 0 -Type 0 } | Should -Throw -ErrorId 'MJ.InvalidJournalPath,*'
            { Get-MJTask } | Should -Throw -ErrorId 'MJ.InvalidJournalPath,*'
        }
        finally {
            $env:MIDJOURNEY_JOURNAL_PATH = $journal
        }
        (Get-GatewayCount $gateway).Creates | Should -Be 0
    }

    It 'is an error on Windows, too: <_>' -Skip:$unix -ForEach 'NUL', 'C:\CON', '\\.\NUL' {
        { New-MJSession -JournalPath $_ } | Should -Throw -ErrorId 'MJ.InvalidJournalPath,*'
    }
}

Describe 'A journal with odd lines' {
    It 'is listed without them, with one warning' {
        Reset-TestGateway $gateway
        $task = Invoke-MJUpscale -JobId job -ImageNo 0 -Type 0 | Wait-MJTask
        $create = '"ref":"r","baseUri":"' + $gateway.BaseUri + '","model":"midjourney_upscale"'
        '{"v":1,"event":"submitting",' + $create + ',"params":null}', '{"v":1,"event":"submitting",' + $create + ',"params":[]}', "`0`0`0", '{"v":9,"event":"flown"}' |
            ForEach-Object { [IO.File]::AppendAllText($journal, "$_`n") }
        (Get-MJTask -WarningVariable said -WarningAction SilentlyContinue).Id | Should -Be $task.Id
        "$said" | Should -BeLike '*4*'
        @($said).Count | Should -Be 1
        (Invoke-MJUpscale -JobId job -ImageNo 0 -Type 0 -SkipSubmitted).Id | Should -Be $task.Id
        ($task.Id | Wait-MJTask).Id | Should -Be $task.Id
    }
}

Describe 'A journal of which no line can be read' {
    It 'is an error, and nothing is sent: <_>' -ForEach 'unicode', 'NULs', 'another text' {
        Reset-TestGateway $gateway
        $null = Invoke-MJUpscale -JobId job -ImageNo 0 -Type 0
        Get-MJSession | Remove-MJSession
        switch ($_) {
            'unicode' { $lines = Get-Content $journal; $lines | Set-Content -Encoding unicode $journal }
            'NULs' { [IO.File]::WriteAllBytes($journal, [byte[]]::new(4096)) }
            default { 'hello', 'world' | Set-Content $journal }
        }
        try {
            Invoke-MJUpscale -JobId job -ImageNo 0 -Type 0 -SkipSubmitted -ErrorVariable failed -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        }
        catch {
            $failed = @($_)
        }
        $failed[0].FullyQualifiedErrorId | Should -BeLike 'MJ.JournalUnavailable,*'
        (Get-GatewayCount $gateway).Creates | Should -Be 1
        { Get-MJTask -ErrorAction Stop } | Should -Throw -ErrorId 'MJ.JournalUnavailable,*'
    }
}

Describe 'A journal that others can read' {
    It 'is narrowed' -Skip:(-not $unix) {
        Reset-TestGateway $gateway
        $null = Invoke-MJUpscale -JobId job -ImageNo 0 -Type 0
        chmod 644 $journal
        Get-MJSession | Remove-MJSession
        $null = Get-MJTask
        [int] [IO.File]::GetUnixFileMode($journal) | Should -Be 384
    }
}

Describe 'A journal whose lock another process holds' {
    It 'delays neither what is known nor what has ended' {
        Reset-TestGateway $gateway
        $task = Invoke-MJUpscale -JobId job -ImageNo 0 -Type 0
        Get-MJSession | Remove-MJSession
        $held = [IO.FileStream]::new("$journal.lock", 'OpenOrCreate', 'ReadWrite', 'None')
        try {
            $took = Measure-Command {
                (Invoke-MJUpscale -JobId job -ImageNo 0 -Type 0 -SkipSubmitted).Id | Should -Be $task.Id
                ($task | Wait-MJTask).Status | Should -Be Completed
                (Get-MJTask).Id | Should -Be $task.Id
            }
        }
        finally {
            $held.Dispose()
        }
        # A lock is waited for up to ten seconds, where it must be.
        $took.TotalSeconds | Should -BeLessThan 8
    }
}
