# What a user gets by importing the module.

BeforeAll {
    . ([IO.Path]::Combine($PSScriptRoot, 'Gateway.ps1'))
    $manifest = [IO.Path]::Combine($modules, 'MidJourney', 'MidJourney.psd1')
}

Describe 'The module' -Tag Smoke {
    It 'has a manifest that PowerShell takes, for both editions' {
        $tested = Test-ModuleManifest $manifest
        $tested.Name | Should -Be 'MidJourney'
        $tested.PowerShellVersion | Should -Be '5.1'
        $tested.CompatiblePSEditions | Should -Be 'Desktop', 'Core'
    }

    It 'exports the cmdlets of its manifest and nothing else' {
        $module = Import-Module $manifest -PassThru
        $listed = (Import-PowerShellDataFile $manifest).CmdletsToExport
        $listed | Should -Contain 'Invoke-MJUpscale'
        $module.ExportedCmdlets.Keys | Sort-Object | Should -Be ($listed | Sort-Object)
        $module.ExportedCommands.Count | Should -Be $listed.Count
    }

    It 'uses only approved verbs' {
        $null = Import-Module $manifest -Force -WarningVariable warnings
        $warnings | Should -BeNullOrEmpty
        (Get-Command -Module MidJourney).Verb | Should -BeIn (Get-Verb).Verb
    }

    It 'can be imported again and again' {
        { foreach ($time in 1..3) { Import-Module $manifest -Force } } | Should -Not -Throw
        Get-Command Wait-MJTask | Should -HaveCount 1
    }

    It 'can be removed, and takes its cmdlets along' {
        $shell = [powershell]::Create()
        try {
            $left = $shell.AddScript("Import-Module '$manifest'; Remove-Module MidJourney; Get-Command -Module MidJourney -ListImported").Invoke()
            $shell.Streams.Error | Should -BeNullOrEmpty
            $left | Should -BeNullOrEmpty
        }
        finally {
            $shell.Dispose()
        }
    }

    It 'is loaded by the first cmdlet that is named' {
        $before = $env:PSModulePath
        $env:PSModulePath = $modules + [IO.Path]::PathSeparator + $before
        $shell = [powershell]::Create()
        try {
            $shell.AddScript('Get-MJSession; (Get-Module MidJourney).Name').Invoke() | Should -Be 'MidJourney'
        }
        finally {
            $shell.Dispose()
            $env:PSModulePath = $before
        }
    }
}

Describe 'Without a key' -Tag Smoke {
    It 'a cmdlet that needs the gateway says what to run' {
        $before = @{}
        foreach ($name in 'MIDJOURNEY_API_KEY', 'VTRIX_API_KEY') {
            $before[$name] = [Environment]::GetEnvironmentVariable($name)
            [Environment]::SetEnvironmentVariable($name, $null)
        }

        try {
            Import-Module $manifest
            Get-MJSession | Remove-MJSession
            $problem = { Get-MJTask -Id any } | Should -Throw -ErrorId 'MJ.NoSession*' -PassThru
            $problem.ErrorDetails.RecommendedAction | Should -Match 'MIDJOURNEY_API_KEY.+New-MJSession'
        }
        finally {
            foreach ($name in $before.Keys) { [Environment]::SetEnvironmentVariable($name, $before[$name]) }
        }
    }
}
