<#
.SYNOPSIS
    Starts and stops the local emulator of the gateway, for the examples. Dot-source this script.
.DESCRIPTION
    Build the emulator first: ./build.ps1 Build.
#>

# Starts an emulator on a free port. It ends with this process.
function Start-Emulator([string] $Arguments = '') {
    $root = [IO.Path]::GetFullPath([IO.Path]::Combine($PSScriptRoot, '..', '..'))
    $program = foreach ($configuration in 'Release', 'Debug') {
        $path = [IO.Path]::Combine($root, 'src', 'MidJourney.Emulator', 'bin', $configuration, 'net10.0', 'MidJourney.Emulator.dll')
        if ([IO.File]::Exists($path)) { $path }
    }

    if (-not $program) { throw 'The emulator is not built; run ./build.ps1 Build first.' }
    $start = [Diagnostics.ProcessStartInfo]::new('dotnet', "`"$(@($program)[0])`" --port 0 --exit-with-stdin $Arguments")
    $start.UseShellExecute = $false
    $start.RedirectStandardInput = $true
    $start.RedirectStandardOutput = $true
    $process = [Diagnostics.Process]::Start($start)
    $line = $process.StandardOutput.ReadLine()
    if ($line -notmatch 'http\S+') { throw "The emulator did not start: $line" }
    [pscustomobject] @{ BaseUri = $Matches[0]; ApiKey = 'test'; Process = $process }
}

function Stop-Emulator($Emulator) {
    $Emulator.Process.StandardInput.Close()
    if (-not $Emulator.Process.WaitForExit(5000)) { $Emulator.Process.Kill() }
    $Emulator.Process.Dispose()
}
