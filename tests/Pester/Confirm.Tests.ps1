# Looking before paying.

BeforeAll {
    . ([IO.Path]::Combine($PSScriptRoot, 'Gateway.ps1'))
    $gateway = Start-TestGateway

    # Whatever the host would have shown comes out as text.
    function Get-Transcript([scriptblock] $Code) {
        $path = [IO.Path]::Combine($TestDrive, [guid]::NewGuid().ToString('N') + '.txt')
        $null = Start-Transcript -LiteralPath $path
        try { & $Code } finally { $null = Stop-Transcript }
        [IO.File]::ReadAllText($path)
    }
}

AfterAll {
    Stop-TestGateway $gateway
}

Describe '-WhatIf' {
    It 'names each task that would be paid, and sends nothing' {
        $jobs = 'JobId,ImageNo,Type', 'harbour,"0,2",Creative', 'pier,1,V5_4x' | ConvertFrom-Csv
        $shown = Get-Transcript { $jobs | Invoke-MJUpscale -WhatIf | Should -BeNullOrEmpty }
        foreach ($target in 'job harbour, image 0, type Creative', 'job harbour, image 2, type Creative', 'job pier, image 1, type V5_4x') {
            $shown | Should -Match $target
        }

        $counts = Get-GatewayCount $gateway
        $counts.Creates + $counts.Reads | Should -Be 0
        Get-MJTask | Should -BeNullOrEmpty
    }

    It 'still says which records cannot be right' {
        Invoke-MJUpscale -JobId pier -ImageNo 9 -Type Standard -WhatIf -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems.FullyQualifiedErrorId | Should -BeLike 'MJ.InvalidImageNumber,*'
    }

    It 'holds for every cmdlet that pays' {
        $null = Get-Transcript {
            Invoke-MJDiffusion -Text 'a lighthouse' -WhatIf
            Invoke-MJVariation -JobId harbour -ImageNo 0 -Type Subtle -WhatIf
            Invoke-MJRemix -JobId harbour -ImageNo 0 -RemixPrompt 'at night' -WhatIf
            Invoke-MJOutpaint -JobId harbour -ImageNo 0 -Scale 1.5 -WhatIf
            Invoke-MJRetexture -ImgUrl https://example.com/a.png -RemixPrompt 'made of paper' -WhatIf
        }
        (Get-GatewayCount $gateway).Creates | Should -Be 0
    }

    It 'writes no file' {
        $folder = [IO.Path]::Combine($TestDrive, 'nothing')
        $task = Invoke-MJUpscale -JobId pier -ImageNo 0 -Type Standard -Wait
        $shown = Get-Transcript { $task | Save-MJOutput -Path $folder -WhatIf | Should -BeNullOrEmpty }
        $shown | Should -Match 'pier_0_Standard_0'
        [IO.Directory]::Exists($folder) | Should -BeFalse
        (Get-GatewayCount $gateway).Files | Should -Be 0
    }
}

Describe '-Confirm:$false' {
    It 'makes the task without a question, whatever the preference says' {
        $ConfirmPreference = 'Low'
        (Invoke-MJUpscale -JobId quay -ImageNo 0 -Type Standard -Confirm:$false).SourceJobId | Should -Be 'quay'
    }
}
