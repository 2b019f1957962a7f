<#
.SYNOPSIS
    Upscales the images of eight jobs and prints what became of them, against the local emulator.
.DESCRIPTION
    ./build.ps1 Demo builds everything and runs this. With a real key, only the lines about the emulator go: set
    $env:MIDJOURNEY_API_KEY, and take the jobs from Import-Csv jobs.csv.
#>
$ErrorActionPreference = 'Continue'
Import-Module ([IO.Path]::Combine($PSScriptRoot, '..', '..', 'out', 'MidJourney', 'MidJourney.psd1'))
. ([IO.Path]::Combine($PSScriptRoot, 'emulator.ps1'))

# What Import-Csv gives: every cell is text.
$jobs = @(
    [pscustomobject] @{ JobId = 'harbour'; ImageNo = '0,1,2,3'; Type = 'Standard' }
    [pscustomobject] @{ JobId = 'lighthouse'; ImageNo = '0,1,2,3'; Type = 'Creative' }
    [pscustomobject] @{ JobId = 'meadow'; ImageNo = '0,1,2,3'; Type = 'v5_2x' }
    [pscustomobject] @{ JobId = 'night-train'; ImageNo = '0,1,2,3'; Type = 'v5_4x' }
    [pscustomobject] @{ JobId = 'old-town'; ImageNo = '0;1;2;3'; Type = 'standard' }
    [pscustomobject] @{ JobId = 'pine-forest'; ImageNo = '0;1;2;3'; Type = 'creative' }
    [pscustomobject] @{ JobId = 'quarry'; ImageNo = '0;1;2;3'; Type = '2' }
    [pscustomobject] @{ JobId = 'river'; ImageNo = '0;1;2;3'; Type = '3' }
)

# One image fails on purpose, to show what that looks like.
$emulator = Start-Emulator '--duration 1-5 --fail-job old-town:2'
try {
    $null = New-MJSession -ApiKey $emulator.ApiKey -BaseUri $emulator.BaseUri -NoJournal

    $tasks = $jobs | Invoke-MJUpscale | Wait-MJTask

    $tasks
    $completed = @($tasks | Where-Object Status -eq Completed)
    $cost = [decimal] 0
    $completed | ForEach-Object { $cost += $_.Cost }
    "$($completed.Count) of $(@($tasks).Count) images upscaled, total cost $cost USD"
}
finally {
    Remove-MJSession
    Stop-Emulator $emulator
}
