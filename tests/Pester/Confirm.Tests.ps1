# Looking before paying.

BeforeAll {
    . ([IO.Path]::Combine($PSScriptRoot, 'Gateway.ps1'))
    $gateway = Start-TestGateway
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

    It 'needs neither a session nor a key' {
        Get-MJSession | Remove-MJSession
        $key, $env:MIDJOURNEY_API_KEY = $env:MIDJOURNEY_API_KEY, ''
        try { $run = Invoke-Line { Invoke-MJUpscale -JobId j -ImageNo 0, 1 -Type Creative -WhatIf } }
        finally { $env:MIDJOURNEY_API_KEY = $key }
        $run.ErrorIds + $run.Output | Should -BeNullOrEmpty
    }

    It 'still says which records cannot be right' {
        Invoke-MJUpscale -JobId pier -ImageNo 9 -Type Standard -WhatIf -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems.FullyQualifiedErrorId | Should -BeLike 'MJ.InvalidImageNumber,*'
    }

    It 'holds for every cmdlet that pays' {
        $models = Import-PowerShellDataFile ([IO.Path]::Combine($PSScriptRoot, '..', 'Models.psd1'))
        foreach ($cmdlet in $models.Keys) {
            $record = $models[$cmdlet]
            Get-Transcript { & $cmdlet @record -WhatIf | Should -BeNullOrEmpty } | Should -Match '"Create a paid ' -Because "$cmdlet shows what it would do"
        }

        $models.Keys | Sort-Object | Should -Be ((Get-Command -Module MidJourney -Verb Invoke).Name | Sort-Object)
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
