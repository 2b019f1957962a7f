# What a user gets by importing the module.

BeforeAll {
    . ([IO.Path]::Combine($PSScriptRoot, 'Gateway.ps1'))
    $manifest = [IO.Path]::Combine($modules, 'MidJourney', 'MidJourney.psd1')

    # Another folder with the same module, of a version of its own if need be.
    function Copy-Module([string] $Name, [string] $Version) {
        $folder = [IO.Path]::Combine($TestDrive, $Name)
        $null = [IO.Directory]::CreateDirectory($folder)
        Copy-Item ([IO.Path]::Combine($modules, 'MidJourney')) $folder -Recurse
        $copy = [IO.Path]::Combine($folder, 'MidJourney', 'MidJourney.psd1')
        if ($Version) {
            $text = [IO.File]::ReadAllText($copy) -replace "(?<=ModuleVersion\s+= ')[^']+", $Version
            [IO.File]::WriteAllText($copy, $text)
        }
        $copy
    }
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
        { Get-MJSession } | Should -Not -Throw
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
            $shell.AddScript('Get-MJSession -All; (Get-Module MidJourney).Name').Invoke() | Should -Be 'MidJourney'
        }
        finally {
            $shell.Dispose()
            $env:PSModulePath = $before
        }
    }
}

Describe 'A second copy of the module in one session' {
    BeforeAll {
        $same = Copy-Module same
        $newer = Copy-Module newer '9.0.0'
        $check = "if (`$Error) { `$Error } else { 'no error' }"
    }

    It '<Name> is imported without an error' -ForEach @(
        @{ Name = 'of the same version'; Script = 'Import-Module {0}; Import-Module {1}' }
        @{ Name = 'of a newer version'; Script = 'Import-Module {0}; Import-Module {2}; if ((Get-Module MidJourney).Count -ne 2) {{ throw "one is missing" }}' }
        @{ Name = 'of an older version'; Script = 'Import-Module {2}; Import-Module {0}' }
        @{ Name = 'with -Force'; Script = 'Import-Module {0}; Import-Module {1} -Force; Import-Module {2} -Force; Import-Module {0} -Force' }
        @{ Name = 'after the first was removed'; Script = 'Import-Module {0}; Remove-Module MidJourney; Import-Module {2}' }
        @{ Name = 'into another runspace'; Script = 'Import-Module {0}; $other = [powershell]::Create(); $null = $other.AddScript("Import-Module {1}; Get-MJSession").Invoke(); $other.Streams.Error' }
    ) {
        $said = Invoke-NewShell (($Script -f "'$manifest'", "'$same'", "'$newer'") + "; $check; (Get-Command Wait-MJTask).Name")
        $said | Should -Be 'no error', 'Wait-MJTask'
    }

    It 'of another build uses the cmdlets that were loaded first, and says so' -Skip:($PSEdition -ne 'Core') {
        $built = Copy-Module built
        $library = [IO.Path]::Combine([IO.Path]::GetDirectoryName($built), 'bin', 'net8.0', 'MidJourney.dll')
        # Another build has another id, which is a GUID in the file.
        $bytes = [IO.File]::ReadAllBytes($library)
        $id = [Reflection.Assembly]::LoadFrom([IO.Path]::Combine($modules, 'MidJourney', 'bin', 'net8.0', 'MidJourney.dll')).ManifestModule.ModuleVersionId.ToByteArray()
        $text = [Text.Encoding]::GetEncoding('latin1')
        $at = $text.GetString($bytes).IndexOf($text.GetString($id), [StringComparison]::Ordinal)
        $at | Should -BeGreaterThan 0
        $bytes[$at] = $bytes[$at] -bxor 1
        [IO.File]::WriteAllBytes($library, $bytes)
        $said = Invoke-NewShell "Import-Module '$manifest'; Import-Module '$built' 3>&1 | ForEach-Object Message; (Get-Command Wait-MJTask).Name"
        $said[0] | Should -Match 'keeps the MidJourney cmdlets that it loaded first'
        $said | Select-Object -Skip 1 | Should -Be 'Wait-MJTask'
    }
}

Describe 'Where the module cannot run' {
    BeforeAll {
        # What the .NET of an earlier PowerShell makes of the library.
        $refused = Copy-Module refused
        [IO.File]::WriteAllText([IO.Path]::Combine([IO.Path]::GetDirectoryName($refused), 'bin', 'net8.0', 'MidJourney.dll'), 'not a library')
        $import = "`$PSVersionTable['PSVersion'] = [semver] '{0}'; try {{ Import-Module '$refused' }} catch {{ `$_.Exception.Message }}"
    }

    It 'PowerShell <_> is told what is needed' -Skip:($PSEdition -ne 'Core') -ForEach '7.0.13', '7.2.24', '7.3.12', '6.2.7' {
        Invoke-NewShell ($import -f $_) | Should -Be "MidJourney needs PowerShell 7.4 or later, or Windows PowerShell 5.1. This is PowerShell $_."
    }

    It 'PowerShell <_> is told why' -Skip:($PSEdition -ne 'Core') -ForEach '7.4.0', '7.5.4', '7.6.9', '7.10.0', '8.0.0' {
        Invoke-NewShell ($import -f $_) | Should -Match 'MidJourney\.dll'
    }

    It 'the manifest in the source tree says how to build' {
        $said = Invoke-NewShell "Set-Location '$root'; try { Import-Module ./MidJourney } catch { `$_.Exception.Message }"
        $said | Should -Match '\./build\.ps1.+Import-Module \./out/MidJourney\.$'
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
