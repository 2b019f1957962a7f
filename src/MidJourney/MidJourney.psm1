# One module for both editions: Windows PowerShell runs on .NET Framework, PowerShell 7 on .NET.
# All other questions wait until the import has failed: in a new process, each first comparison, call or property of a script takes milliseconds.
try {
    if ($IsCoreCLR) {
        Import-Module -Name $PSScriptRoot/bin/net8.0/MidJourney.dll -ErrorAction Stop
    }
    else {
        Import-Module -Name $PSScriptRoot/bin/net472/MidJourney.dll -ErrorAction Stop
    }
}
catch {
    # The .NET of an earlier PowerShell 7 does not load the library.
    $version = $PSVersionTable.PSVersion
    if ($IsCoreCLR -and ($version.Major -lt 7 -or ($version.Major -eq 7 -and $version.Minor -lt 4))) {
        throw "MidJourney needs PowerShell 7.4 or later, or Windows PowerShell 5.1. This is PowerShell $version."
    }

    $library = "$PSScriptRoot/bin/$(if ($IsCoreCLR) { 'net8.0' } else { 'net472' })/MidJourney.dll"
    if (-not (Test-Path -LiteralPath $library)) {
        throw "MidJourney cannot be imported: $library is missing. In the source tree, run ./build.ps1, then Import-Module ./out/MidJourney."
    }

    # PowerShell 7 loads one assembly of a name, so the second version in a session runs with the cmdlets of the first.
    $loaded = 'MidJourney.MJSession' -as [type]
    if (-not $loaded) {
        throw
    }

    Import-Module -Assembly $loaded.Assembly
    Write-Warning "This session keeps the MidJourney cmdlets that it loaded first, from $($loaded.Assembly.Location). To use those in $PSScriptRoot, start a new session."
}
