# Writes a gallery of grids with four images each and an upscale of the first; all have the same pictures. Prints the seconds that Export-MJGallery took.
param([string] $Module, [string] $Folder, [int] $Grids)
$ErrorActionPreference = 'Stop'
Import-Module $Module
$null = New-MJSession
$grid = Invoke-MJDiffusion 'a mill by a river' -Wait
$upscale = $grid | Invoke-MJUpscale -ImageNo 0 -Type Creative -Wait
$pictures = @($grid | Save-MJOutput -Path $Folder | Sort-Object Index) + @($upscale | Save-MJOutput -Path $Folder)
$files = foreach ($number in 1..$Grids) {
    foreach ($index in 0..4) {
        # A link, because copies would fill a disk.
        $file = New-Item -ItemType HardLink -Path "$Folder/$number $index.png" -Value $pictures[$index].FullName
        $task = @{ FullName = $file.FullName; Cost = 0.05; Currency = 'USD'; CreatedAt = [DateTimeOffset]::UtcNow.AddMinutes(-$number) }
        $task += if ($index -lt 4) { @{ TaskId = "grid $number"; Index = $index; Model = 'midjourney_diffusion'; JobId = "job $number"; Prompt = "a mill by a river, number $number" } }
        else { @{ TaskId = "upscale $number"; Index = 0; Model = 'midjourney_upscale'; UpscaleType = 'Creative'; SourceTaskId = "grid $number"; SourceJobId = "job $number"; SourceImageNo = 0 } }
        [pscustomobject] $task
    }
}
$clock = [Diagnostics.Stopwatch]::StartNew()
$files | Export-MJGallery -Path $Folder
"seconds=$($clock.Elapsed.TotalSeconds)"
