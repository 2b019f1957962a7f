<#
.SYNOPSIS
    From three prompts to images on disk and a page to look at them, with the cost of each prompt, against the local emulator.
.DESCRIPTION
    ./build.ps1 Demo builds what this script needs and runs it, in about fifteen seconds. The files are in out/demo. To use a real key,
    remove the emulator lines and -JournalPath, and set $env:MIDJOURNEY_API_KEY.
.PARAMETER Module
    The module, by path or, if it is installed, by name. The default is the module in out/MidJourney.
#>
param([string] $Module)

$ErrorActionPreference = 'Continue'
$root = [IO.Path]::GetFullPath([IO.Path]::Combine($PSScriptRoot, '..', '..'))
if (-not $Module) { $Module = [IO.Path]::Combine($root, 'out', 'MidJourney', 'MidJourney.psd1') }
Import-Module $Module
. ([IO.Path]::Combine($PSScriptRoot, 'emulator.ps1'))

# Delete earlier results, so that the files and costs are those of this run.
$folder = [IO.Path]::Combine($root, 'out', 'demo')
if ([IO.Directory]::Exists($folder)) { [IO.Directory]::Delete($folder, $true) }

$prompts = @(
    'a lighthouse at dusk, in oil'
    'a harbour at dawn, woodcut'
    'a night train in the snow'
)

# The emulator's second grid has the same job ID in every run. Its last image fails on purpose, to show what a failure looks like.
$emulator = Start-Emulator '--duration 1-2 --fail-job e8b0e635-4498-56e8-7799-bb31ad601570:3'
try {
    $null = New-MJSession -ApiKey $emulator.ApiKey -BaseUri $emulator.BaseUri -JournalPath ([IO.Path]::Combine($folder, 'journal.jsonl'))

    'Three prompts become grids of four images; every image is upscaled and saved.'
    'One upscale fails on purpose, to show what that looks like.'
    $prompts | Invoke-MJDiffusion | Wait-MJTask -OutVariable grids |
        Invoke-MJUpscale -ImageNo 0, 1, 2, 3 -Type Creative |
        Wait-MJTask -OutVariable upscales |
        Save-MJOutput -Path $folder -WriteMetadata Both -OutVariable files |
        Out-Default

    # The images of the grids, too, so that the gallery can show what each upscale was made from.
    $null = $grids | Save-MJOutput -Path $folder -WriteMetadata Both
    $gallery = Export-MJGallery -Path $folder -Title 'The demo' -PassThru

    'The cost of each prompt, including its upscales:'
    Measure-MJCost -By Prompt | Out-Default

    $total = Measure-MJCost
    "$($files.Count) of $($upscales.Count) upscales are saved."
    "At the emulator's prices, all of this costs $($total.Cost) USD. Nothing was billed."
    'Each PNG contains its prompt, task and cost; so does the .json file.'
    "The images are in $folder"
    "To look at them and choose, open $($gallery.FullName) in a browser."
}
finally {
    Remove-MJSession
    Stop-Emulator $emulator
}
