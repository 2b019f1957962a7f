# The package for the PowerShell Gallery: what is in it, that the same sources give the same bytes, and that it can be installed.

BeforeDiscovery {
    # Where MIDJOURNEY_MODULE_PATH names an unpacked package, that one is tested by all the other files.
    $canPack = $PSVersionTable.PSEdition -eq 'Core' -and -not $env:MIDJOURNEY_MODULE_PATH
}

Describe 'The package' -Skip:(-not $canPack) {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'Gateway.ps1'))

        # Runs a script in another process of this PowerShell, which must succeed, and returns what it shows.
        function Invoke-Process([string] $Script, [hashtable] $Variables = @{}) {
            $shown = Invoke-NewShell "`$ErrorActionPreference = 'Stop'; `$PSStyle.OutputRendering = 'PlainText'`n$Script" $Variables | Out-String -Width 1000
            $LASTEXITCODE | Should -Be 0 -Because $shown
            $shown
        }

        function Copy-Source([string] $From, [string] $To) {
            foreach ($file in Get-ChildItem $From -File -Recurse -Force) {
                $relative = [IO.Path]::GetRelativePath($From, $file.FullName)
                if ($relative -match '(^|[\\/])(bin|obj|out)[\\/]') { continue }
                $target = [IO.Path]::Combine($To, $relative)
                $null = [IO.Directory]::CreateDirectory([IO.Path]::GetDirectoryName($target))
                [IO.File]::Copy($file.FullName, $target)
            }
        }

        function Get-Entry([string] $Package) {
            $zip = [IO.Compression.ZipFile]::OpenRead($Package)
            try { $zip.Entries.FullName } finally { $zip.Dispose() }
        }

        function Get-Nuspec([string] $Package) {
            $zip = [IO.Compression.ZipFile]::OpenRead($Package)
            try {
                $reader = [IO.StreamReader]::new($zip.GetEntry('MidJourney.nuspec').Open())
                ([xml] $reader.ReadToEnd()).package.metadata
            }
            finally { $zip.Dispose() }
        }

        # A user of another machine. On Windows, the environment does not say where a user's files lie.
        $user = "$TestDrive/user"
        foreach ($folder in '.local/share', 'config', 'cache') { $null = [IO.Directory]::CreateDirectory("$user/$folder") }
        $machine = @{
            HOME                    = $user
            XDG_DATA_HOME           = "$user/.local/share"
            XDG_CONFIG_HOME         = "$user/config"
            XDG_CACHE_HOME          = "$user/cache"
            PSModulePath            = $null
            MIDJOURNEY_JOURNAL_PATH = "$user/journal.jsonl"
        }

        # Nothing but the sources, in another folder.
        $copy = [IO.Path]::Combine($TestDrive, 'another folder')
        $null = [IO.Directory]::CreateDirectory($copy)
        foreach ($file in [IO.Directory]::GetFiles($root)) { [IO.File]::Copy($file, [IO.Path]::Combine($copy, [IO.Path]::GetFileName($file))) }
        foreach ($folder in '.config', 'src', 'docs', 'tests/HelpTool') { Copy-Source "$root/$folder" "$copy/$folder" }
        $null = Invoke-Process "& '$copy/build.ps1' Package"
        $package = (Get-Item "$copy/out/*.nupkg").FullName
        $module = "$copy/out/MidJourney"
        $manifest = Import-PowerShellDataFile "$module/MidJourney.psd1"
        $nuspec = Get-Nuspec $package
    }

    It 'is named after the module and its version' {
        [IO.Path]::GetFileName($package) | Should -Be "MidJourney.$($manifest.ModuleVersion).nupkg"
    }

    It 'has the same bytes wherever it was made' {
        foreach ($framework in 'net472', 'net8.0') {
            $built = Get-FileHash "$root/out/MidJourney/bin/$framework/MidJourney.dll", "$root/src/MidJourney/bin/Release/$framework/MidJourney.dll" -ErrorAction Ignore
            if (@($built).Count -ne 2 -or $built[0].Hash -ne $built[1].Hash) {
                Set-ItResult -Skipped -Because 'out/MidJourney is not a Release build for both PowerShells'
            }
        }

        $here = "$TestDrive/here"
        $null = Invoke-Process "Set-Location '$root'; & ./src/MidJourney/Package.ps1 -Module out/MidJourney -Destination '$here'"
        (Get-Entry "$here/*.nupkg".Replace('*', "MidJourney.$($manifest.ModuleVersion)")) | Should -Be (Get-Entry $package)
        (Get-FileHash "$here/*.nupkg").Hash | Should -Be (Get-FileHash $package).Hash
    }

    It 'holds the module and nothing else' {
        $libraries = 'Microsoft.Bcl.AsyncInterfaces', 'Microsoft.Bcl.TimeProvider', 'MidJourney', 'MidJourney.Client', 'System.Buffers', 'System.IO.Pipelines', 'System.Memory',
            'System.Numerics.Vectors', 'System.Runtime.CompilerServices.Unsafe', 'System.Text.Encodings.Web', 'System.Text.Json', 'System.Threading.Channels',
            'System.Threading.Tasks.Extensions', 'System.ValueTuple'
        $expected = @(
            'MidJourney.psd1', 'CHANGELOG.md', 'LICENSE', 'THIRD-PARTY-NOTICES.txt', 'icon.png', 'en-US/MidJourney.dll-Help.xml'
            $manifest.RootModule
            $manifest.FormatsToProcess
            'bin/net8.0/MidJourney.dll', 'bin/net8.0/MidJourney.Client.dll'
            $libraries | ForEach-Object { "bin/net472/$_.dll" }
            (Get-ChildItem "$root/src/MidJourney/en-US/about_*.help.txt").Name | ForEach-Object { "en-US/$_" }
            # What makes a zip a package; whoever installs it leaves them out.
            'MidJourney.nuspec', '[Content_Types].xml', '_rels/.rels', 'package/services/metadata/core-properties/nuget.psmdcp'
        )
        Get-Entry $package | Sort-Object | Should -Be ($expected | Sort-Object)
    }

    It 'tells the Gallery what the manifest says' {
        $nuspec.id, $nuspec.version, $nuspec.authors, $nuspec.description, $nuspec.copyright |
            Should -Be 'MidJourney', $manifest.ModuleVersion, $manifest.Author, $manifest.Description, $manifest.Copyright
        $nuspec.license.InnerText, $nuspec.icon | Should -Be 'MIT', 'icon.png'
        $commands = foreach ($cmdlet in $manifest.CmdletsToExport) { "PSCmdlet_$cmdlet", "PSCommand_$cmdlet" }
        -split $nuspec.tags | Sort-Object | Should -Be (@('PSModule') + $manifest.PrivateData.PSData.Tags + 'PSIncludes_Cmdlet' + $commands | Sort-Object)
        -split $nuspec.tags | Should -Contain 'PSEdition_Desktop'
        -split $nuspec.tags | Should -Contain 'PSEdition_Core'
    }

    It 'tells no less than the tool that publishes would' {
        $null = Invoke-Process "Compress-PSResource -Path '$module' -DestinationPath '$TestDrive'" $machine
        $theirs = Get-Nuspec "$TestDrive/MidJourney.$($manifest.ModuleVersion).nupkg"
        # The notes in the manifest only point to the changelog.
        foreach ($fact in $theirs.ChildNodes | Where-Object Name -NotIn 'tags', 'releaseNotes', 'owners') { $nuspec[$fact.Name].InnerText | Should -Be $fact.InnerText -Because $fact.Name }
        -split $theirs.tags | Should -BeIn (-split $nuspec.tags)
    }

    It 'names no address that the project does not have' {
        $nuspec.ChildNodes.Name | Should -Not -Contain 'projectUrl'
        $nuspec.ChildNodes.Name | Should -Not -Contain 'iconUrl'
        $nuspec.ChildNodes.Name | Should -Not -Contain 'repository'
        $manifest.Keys + $manifest.PrivateData.PSData.Keys | Should -Not -Match 'Ur[il]$'
        "$module/MidJourney.psd1" | Should -Not -FileContentMatch '://'
        "$module/en-US/MidJourney.dll-Help.xml" | Should -Not -FileContentMatch 'navigationLink'
    }

    It 'has the notes of its version from the changelog' {
        $changelog = [IO.File]::ReadAllText("$root/CHANGELOG.md") -replace "`r"
        $nuspec.releaseNotes | Should -Match '^### '
        $changelog | Should -Match "(?s)## \[$([regex]::Escape($manifest.ModuleVersion))\][^\n]*\n+$([regex]::Escape($nuspec.releaseNotes))\s*(\z|## \[)"
    }

    It 'names the package and the licence of every library that it ships' {
        $notices = [IO.File]::ReadAllText("$module/THIRD-PARTY-NOTICES.txt")
        $named = @([regex]::Matches($notices, '(?m)^    (?<library>\S+\.dll): (?<id>\S+) (?<version>\S+)$'))
        $shipped = Get-ChildItem "$module/bin" -Filter *.dll -Recurse | Where-Object Name -NotLike 'MidJourney*'
        $named.ForEach({ $_.Groups['library'].Value }) | Sort-Object | Should -Be ($shipped.Name | Sort-Object)
        $packages = (dotnet nuget locals global-packages --list) -replace '^[^:]+: '
        foreach ($name in $named) {
            $library = $name.Groups['library'].Value
            $candidates = Get-ChildItem "$packages/$($name.Groups['id'].Value.ToLowerInvariant())/$($name.Groups['version'].Value)/lib" -Filter $library -Recurse | Get-FileHash
            (Get-FileHash "$module/bin/net472/$library").Hash | Should -BeIn $candidates.Hash -Because "$library comes from that package"
        }

        $notices | Should -Match 'Copyright \(c\) \.NET Foundation and Contributors'
        $notices | Should -Match 'Permission is hereby granted, free of charge'
        $notices | Should -Match '\nLicense notice for '
    }

    Context 'with another changelog' {
        BeforeAll {
            $changed = "$TestDrive/changed/MidJourney"
            Copy-Item $module $changed -Recurse
            function Invoke-Package([string] $Changelog) {
                Set-Content "$changed/CHANGELOG.md" $Changelog
                & "$copy/src/MidJourney/Package.ps1" -Module $changed -Destination "$TestDrive/changed"
            }
        }

        It 'is not made without notes: <Changelog>' -ForEach @{ Changelog = "# Changelog`n`n## [0.0.9]`n- b" }, @{ Changelog = "# Changelog`n`n## [VERSION]`n`n## [0.0.9]`n- b" } {
            { Invoke-Package $Changelog.Replace('VERSION', $manifest.ModuleVersion) } | Should -Throw "*has no section for version $($manifest.ModuleVersion)*"
        }

        It 'has no notes of an earlier version' {
            $null = Invoke-Package "# Changelog`n`n## [$($manifest.ModuleVersion)] - 2027-01-01`n`n### Fixed`n- a & <b>`n`n## [0.0.9] - 2026-01-01`n- c`n"
            (Get-Nuspec (Get-Item "$TestDrive/changed/*.nupkg").FullName).releaseNotes | Should -Be "### Fixed`n- a & <b>"
        }
    }

    # Not where it would be installed for the real user.
    It 'is installed from a repository, found by name, and runs the demo' -Skip:$IsWindows {
        # The package is made already; what remains are the README's lines.
        $install = [regex]::Match([IO.File]::ReadAllText("$root/README.md"), '(?s)```text\s+\./build\.ps1 Package\s+(.*?)```').Groups[1].Value
        $shown = Invoke-Process "
            Set-Location '$copy'
            $install
            (Find-PSResource MidJourney -Tag PSEdition_Core -Repository MidJourney).Name
            Get-InstalledPSResource MidJourney | ForEach-Object { `$_.Name, `"`$(`$_.Version)`", `$_.InstalledLocation }" $machine
        $shown.Trim() -split '\s*\n' | Should -Be 'MidJourney', 'MidJourney', $manifest.ModuleVersion, "$user/.local/share/powershell/Modules"

        # The demo with the installed module. The emulator is the one that was built here.
        $emulator = 'src/MidJourney.Emulator/bin/Release/net10.0'
        Copy-Item "$root/$emulator" "$copy/$emulator" -Recurse
        $demo = "$copy/docs/examples/demo.ps1"
        [IO.File]::WriteAllText($demo, ([regex] '--duration [\d-]+').Replace([IO.File]::ReadAllText($demo), '--duration 0.05', 1))
        $shown = Invoke-Process "& '$demo' -Module MidJourney; (Get-Module MidJourney).ModuleBase" $machine
        $shown | Should -Match '11 of 12 upscales are saved'
        $shown.TrimEnd() | Should -BeLike "*$user/.local/share/powershell/Modules/MidJourney/$($manifest.ModuleVersion)"
        Get-ChildItem "$copy/out/demo/*.png" | Should -HaveCount 23
        "$copy/out/demo/gallery.html" | Should -Exist
    }
}
