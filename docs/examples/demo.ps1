<#
.SYNOPSIS
    From three prompts to images on disk, and what each prompt cost, against the local emulator.
.DESCRIPTION
    ./build.ps1 Demo builds what this needs and runs it; it takes about ten seconds. The files are in out/demo afterwards. With a real
    key, only the lines about the emulator go, and -JournalPath: set $env:MIDJOURNEY_API_KEY instead.
.PARAMETER Module
    The module to run, by its path or, when it is installed, its name. Without it, the one that was built in out/MidJourney.
#>
param([string] $Module)

$ErrorActionPreference = 'Continue'
$root = [IO.Path]::GetFullPath([IO.Path]::Combine($PSScriptRoot, '..', '..'))
if (-not $Module) { $Module = [IO.Path]::Combine($root, 'out', 'MidJourney', 'MidJourney.psd1') }
Import-Module $Module
. ([IO.Path]::Combine($PSScriptRoot, 'emulator.ps1'))

# Nothing of an earlier run, so that the files and the costs are those of this one.
$folder = [IO.Path]::Combine($root, 'out', 'demo')
if ([IO.Directory]::Exists($folder)) { [IO.Directory]::Delete($folder, $true) }

$prompts = @(
    'a lighthouse at dusk, in oil'
    'a harbour at dawn, woodcut'
    'a night train in the snow'
)

# The emulator's second grid has the same job id in every run. Its last image fails on purpose, to show what that looks like.
$emulator = Start-Emulator '--duration 1-2 --fail-job e8b0e635-4498-56e8-7799-bb31ad601570:3'
try {
    $null = New-MJSession -ApiKey $emulator.ApiKey -BaseUri $emulator.BaseUri -JournalPath ([IO.Path]::Combine($folder, 'journal.jsonl'))

    'Three prompts become grids of four images; every image is upscaled and saved.'
    'One upscale fails on purpose, to show what that looks like.'
    $prompts | Invoke-MJDiffusion | Wait-MJTask |
        Invoke-MJUpscale -ImageNo 0, 1, 2, 3 -Type Creative |
        Wait-MJTask -OutVariable upscales |
        Where-Object Status -eq Completed |
        Save-MJOutput -Path $folder -NameTemplate '{Prompt} {SourceImageNo}' -WriteMetadata Both -OutVariable files |
        Out-Default

    'What each prompt cost, the grid and all that was made of it:'
    Measure-MJCost -By Prompt | Out-Default

    $total = Measure-MJCost
    "$($files.Count) of $($upscales.Count) upscales are saved."
    "At the emulator's prices, all of this costs $($total.Cost) USD. Nothing was really paid."
    'Each PNG contains its prompt, task and cost; so does the .json file.'
    "The images are in $folder"
}
finally {
    Remove-MJSession
    Stop-Emulator $emulator
}
