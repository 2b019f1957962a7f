# The key is shown nowhere.

BeforeAll {
    . ([IO.Path]::Combine($PSScriptRoot, 'Gateway.ps1'))
    $key = 'mjkey-' + [guid]::NewGuid().ToString('N')
    $gateway = Start-TestGateway '--duration 0.02 --fail-job wreck' $key
}

AfterAll {
    Stop-TestGateway $gateway
}

Describe 'The key' {
    It 'is in no stream, however much is told' {
        $code = {
            $ErrorActionPreference = $VerbosePreference = $DebugPreference = $InformationPreference = 'Continue'
            New-MJSession -ApiKey $key
            Get-MJSession | Format-List -Property * -Force
            'JobId,ImageNo', 'harbour,0', 'wreck,0', 'pier,7' | ConvertFrom-Csv | Invoke-MJUpscale -Type Standard | Wait-MJTask
            Get-MJTask -Id nobody
            Get-MJSession | ConvertTo-Json -Depth 4
            try { New-MJSession -ApiKey "$key $key" } catch { $_ }
        }
        $told = & $code *>&1 | Out-String -Width 500
        $told | Should -Match 'POST'
        $told | Should -Match 'harbour'
        $told | Should -Not -Match $key
    }

    It 'is in no error, not even in the whole of it' {
        $Error.Clear()
        Get-MJTask -Id nobody -Session (New-MJSession -ApiKey "$key-wrong") -ErrorAction SilentlyContinue
        $problem = $Error[0]
        $problem.FullyQualifiedErrorId | Should -BeLike 'MJ.Unauthorized,*'
        $problem | Format-List -Property * -Force | Out-String -Width 500 | Should -Not -Match $key
        $problem.Exception.ToString() | Should -Not -Match $key
    }

    It 'is in no file' {
        $session = New-MJSession -ApiKey $key
        $task = Invoke-MJUpscale -JobId harbour -ImageNo 0 -Type Standard -Wait
        $session, $task | Export-Clixml ([IO.Path]::Combine($gateway.Folder, 'all.xml'))
        $task | Save-MJOutput -Path ([IO.Path]::Combine($gateway.Folder, 'out')) | Export-Clixml ([IO.Path]::Combine($gateway.Folder, 'files.xml'))
        $files = [IO.Directory]::GetFiles($gateway.Folder, '*', 'AllDirectories')
        $files.Count | Should -BeGreaterOrEqual 4
        foreach ($file in $files) { [IO.File]::ReadAllText($file) | Should -Not -Match $key -Because "$file would show it" }
    }

    It 'in part of a prompt does not hide a known task from -SkipSubmitted' {
        $null = New-MJSession -ApiKey $key
        $prompt = 'a harbour ' + $key.Substring(0, 20)
        $task = Invoke-MJDiffusion $prompt
        # A task that is not known would need an answer, and nobody is there to give it.
        (Invoke-MJDiffusion $prompt -SkipSubmitted -Confirm).Id | Should -Be $task.Id
    }

    It 'is taken as a secure string, too' {
        $session = New-MJSession -ApiKey (ConvertTo-SecureString $key -AsPlainText -Force)
        (Invoke-MJUpscale -JobId pier -ImageNo 0 -Type Standard -Session $session).SourceJobId | Should -Be 'pier'
    }
}
