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

    It 'is named by its source where the gateway does not accept it: <Source>' -ForEach @(
        @{ Source = '$env:MIDJOURNEY_API_KEY'; Open = { $env:MIDJOURNEY_API_KEY = 'another-key' } }
        @{ Source = '$env:VTRIX_API_KEY'; Open = { $env:MIDJOURNEY_API_KEY = $null; $env:VTRIX_API_KEY = 'another-key' } }
        @{ Source = '$env:MIDJOURNEY_API_KEY'; Open = { $env:MIDJOURNEY_API_KEY = 'another-key'; New-MJSession } }
        @{ Source = '-ApiKey'; Open = { New-MJSession -ApiKey another-key } }
    ) {
        Get-MJSession -All | Remove-MJSession
        try {
            $null = & $Open
            $create = Invoke-Line { Invoke-MJUpscale -JobId harbour -ImageNo 0 -Type Standard }
            $read = Invoke-Line { Get-MJTask -Id nobody }
        }
        finally { $env:MIDJOURNEY_API_KEY, $env:VTRIX_API_KEY = $key, $null }
        "$($create.Thrown)" | Should -BeLike "The gateway does not accept the API key from $Source, so job harbour, image 0, type Standard was not submitted: HTTP 401*"
        "$($read.Errors)" | Should -BeLike "The gateway does not accept the API key from $Source, so task nobody was not read: HTTP 401*"
    }

    It 'is named by its source where it cannot be a key' {
        { New-MJSession -ApiKey "$key $key" } | Should -Throw 'The API key from -ApiKey contains an invalid character*' -ErrorId 'MJ.InvalidApiKey,*'
    }

    It 'is in no file' {
        $session = New-MJSession -ApiKey $key
        $task = Invoke-MJUpscale -JobId harbour -ImageNo 0 -Type Standard -Wait
        $session, $task | Export-Clixml ([IO.Path]::Combine($gateway.Folder, 'all.xml'))
        $task | Save-MJOutput -Path ([IO.Path]::Combine($gateway.Folder, 'out')) -WriteMetadata Both | Export-Clixml ([IO.Path]::Combine($gateway.Folder, 'files.xml'))
        $files = [IO.Directory]::GetFiles($gateway.Folder, '*', 'AllDirectories')
        $files.Count | Should -BeGreaterOrEqual 4
        foreach ($file in $files) { [IO.File]::ReadAllText($file) | Should -Not -Match $key -Because "$file would show it" }
    }

    It 'is kept out of names and metadata, also where there is no session' {
        $url = (Invoke-MJUpscale -JobId mole -ImageNo 0 -Type Standard -Wait).Url
        Get-MJSession -All | Remove-MJSession
        $folder = [IO.Path]::Combine($TestDrive, 'names')
        $null = [pscustomobject] @{ Id = 't'; Status = 'Completed'; Url = $url; Prompt = "a boat $key" } | Save-MJOutput -Path $folder -NameTemplate '{Prompt}' -WriteMetadata Both
        $files = [IO.Directory]::GetFiles($folder)
        @($files -match 'a boat').Count | Should -Be 2
        foreach ($file in $files) { $file + [IO.File]::ReadAllText($file) | Should -Not -Match $key }
    }

    It 'of another session is not taken for the id of one of its tasks' {
        $null = New-MJSession -ApiKey another-key-5678 -BaseUri http://127.0.0.1:1 -NoJournal
        $null = New-MJSession -ApiKey $key
        $problem = (Invoke-Line { [pscustomobject] @{ Id = 'another-key-5678'; BaseUri = 'http://127.0.0.1:1' } | Get-MJTask }).Errors
        $problem | Get-ErrorId | Should -Be 'MJ.InvalidTaskId'
        "$problem $($problem.TargetObject)" | Should -Not -Match 'another-key'
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

Describe 'The key, given by mistake' {
    BeforeAll {
        # All that is told, and all that the errors hold.
        function Get-Told([scriptblock] $Code) {
            $Error.Clear()
            $VerbosePreference = $DebugPreference = $InformationPreference = 'Continue'
            $transcript = [IO.Path]::Combine($TestDrive, [guid]::NewGuid().ToString('N') + '.txt')
            $null = Start-Transcript -LiteralPath $transcript
            try { $told = & $Code *>&1 | Out-String -Width 500 } catch { $told = "$_" } finally { $null = Stop-Transcript }
            $told += [IO.File]::ReadAllText($transcript)
            foreach ($problem in $Error) {
                $told += "`n$($problem.FullyQualifiedErrorId)`n" + $problem.Exception.ToString() + $problem.CategoryInfo + ($problem.ErrorDetails | Out-String)
                $told += [Management.Automation.PSSerializer]::Serialize($problem.TargetObject, 5)
                $told += $problem.TargetObject | Format-List * -Force | Out-String -Width 500
            }
            $told
        }
    }

    It 'is neither shown nor sent: <_>' -ForEach @(
        'Invoke-MJUpscale -JobId $key -ImageNo 0 -Type 1'
        'Invoke-MJUpscale -JobId harbour -ImageNo 0 -Type $key'
        'Invoke-MJUpscale -JobId harbour -ImageNo $key -Type 1'
        'Invoke-MJUpscale -JobId harbour -ImageNo 0 -Type 1 -Callback $key'
        'Invoke-MJUpscale -JobId harbour -ImageNo 0 -Type 1 -Callback "https://example.com/?k=$key"'
        '$key, "x$key" | Invoke-MJUpscale -ImageNo 0 -Type 1'
        '[pscustomobject] @{ JobId = $key; ImageNo = 0; Type = 1 } | Invoke-MJUpscale'
        'Invoke-MJUpscale -JobId @{ x = $key } -ImageNo 0 -Type 1'
        'Invoke-MJDiffusion -Prompt $key'
        'Invoke-MJDiffusion -Prompt "a lighthouse $key"'
        'Invoke-MJDiffusion -Prompt @{ text = @($key) }'
        'Invoke-MJRemix -JobId harbour -ImageNo 0 -RemixPrompt $key'
        'Invoke-MJRemix -JobId harbour -ImageNo 0 -RemixPrompt x -Mode $key'
        'Invoke-MJOutpaint -JobId harbour -ImageNo 0 -Scale $key'
        'Invoke-MJInpaint -JobId harbour -ImageNo 0 -Mask $key'
        'Invoke-MJInpaint -JobId harbour -ImageNo 0 -Mask "https://example.com/$key"'
        'Invoke-MJEdit -JobId harbour -ImageNo 0 -RemixPrompt x -Canvas $key'
        'Invoke-MJEdit -JobId harbour -ImageNo 0 -RemixPrompt x -Canvas 1024x1024 -ImagePosition $key'
        'Invoke-MJRetexture -ImageUrl $key -RemixPrompt x'
        'Invoke-MJRetexture -ImageUrl "https://example.com/$key" -RemixPrompt x'
        'Invoke-MJModel $key @{ a = 1 }'
        'Invoke-MJModel midjourney_pan @{ a = $key }'
        'Invoke-MJModel midjourney_pan @{ a = @{ b = @("x $key") } }'
        'Invoke-MJModel midjourney_pan @{ $key = 1 }'
        'Invoke-MJModel midjourney_pan @{ a = 1 } -JobId $key'
        'Get-MJTask $key'
        '$key | Wait-MJTask'
        'Wait-MJTask -Id @{ Id = $key }, @{ x = $key }'
        '$key | Save-MJOutput -Path $TestDrive'
        'Get-MJTask x -Session $key'
        'Remove-MJSession $key'
        'New-MJMask -Url $key'
        'New-MJCallback $key'
        'New-MJCallback "https://example.com/$key"'
        'New-MJCallback https://example.com -ListenOn "http://127.0.0.1:8080/$key"'
        '"x" | Wait-MJTask -ListenOn "http://127.0.0.1:8080/$key"'
        'Invoke-MJUpscale -JobId harbour -ImageNo 0 -Type 0 -Wait -ListenOn "$key:0"'
        'New-MJMask -Size $key -Rectangle 1,2,3,4'
    ) {
        $null = New-MJSession -ApiKey $key
        $before = Get-GatewayCount $gateway
        foreach ($line in $_, "$_ -WhatIf") {
            if ($line -like '*-WhatIf' -and $line -notmatch 'Invoke-MJ') { continue }
            $told = Get-Told ([scriptblock]::Create($line))
            $told | Should -Not -Match $key.Substring(6, 12)
            $Error | Should -Not -BeNullOrEmpty
        }

        $after = Get-GatewayCount $gateway
        $after.Creates + $after.Reads | Should -Be ($before.Creates + $before.Reads)
    }

    It 'of the environment is known, too, where no session is needed' {
        Get-MJSession | Remove-MJSession
        $told = Get-Told { Invoke-MJUpscale -JobId $key -ImageNo 0 -Type 1 -WhatIf }
        $told | Should -Match 'MJ.InvalidParameter'
        $told | Should -Not -Match $key.Substring(6, 12)
    }

    It 'shares a part with an id, which is sent as it is' {
        $part = $key.Substring(0, 20) + '-7'
        (Invoke-MJUpscale -JobId $part -ImageNo 0 -Type 1).SourceJobId | Should -Be $part
    }
}
