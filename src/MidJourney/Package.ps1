<#
.SYNOPSIS
    Packs the built module for the PowerShell Gallery. ./build.ps1 Package builds it and runs this.
.DESCRIPTION
    The SDK packs the module's folder, with the metadata of the manifest and the release notes from CHANGELOG.md. The package
    is reproducible.
.PARAMETER Module
    The built module: out/MidJourney.
.PARAMETER Destination
    The folder for the package.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [string] $Module,
    [Parameter(Mandatory)] [string] $Destination
)

Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'

$manifest = Import-PowerShellDataFile "$Module/MidJourney.psd1"

# The section of this version in the changelog, without the heading.
function Get-ReleaseNote {
    $changelog = (Get-Content "$Module/CHANGELOG.md" -Raw) -replace "`r"
    $version = [regex]::Escape($manifest.ModuleVersion)
    if ($changelog -notmatch "(?ms)^## \[$version\][^\n]*\n(?<notes>.*?)(?=^## \[|\z)" -or -not $Matches.notes.Trim()) {
        throw "CHANGELOG.md has no section for version $($manifest.ModuleVersion)."
    }

    $Matches.notes.Trim()
}

# The packages of the libraries for Windows PowerShell, with their folders.
function Get-ThirdPartyPackage {
    $assets = Get-Content "$PSScriptRoot/obj/project.assets.json" -Raw | ConvertFrom-Json -AsHashtable
    # The SDK version determines which form is used.
    $used = foreach ($framework in 'net472', '.NETFramework,Version=v4.7.2') { if ($assets.targets.Contains($framework)) { $assets.targets[$framework].Keys } }
    if (-not $used) { throw 'The module was last built without Windows PowerShell. Run ./build.ps1 Package.' }
    foreach ($library in Get-ChildItem "$Module/bin/net472/*.dll" -Exclude MidJourney.dll, MidJourney.Client.dll | Sort-Object Name) {
        $key = $used | Where-Object { $assets.libraries[$_].type -eq 'package' -and $assets.libraries[$_].files -like "lib/*/$($library.Name)" }
        $folder = $assets.packageFolders.Keys | ForEach-Object { "$_/$($assets.libraries[$key].path)" } | Where-Object { Test-Path $_ }
        $facts = ([xml] (Get-Content "$folder/*.nuspec" -Raw)).package.metadata
        if ($facts.license.InnerText -ne 'MIT') { throw "$key is not under the MIT licence; its licence text must be added here." }
        [pscustomobject] @{ Library = $library.Name; Id = $facts.id; Version = $facts.version; Copyright = $facts.copyright; Folder = $folder }
    }
}

function Get-ThirdPartyNotice {
    $packages = @(Get-ThirdPartyPackage)
    # The module has the same licence, with another heading and copyright.
    $terms = (Get-Content "$Module/LICENSE" -Raw) -replace "`r" -replace '(?s)^.*?(?=Permission is hereby granted)'
    @'
THIRD-PARTY NOTICES

The folder bin/net472 contains these libraries, which Windows PowerShell needs.
They are unchanged, from these packages:


'@
    foreach ($package in $packages) { "    $($package.Library): $($package.Id) $($package.Version)`n" }
    "`nEach of them has this licence:`n`nThe MIT License (MIT)`n`nCopyright (c) .NET Foundation and Contributors`n"
    foreach ($copyright in $packages.Copyright | Sort-Object -Unique) { "$copyright`n" }
    "`n$($terms.Trim())`n"
    foreach ($notice in $packages | Where-Object { Test-Path "$($_.Folder)/THIRD-PARTY-NOTICES.TXT" } | Group-Object { (Get-FileHash "$($_.Folder)/THIRD-PARTY-NOTICES.TXT").Hash }) {
        $rule = '-' * 79
        "`n$rule`nThe notices in $($notice.Group.Id -join ', '):`n$rule`n`n"
        (Get-Content "$($notice.Group[0].Folder)/THIRD-PARTY-NOTICES.TXT" -Raw) -replace "`r"
    }
}

function Get-Nuspec {
    $commands = foreach ($cmdlet in $manifest.CmdletsToExport) { "PSCmdlet_$cmdlet", "PSCommand_$cmdlet" }
    $facts = [ordered] @{
        id           = 'MidJourney'
        version      = $manifest.ModuleVersion
        authors      = $manifest.Author
        owners       = $manifest.CompanyName
        description  = $manifest.Description
        releaseNotes = Get-ReleaseNote
        copyright    = $manifest.Copyright
        icon         = 'icon.png'
        tags         = @('PSModule') + $manifest.PrivateData.PSData.Tags + 'PSIncludes_Cmdlet' + $commands -join ' '
    }

    '<?xml version="1.0" encoding="utf-8"?>'
    '<package><metadata>'
    '<license type="expression">MIT</license>'
    foreach ($name in $facts.Keys) { "<$name>$([Security.SecurityElement]::Escape($facts[$name]))</$name>" }
    '</metadata><files>'
    # Listed one by one, because a wildcard uses the order of the disk.
    $files = Get-ChildItem $Module -File -Recurse | ForEach-Object { [IO.Path]::GetRelativePath($Module, $_.FullName).Replace('\', '/') }
    foreach ($file in $files | Sort-Object -Culture '' -CaseSensitive) { "<file src=`"$file`" target=`"$file`" />" }
    '</files></package>'
}

$Module = (Resolve-Path $Module).ProviderPath
[IO.File]::WriteAllText("$Module/THIRD-PARTY-NOTICES.txt", -join (Get-ThirdPartyNotice))
$nuspec = "$PSScriptRoot/obj/MidJourney.nuspec"
Get-Nuspec | Set-Content $nuspec -Encoding utf8

# A fixed time for every entry, so that the package is reproducible.
dotnet pack $PSScriptRoot -c Release --no-build --output $Destination -p:IsPackable=true -p:NoPackageAnalysis=true -p:NuspecFile=$nuspec -p:NuspecBasePath=$Module -p:Deterministic=true -p:DeterministicTimestamp=2000-01-01T00:00:00Z
if ($LASTEXITCODE -ne 0) {
    throw "dotnet pack ended with exit code $LASTEXITCODE."
}
