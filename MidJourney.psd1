@{
    RootModule           = 'src/MidJourney/MidJourney.psm1'
    ModuleVersion        = '0.2.0'
    GUID                 = '6f0d2c56-6a1c-4c0e-9d0b-3c7a5e0f4b21'
    Author               = 'MidJourney module contributors'
    CompanyName          = 'MidJourney module contributors'
    Copyright            = '(c) MidJourney module contributors. MIT licence.'
    Description          = 'Make, edit and upscale MidJourney images through a paid HTTP gateway, with all its documented models. Submit, wait for and save one job or ten thousand in a pipeline, without paying twice or losing a task.'
    PowerShellVersion    = '5.1'
    CompatiblePSEditions = @('Desktop', 'Core')
    DotNetFrameworkVersion = '4.7.2'
    CmdletsToExport      = @(
        'Export-MJGallery'
        'Get-MJSession'
        'Get-MJTask'
        'Invoke-MJDiffusion'
        'Invoke-MJEdit'
        'Invoke-MJInpaint'
        'Invoke-MJModel'
        'Invoke-MJOutpaint'
        'Invoke-MJRemix'
        'Invoke-MJRetexture'
        'Invoke-MJUploadPaint'
        'Invoke-MJUpscale'
        'Invoke-MJVariation'
        'Measure-MJCost'
        'New-MJCallback'
        'New-MJMask'
        'New-MJSession'
        'Remove-MJSession'
        'Resolve-MJTask'
        'Restart-MJTask'
        'Save-MJOutput'
        'Test-MJSession'
        'Wait-MJTask'
    )
    FunctionsToExport    = @()
    AliasesToExport      = @()
    VariablesToExport    = @()
    FormatsToProcess     = @('src/MidJourney/MidJourney.Format.ps1xml')
    PrivateData          = @{
        PSData = @{
            Tags         = @('MidJourney', 'text-to-image', 'inpainting', 'outpainting', 'upscale', 'image', 'generation', 'AI', 'PSEdition_Desktop', 'PSEdition_Core', 'Windows', 'Linux', 'MacOS')
            ReleaseNotes = 'See CHANGELOG.md in the module folder.'
        }
    }
}
