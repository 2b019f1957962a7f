# A page to look at images and to choose among them: what is in it. How it behaves in a browser is tested in tests/MidJourney.Tests/Gallery.

BeforeAll {
    . ([IO.Path]::Combine($PSScriptRoot, 'Gateway.ps1'))
    $gateway = Start-TestGateway '--duration 0.02 --image-bytes 2048'

    function New-Folder { [IO.Directory]::CreateDirectory([IO.Path]::Combine($TestDrive, [guid]::NewGuid().ToString('N'))).FullName }

    # What a page shows, as objects.
    function Read-Page([string] $Path) {
        $text = [IO.File]::ReadAllText($Path) -replace '(?s).*(<main.*</main>).*', '$1' -replace '<img ([^>]*)>', '<img $1/>' -replace ' (data-task|data-image|data-pixels|hidden)(?=[ />])', ' $1=""'
        foreach ($section in ([xml] $text).SelectNodes('//section')) {
            [pscustomobject] @{ Prompt = $section.SelectSingleNode('.//h2').InnerText; Tasks = @($section.SelectNodes('div/article') | ForEach-Object { Read-Task $_ }) }
        }
    }

    function Read-Task($Article) {
        $header = $Article.SelectSingleNode('header')
        [pscustomobject] @{
            Id     = $Article.'data-task-id'
            Step   = $header.SelectSingleNode('h3').InnerText
            State  = $Article.'data-state'
            Facts  = $header.SelectSingleNode("p[@class='facts']").InnerText
            Error  = "$($header.SelectSingleNode("p[contains(@class, 'error')]").InnerText)"
            Advice = "$($header.SelectSingleNode("p[@class='advice']").InnerText)"
            Images = @($Article.SelectNodes('ol/li') | ForEach-Object {
                    [pscustomobject] @{
                        File  = if ($_.SelectSingleNode('figure//img')) { [uri]::UnescapeDataString($_.SelectSingleNode('figure//img').src) -replace '^\./' }
                        JobId = $_.'data-job-id'
                        No    = $_.'data-image-no'
                        Made  = @($_.SelectNodes('div/article') | ForEach-Object { Read-Task $_ })
                    }
                })
        }
    }
}

AfterAll {
    Stop-TestGateway $gateway
}

Describe 'Export-MJGallery without input' {
    BeforeAll {
        Reset-TestGateway $gateway
        Set-Shape @{ jobs = @{ 'lost' = @{ failure = @{ code = 110001; message = 'refused by <moderation>' } } } }
        $folder = New-Folder
        $grid = Invoke-MJDiffusion 'a lighthouse' -Wait
        $null = $grid | Save-MJOutput -Path $folder -NameTemplate '{Prompt}/{Index}'
        $upscale = $grid | Invoke-MJUpscale -ImageNo 2 -Type Creative -Wait
        $null = $upscale | Save-MJOutput -Path $folder
        $variation = $grid | Invoke-MJVariation -ImageNo 0 -Type Strong -Wait
        $null = Invoke-MJUpscale -JobId lost -ImageNo 1 -Type Standard -Wait -ErrorAction SilentlyContinue
        $export = Invoke-Line "Export-MJGallery -Path '$folder' -PassThru"
        $page = [IO.Path]::Combine($folder, 'gallery.html')
        $groups = @(Read-Page $page)
    }

    It 'writes gallery.html in a folder, and returns it with -PassThru' {
        $export.Errors | Should -BeNullOrEmpty
        $export.Output | Should -BeOfType IO.FileInfo
        $export.Output.FullName | Should -Be $page
        Export-MJGallery -Path $folder | Should -BeNullOrEmpty
    }

    It 'shows the tasks of the journal by prompt, the newest first' {
        $groups.Prompt | Should -Be 'job lost', 'a lighthouse'
    }

    It 'shows under each image what was made of it' {
        $shown = $groups[1].Tasks
        $shown | Should -HaveCount 1
        $shown.Id | Should -Be $grid.Id
        $shown.Step | Should -Be 'grid'
        $shown.Images.File | Should -Be (0..3 | ForEach-Object { "a lighthouse/$_.png" })
        $shown.Images[2].Made.Id | Should -Be $upscale.Id
        $shown.Images[2].Made.Step | Should -Be 'upscale Creative'
        $shown.Images[2].Made.Images.File | Should -Be 'a lighthouse 2 Creative.png'
        $shown.Images[0].Made.Id | Should -Be $variation.Id
        $shown.Images[1, 3].Made | Should -BeNullOrEmpty
    }

    It 'shows the cost, the time and the state of each task' {
        $groups[1].Tasks[0].Facts | Should -BeLike "Completed*`$0.050*$($grid.CreatedAt.UtcDateTime.ToString('yyyy-MM-dd HH:mm')) UTC"
    }

    It 'shows why a task failed, and what to do' {
        $groups[0].Tasks.State | Should -Be 'Failed'
        $groups[0].Tasks.Error | Should -BeLike '*refused by <moderation>*'
        $null = Get-MJTask $groups[0].Tasks.Id -ErrorAction SilentlyContinue -ErrorVariable problem
        $groups[0].Tasks.Advice | Should -Be $problem[0].ErrorDetails.RecommendedAction
        $groups[0].Tasks.Advice | Should -Not -BeNullOrEmpty
    }

    It 'shows why a task failed, also if it comes from <Name>' -ForEach @(
        @{ Name = 'Clixml'; Form = { [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($_)) } }
        @{ Name = 'JSON'; Form = { $_ | Select-Object Id, Status, Error | ConvertTo-Json | ConvertFrom-Json } }
        @{ Name = 'CSV'; Form = { $_ | Select-Object Id, Status, Error | ConvertTo-Csv | ConvertFrom-Csv } }
    ) {
        $lost = Get-MJTask -Status Failed | ForEach-Object $Form
        $journal = $env:MIDJOURNEY_JOURNAL_PATH
        $env:MIDJOURNEY_JOURNAL_PATH = "$folder/none.jsonl"
        try {
            Get-MJSession -All | Remove-MJSession
            $lost | Export-MJGallery -Path "$folder/lost.html"
        }
        finally {
            $env:MIDJOURNEY_JOURNAL_PATH = $journal
            Get-MJSession -All | Remove-MJSession
        }
        (Read-Page "$folder/lost.html").Tasks.Error | Should -Be 'refused by <moderation> (code 110001)'
    }

    It 'shows an image that is not saved without a file, and says in a warning how to save it' {
        $groups[1].Tasks.Images[0].Made.Images | Should -HaveCount 4
        $groups[1].Tasks.Images[0].Made.Images | Where-Object File | Should -BeNullOrEmpty
        $export.Warnings | Should -HaveCount 1
        $export.Warnings | Should -BeLike "1 task has no image in $folder. If it is saved in another folder, use that folder as -Path. Otherwise pipe the tasks into Save-MJOutput, and run the command again."
    }

    It 'gives each image the job and the number that the next step takes, except an upscale' {
        $images = $groups[1].Tasks[0].Images
        $images.JobId | Should -Be (@($grid.JobId) * 4)
        $images.No | Should -Be '0', '1', '2', '3'
        $images[0].Made.Images.JobId | Should -Be (@($variation.JobId) * 4)
        $images[2].Made.Images.JobId | Should -BeNullOrEmpty
    }

    It 'needs no network, no session and no key' {
        $requests = @(Get-Emulated requests).Count
        Get-MJSession -All | Remove-MJSession
        $env:MIDJOURNEY_API_KEY = $null
        try {
            (Invoke-Line "Export-MJGallery -Path '$folder'").Errors | Should -BeNullOrEmpty
            @(Read-Page $page).Prompt | Should -Be $groups.Prompt
        }
        finally {
            $env:MIDJOURNEY_API_KEY = 'test'
        }
        @(Get-Emulated requests).Count | Should -Be $requests
    }

    It 'shows no link to the file server and no path of this computer' {
        $text = [IO.File]::ReadAllText($page)
        $text | Should -Not -Match '127\.0\.0\.1'
        $text | Should -Not -Match ([regex]::Escape($folder))
        $text | Should -Not -Match 'journal\.jsonl'
    }

    It 'shows only tasks of the last day' {
        $journal = $env:MIDJOURNEY_JOURNAL_PATH
        $old = [DateTimeOffset]::UtcNow.AddHours(-25)
        $text = [IO.File]::ReadAllText($journal)
        # Each line has the time of the journal, and that of the gateway.
        $text = $text -replace '"(\w+)":"20\d\d-\d\d-\d\dT[\d:.]+Z?"', "`"`$1`":`"$($old.UtcDateTime.ToString('o'))`"" -replace '"created_at":\d+', "`"created_at`":$($old.ToUnixTimeSeconds())"
        $env:MIDJOURNEY_JOURNAL_PATH = [IO.Path]::Combine($folder, 'old.jsonl')
        try {
            [IO.File]::WriteAllText($env:MIDJOURNEY_JOURNAL_PATH, $text)
            Get-MJSession -All | Remove-MJSession
            Get-MJTask | Should -HaveCount 4
            $none = Invoke-Line "Export-MJGallery -Path '$folder/none.html'"
            $none.Warnings | Should -BeLike 'No page was written, because the journal has no task of the last day.*'
            [IO.File]::Exists("$folder/none.html") | Should -BeFalse
            Get-MJTask | Export-MJGallery -Path "$folder/all.html" -WarningAction SilentlyContinue
            @(Read-Page "$folder/all.html").Prompt | Should -Be $groups.Prompt
        }
        finally {
            $env:MIDJOURNEY_JOURNAL_PATH = $journal
            Get-MJSession -All | Remove-MJSession
        }
    }
}

Describe 'Export-MJGallery with input' {
    BeforeAll {
        Reset-TestGateway $gateway
        $folder = New-Folder
        $grids = 'a mill', 'a tower' | Invoke-MJDiffusion | Wait-MJTask | Sort-Object Prompt
        $files = @($grids | Save-MJOutput -Path $folder -WriteMetadata Json)
        $upscales = @($grids | Invoke-MJUpscale -ImageNo 1 -Type Standard -Wait | Save-MJOutput -Path $folder)
        $page = [IO.Path]::Combine($folder, 'page.html')
        $mill = @($files | Where-Object Prompt -eq 'a mill' | Sort-Object Index)
        $tower = @($files | Where-Object Prompt -eq 'a tower' | Sort-Object Index)
    }

    It 'shows only the files that are piped in: <Name>' -ForEach @(
        @{ Name = 'live'; Form = { $_ } }
        @{ Name = 'from Clixml'; Form = { [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($_)) } }
        @{ Name = 'from JSON'; Form = { $_ | Select-Object SavedFile | ConvertTo-Json | ConvertFrom-Json } }
        @{ Name = 'from CSV'; Form = { $_ | Select-Object SavedFile | ConvertTo-Csv | ConvertFrom-Csv } }
        @{ Name = 'from Get-Item'; Form = { Get-Item -LiteralPath $_.FullName } }
        @{ Name = 'as paths'; Form = { $_.FullName } }
    ) {
        $files | Where-Object { ($_.Prompt -eq 'a mill' -and $_.Index -in 0, 3) -or ($_.Prompt -eq 'a tower' -and $_.Index -eq 2) } | ForEach-Object $Form | Export-MJGallery -Path $page
        $shown = @(Read-Page $page) | Sort-Object Prompt
        $shown.Prompt | Should -Be 'a mill', 'a tower'
        $shown[0].Tasks.Images.File | Should -Be 'a mill 0.png', 'a mill 3.png'
        $shown[1].Tasks.Images.File | Should -Be 'a tower 2.png'
        $shown.Tasks.Step | Should -Be 'grid', 'grid'
        $shown.Tasks.Images.No | Should -Be '0', '3', '2'
    }

    It 'shows files that are saved in a folder that does not exist yet, while they are piped in' {
        $new = [IO.Path]::Combine($TestDrive, 'not there yet')
        $grids | Save-MJOutput -Path $new | Export-MJGallery -Path $new
        @(Read-Page "$new/gallery.html").Tasks.Images.File | Sort-Object | Should -Be (($mill + $tower).Name | Sort-Object)
    }

    It 'shows a file together with the saved images that it was made from' {
        $upscales | Where-Object Prompt -eq 'a mill' | Export-MJGallery -Path $page
        $shown = @(Read-Page $page)
        $shown.Tasks.Images.File | Should -Be $mill.Name
        $shown.Tasks.Images[1].Made.Images.File | Should -Be 'a mill 1 Standard.png'
    }

    It 'skips what is no image in a folder' {
        $line = Invoke-Line "Get-ChildItem '$folder' -Recurse -Force | Export-MJGallery -Path '$page'"
        $line.Errors + $line.Warnings | Should -BeNullOrEmpty
        $shown = @(Read-Page $page)
        $shown.Tasks.Images.File | Sort-Object | Should -Be (($mill + $tower).Name | Sort-Object)
        $shown.Tasks.Images.Made.Images.File | Sort-Object | Should -Be ($upscales.Name | Sort-Object)
    }

    It 'knows files by their metadata alone: <_>' -ForEach 'Json', 'Png' {
        $other = New-Folder
        $null = $grids[0] | Save-MJOutput -Path $other -WriteMetadata $_
        [IO.File]::Delete("$other/.midjourney-saved.jsonl")
        $journal = $env:MIDJOURNEY_JOURNAL_PATH
        $env:MIDJOURNEY_JOURNAL_PATH = "$other/none.jsonl"
        try {
            Get-MJSession -All | Remove-MJSession
            Get-ChildItem $other | Export-MJGallery -Path "$other/g.html"
        }
        finally {
            $env:MIDJOURNEY_JOURNAL_PATH = $journal
        }
        $shown = @(Read-Page "$other/g.html")
        $shown.Prompt | Should -Be 'a mill'
        $shown.Tasks.Facts | Should -BeLike 'Completed*$0.050*UTC'
        $shown.Tasks.Images.JobId | Should -Be (@($grids[0].JobId) * 4)
    }

    It 'shows an unknown file by its name' {
        $other = New-Folder
        [IO.File]::Copy($mill[0].FullName, "$other/pic.png")
        Get-Item "$other/pic.png" | Export-MJGallery -Path $other
        (Read-Page "$other/gallery.html").Tasks.Images.File | Should -Be 'pic.png'
        (Read-Page "$other/gallery.html").Tasks.Step | Should -Be 'pic.png'
    }

    It 'shows it once, also beside a submission of an unknown outcome' {
        $other = New-Folder
        [IO.File]::Copy($mill[0].FullName, "$other/pic.png")
        $lost = [MidJourney.MJTask] @{ Id = ''; Status = 'OutcomeUnknown'; SubmissionId = '5d3c9b1e0a524c1e9d770c8f3f0b2a11'; Prompt = 'a mill' }
        $lost, (Get-Item "$other/pic.png"), "$other/pic.png" | Export-MJGallery -Path $other
        $shown = @(Read-Page "$other/gallery.html")
        $shown.Tasks.State | Sort-Object | Should -Be 'Completed', 'OutcomeUnknown'
        $shown.Tasks.Images.File | Should -Be 'pic.png'
    }

    It 'shows all images of tasks, and those that were made of them under them' {
        @($grids) + @(Get-MJTask ($upscales.TaskId)) | Export-MJGallery -Path $page
        $shown = @(Read-Page $page) | Sort-Object Prompt
        $shown[0].Tasks.Images.File | Should -Be $mill.Name
        $shown[0].Tasks.Images[1].Made.Images.File | Should -Be 'a mill 1 Standard.png'
    }

    It 'shows tasks that have not ended, failed or may exist, by their state' {
        '[{"Id":"t1","Status":"InProgress","Prompt":"p"},{"Id":"t2","Status":"OutcomeUnknown","Prompt":"p"},{"Id":"t3","Status":"Cancelled","Prompt":"p"}]' | ConvertFrom-Json | ForEach-Object { $_ } |
            Export-MJGallery -Path $page
        (Read-Page $page).Tasks.State | Should -Be 'InProgress', 'OutcomeUnknown', 'Cancelled'
    }

    It 'shows what was made of a permutation under the image of its job' {
        Set-Shape @{ models = @{ midjourney_upscale = @{} } }
        $two = Invoke-MJDiffusion 'a {red,blue} boat' -Wait -WarningAction SilentlyContinue
        $null = $two | Save-MJOutput -Path $folder
        $second = $two.Output[1].Content[2]
        $made = Invoke-MJUpscale -JobId $second.JobId -ImageNo $second.ImageNo -Type Creative -Wait
        $null = $made | Save-MJOutput -Path $folder
        $two, $made | Export-MJGallery -Path $page
        $images = (Read-Page $page).Tasks.Images
        $images | Should -HaveCount 8
        $images[6].Made.Id | Should -Be $made.Id
        $images.No | Should -Be '0', '1', '2', '3', '0', '1', '2', '3'
        $images[4..7].JobId | Should -Be (@($second.JobId) * 4)
    }

    It 'shows each task of a file that says that tasks were made from one another: <Name>' -ForEach @(
        @{ Name = 'a circle'; Count = 2 }
        # Too long for the stack, if all were shown under the first.
        @{ Name = 'a long chain'; Count = 6000 }
    ) {
        $tasks = foreach ($number in 1..$Count) {
            $source = if ($number -gt 1) { $number - 1 } elseif ($Name -eq 'a circle') { $Count } else { 0 }
            [pscustomobject] @{ Id = "t$number"; Status = 'Completed'; Model = 'midjourney_variation'; JobId = "j$number"; SourceTaskId = "t$source"; SourceJobId = "j$source"; SourceImageNo = 0 }
        }
        $tasks | Export-MJGallery -Path $page -WarningAction SilentlyContinue
        [regex]::Matches([IO.File]::ReadAllText($page), '<article ').Count | Should -Be $Count
    }

    It 'reports what it cannot show, and shows the rest' {
        [IO.File]::WriteAllText("$folder/broken.png", 'no image')
        $line = Invoke-Line "'nothing', `$null, (Get-Item '$folder/broken.png'), [IO.FileInfo] '$folder/gone.png', 42, `$mill[0] | Export-MJGallery -Path '$page'"
        $line.ErrorIds | Should -Be (@('MJ.InvalidTask') * 5)
        $line.Errors[2].Exception.Message | Should -BeLike 'The content of *broken.png is not an image or a video.'
        $line.Errors[3].Exception.Message | Should -BeLike 'The file *gone.png does not exist.'
        (Read-Page $page).Tasks.Images.File | Should -Be 'a mill 0.png'
        [IO.File]::Delete("$folder/broken.png")
    }

    It 'writes no page, and says so, if there is nothing to show' {
        $line = Invoke-Line "@() | Export-MJGallery -Path '$folder/empty.html'"
        $line.Warnings | Should -BeLike 'No page was written, because the input has no image and no task.*'
        [IO.File]::Exists("$folder/empty.html") | Should -BeFalse
    }

    It 'warns about images that a copy of its folder does not contain' {
        $other = New-Folder
        $line = Invoke-Line "`$mill | Export-MJGallery -Path '$other'"
        $line.Warnings | Should -Be "4 images are not in $other, so a copy of that folder does not show them."
        $paths = (Read-Page "$other/gallery.html").Tasks.Images.File
        foreach ($path in $paths) { $path | Should -BeLike '../*/a mill ?.png'; [IO.File]::Exists([IO.Path]::Combine($other, $path)) | Should -BeTrue }
    }

    It 'shows no key: <Name>' -ForEach @(
        @{ Name = 'in a prompt'; Task = @{ Id = 't1'; Prompt = 'a cat secret-key-123456' } }
        @{ Name = 'in a job ID'; Task = @{ Id = 't1'; JobId = 'secret-key-123456'; Prompt = 'x' } }
        @{ Name = 'as the ID'; Task = @{ Id = 'secret-key-123456' } }
    ) {
        $null = New-MJSession -ApiKey secret-key-123456 -NoJournal
        try {
            [pscustomobject] ($Task + @{ Status = 'Completed' }) |
                Export-MJGallery -Path $page -Title 'Made with secret-key-123456' -WarningAction SilentlyContinue
            [IO.File]::ReadAllText($page) | Should -Not -Match 'secret-key-123456'
        }
        finally {
            Remove-MJSession
        }
    }
}

Describe 'The file of a gallery' {
    BeforeAll {
        Reset-TestGateway $gateway
        $folder = New-Folder
        $files = Invoke-MJDiffusion 'a mill' -Wait | Save-MJOutput -Path $folder
    }

    It 'is replaced, if it is a gallery' {
        $files | Export-MJGallery -Path "$folder/g.html" -Title 'first title'
        $files | Export-MJGallery -Path "$folder/g.html" -Title 'second title'
        [IO.File]::ReadAllText("$folder/g.html") | Should -Match '<title>second title</title>'
        (Get-ChildItem $folder -Force -Filter *.partial).Count | Should -Be 0
    }

    It 'is not replaced without -Force, if it is something else' {
        [IO.File]::WriteAllText("$folder/mine.html", 'my page')
        $line = Invoke-Line "`$files | Export-MJGallery -Path '$folder/mine.html'"
        $line.ErrorIds | Should -Be 'MJ.FileExists'
        [IO.File]::ReadAllText("$folder/mine.html") | Should -Be 'my page'
        $files | Export-MJGallery -Path "$folder/mine.html" -Force
        (Read-Page "$folder/mine.html").Prompt | Should -Be 'a mill'
    }

    It 'is not written with -WhatIf' {
        $files | Export-MJGallery -Path "$folder/new/what.html" -WhatIf
        [IO.Directory]::Exists("$folder/new") | Should -BeFalse
    }

    It 'gets its folder' {
        $files | Export-MJGallery -Path "$folder/deep/er/g.html" -WarningAction SilentlyContinue
        (Read-Page "$folder/deep/er/g.html").Tasks.Images.File | Should -Be ($files | Sort-Object Index | ForEach-Object { "../../$($_.Name)" })
    }

    It 'needs a path that is a folder or a page: <_>' -ForEach 'gallery.txt', 'env:gallery.html' {
        $line = Invoke-Line "`$files | Export-MJGallery -Path '$_'"
        $line.ErrorIds | Should -Be 'MJ.InvalidPath'
        @($line.Errors + $line.Thrown)[0].ErrorDetails.RecommendedAction | Should -BeLike 'Specify a folder such as ./out, or a file such as ./out/gallery.html.*'
    }

    It 'is one error, if it cannot be written' {
        [IO.File]::WriteAllText("$folder/file", '')
        $line = Invoke-Line "`$files | Export-MJGallery -Path '$folder/file/g.html' -WarningAction SilentlyContinue"
        $line.ErrorIds | Should -Be 'MJ.FileNotWritten'
    }

    It 'saves what is made next in the folder that the user named: <Path>' -ForEach @(
        @{ Path = 'sub'; Saved = "-Path 'sub'" }
        @{ Path = "it's/g.html"; Saved = "-Path 'it''s'" }
        @{ Path = 'g2.html'; Saved = '' }
    ) {
        Push-Location $folder
        try {
            $null = [IO.Directory]::CreateDirectory("$folder/sub")
            $file = $files | Export-MJGallery -Path $Path -PassThru -WarningAction SilentlyContinue
            [Net.WebUtility]::HtmlDecode(([IO.File]::ReadAllText($file.FullName) -replace '(?s).*data-save="([^"]*)".*', '$1')).Trim() | Should -Be $Saved
        }
        finally {
            Pop-Location
        }
    }

    It 'is returned with -PassThru as Get-Item returns it, whatever the current drive' {
        Push-Location env:
        try {
            $file = $files | Export-MJGallery -Path "$folder/g.html" -PassThru
        }
        finally {
            Pop-Location
        }
        $file.PSProvider.Name | Should -Be 'FileSystem'
        $file | Out-String | Should -Match "$($file.Length) g\.html"
    }

    It 'opens in the browser with -Show' -Skip:($IsLinux -ne $true) {
        $path = $env:PATH
        $opener = "$TestDrive/bin/xdg-open"
        $null = [IO.Directory]::CreateDirectory("$TestDrive/bin")
        [IO.File]::WriteAllText($opener, "#!/bin/sh`necho `"`$1`" > '$TestDrive/opened.new' && mv '$TestDrive/opened.new' '$TestDrive/opened'`n")
        chmod +x $opener
        $env:PATH = "$TestDrive/bin:$path"
        try {
            $files | Export-MJGallery -Path "$folder/g.html" -Show
            foreach ($try in 1..1200) { if ([IO.File]::Exists("$TestDrive/opened")) { break }; Start-Sleep -Milliseconds 50 }
            [IO.File]::ReadAllText("$TestDrive/opened").Trim() | Should -Be "$folder/g.html"
        }
        finally {
            $env:PATH = $path
        }
    }

    It 'says where it is, if -Show finds no browser' -Skip:($IsLinux -ne $true) {
        $path = $env:PATH
        $null = [IO.Directory]::CreateDirectory("$TestDrive/none")
        [IO.File]::WriteAllText("$TestDrive/none/xdg-open", "#!/bin/sh`nexit 3`n")
        chmod +x "$TestDrive/none/xdg-open"
        $env:PATH = "$TestDrive/none:$path"
        try {
            (Invoke-Line "`$files | Export-MJGallery -Path '$folder/g.html' -Show").Warnings | Should -Be (
                "The page was written, but could not be opened: The program that opens files ended with exit code 3. Open $folder/g.html in a browser.")
        }
        finally {
            $env:PATH = $path
        }
    }
}

Describe 'Export-MJGallery with broken input' {
    BeforeAll {
        Reset-TestGateway $gateway
        $folder = New-Folder
        $page = [IO.Path]::Combine($folder, 'page.html')
        $files = @(Invoke-MJDiffusion 'a mill' -Wait | Save-MJOutput -Path $folder | Sort-Object Index)
    }

    It 'shows the rest if a file was deleted in the meantime' {
        $line = Invoke-Line "& { Copy-Item `$files[0].FullName '$folder/soon.png'; Get-Item '$folder/soon.png'; Remove-Item '$folder/soon.png'; `$files[1] } | Export-MJGallery -Path '$page'"
        $line.ErrorIds | Should -Be 'MJ.InvalidTask'
        $line.Errors.Exception.Message | Should -BeLike 'The file *soon.png does not exist.'
        (Read-Page $page).Tasks.Images.File | Should -Be 'a mill 1.png'
    }

    It 'shows an unknown file beside a submission without an ID' {
        $other = New-Folder
        Copy-Item $files[0].FullName "$other/pic.png"
        [MidJourney.MJTask] @{ Id = ''; Status = 'OutcomeUnknown'; Prompt = 'p' }, (Get-Item "$other/pic.png") | Export-MJGallery -Path $other
        @(Read-Page "$other/gallery.html").Tasks.State | Sort-Object | Should -Be 'Completed', 'OutcomeUnknown'
    }

    It 'shows a file that was not compared with the image under no task' {
        $other = New-Folder
        Copy-Item $files[0].FullName "$other/pic.png"
        [pscustomobject] @{ FullName = "$other/pic.png"; TaskId = 't1'; JobId = 'j1'; ImageNo = 0; Index = 0; State = 'NotVerified'; Prompt = 'of another' } | Export-MJGallery -Path $other
        $shown = Read-Page "$other/gallery.html"
        $shown.Prompt | Should -Be 'Unknown prompt'
        $shown.Tasks.Images.No | Should -BeNullOrEmpty
    }

    It 'takes values that no gateway returns: <Name>' -ForEach @(
        @{ Name = 'nothing in the output'; Task = '{"Id":"t1","Status":"Completed","Output":[null,{"Content":null},{"Content":[null]}]}' }
        @{ Name = 'image numbers'; Task = '{"Id":"t1","Status":"Completed","JobId":"j","Output":[{"Content":[{"ImageNo":-5},{"ImageNo":-5},{"ImageNo":2147483647}]}]}' }
        @{ Name = 'a source image'; Task = '{"Id":"t1","Status":"Completed","SourceTaskId":"t1","SourceImageNo":2147483647}' }
        @{ Name = 'times'; Task = '{"Id":"t1","Status":"Completed","CreatedAt":"9999-12-31T23:59:59.9999999+00:00"}' }
        @{ Name = 'a cost'; Task = '{"Id":"t1","Status":"Completed","Cost":79228162514264337593543950335}' }
    ) {
        $line = Invoke-Line "'[$Task,{`"Id`":`"t2`",`"Status`":`"Failed`"}]' | ConvertFrom-Json | ForEach-Object { `$_ } | Export-MJGallery -Path '$page'"
        $line.ErrorIds | Should -BeNullOrEmpty
        @(Read-Page $page).Tasks.Id | Sort-Object | Should -Be 't1', 't2'
        @(Read-Page $page).Tasks.Images.No | Where-Object { $_ -and $_ -notin 0..3 } | Should -BeNullOrEmpty
    }

    It 'takes tasks that a script made' {
        $large = [MidJourney.MJUsage] @{ Cost = [decimal]::MaxValue; Currency = 'USD' }
        $line = Invoke-Line {
            [MidJourney.MJTask] @{ Id = 't1'; Status = 'Completed'; Output = @($null) }, [MidJourney.MJTask] @{ Id = 't2'; Status = 'Failed'; Usage = $large },
            [MidJourney.MJTask] @{ Id = 't3'; Status = 'Failed'; Usage = $large } | Export-MJGallery -Path $page
        }
        $line.ErrorIds | Should -Be 'MJ.InvalidTask'
        @(Read-Page $page).Tasks.Id | Should -Be 't2', 't3'
    }

    It 'does not mix a task with one of another gateway that has the same ID' {
        [pscustomobject] @{ Id = $files[0].TaskId; BaseUri = 'https://other.example/'; Status = 'InProgress'; Prompt = 'another' } | Export-MJGallery -Path $page
        $shown = Read-Page $page
        $shown.Prompt | Should -Be 'another'
        $shown.Tasks.State | Should -Be 'InProgress'
    }

    It 'reads a hostile record of a folder' {
        $other = New-Folder
        Copy-Item $files[0].FullName "$other/pic.png"
        $names = '..', '.', '', '../page.html', '/etc/passwd', 'a\u0000.png', '<|>', 'pic.png'
        $lines = $names | ForEach-Object { '{{"v":1,"task":"{0}","index":0,"name":"{1}","length":{2},"sha256":""}}' -f $files[0].TaskId, $_, $files[0].Length }
        [IO.File]::WriteAllLines("$other/.midjourney-saved.jsonl", [string[]] (@('[]', '7', '{"v":1e99}') + $lines + ($lines[-1] -replace '"index":0', '"index":-1' -replace 'pic', 'b')))
        Get-MJTask | Export-MJGallery -Path $other
        (Read-Page "$other/gallery.html").Tasks.Images.File | Should -Be 'pic.png'
    }

    It 'waits for no pipe, and for none that a link or a metadata file leads to: <_>' -Skip:($IsWindows -or $PSEdition -eq 'Desktop') -ForEach 'pic.png', 'link.png', 'good.png.json', '.midjourney-saved.jsonl', 'gallery.html' {
        $other = New-Folder
        Copy-Item $files[0].FullName "$other/good.png"
        if ($_ -eq 'link.png') { mkfifo "$other/pipe"; $null = New-Item -ItemType SymbolicLink "$other/link.png" -Target "$other/pipe" } else { mkfifo "$other/$_" }
        # A pipeline that waits for a pipe cannot be stopped.
        $shell = [powershell]::Create().AddScript("Get-ChildItem -Force '$other' | Export-MJGallery -Path '$other'")
        $shell.BeginInvoke().AsyncWaitHandle.WaitOne(120000) | Should -BeTrue
        if ($_ -ne 'gallery.html') { (Read-Page "$other/gallery.html").Tasks.Images.File | Should -Be 'good.png' }
    }

    It 'shows no key that is a model, a type, a currency or a folder' {
        $null = New-MJSession -ApiKey secret-key-123456 -NoJournal
        try {
            $other = New-Folder
            $inner = [IO.Directory]::CreateDirectory("$other/secret-key-123456").FullName
            Copy-Item $files[0].FullName "$other/pic.png"
            [IO.File]::Copy("$folder/.midjourney-saved.jsonl", "$inner/.midjourney-saved.jsonl")
            $files | ForEach-Object { [IO.File]::Copy($_.FullName, "$inner/$($_.Name)") }
            [IO.File]::WriteAllText("$other/pic.png.json", "{`"taskId`":`"k`",`"index`":0,`"model`":`"secret-key-123456`",`"upscaleType`":`"secret-key-123456`",`"cost`":1,`"currency`":`"secret-key-123456`",`"file`":{`"length`":$($files[0].Length)}}")
            (Get-Item "$other/pic.png"), ([pscustomobject] @{ Id = $files[0].TaskId; Status = 'Completed'; Model = 'secret-key-123456' }) | Export-MJGallery -Path $other -WarningAction SilentlyContinue
            [IO.File]::ReadAllText("$other/gallery.html") | Should -Not -Match 'secret-key'
        }
        finally {
            Get-MJSession -All | Remove-MJSession
        }
    }

    It 'does not replace a file that was written in the meantime' {
        $other = New-Folder
        $line = Invoke-Line "& { [IO.File]::WriteAllText('$other/mine.html', 'mine'); `$files[0] } | Export-MJGallery -Path '$other/mine.html'"
        $line.ErrorIds | Should -Be 'MJ.FileExists'
        [IO.File]::ReadAllText("$other/mine.html") | Should -Be 'mine'
    }

    It 'returns a file that Remove-Item takes, whatever its name is' {
        $files[0] | Export-MJGallery -Path "$folder/[a].html" -PassThru | Remove-Item
        [IO.File]::Exists("$folder/[a].html") | Should -BeFalse
    }

    It 'skips folders that come from a file, and reports paths that cannot be: <_>' -ForEach '"a`0b.png"', "'foo:/x.png'", '[pscustomobject] @{ FullName = "a`0b.png" }' {
        $line = Invoke-Line "[Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize((Get-Item '$folder'), 1)), ($_), `$files[0] | Export-MJGallery -Path '$page'"
        $line.ErrorIds | Should -HaveCount 1
        $line.ErrorIds | Should -BeIn 'MJ.InvalidTask', 'MJ.InvalidPath'
        (Read-Page $page).Tasks.Images.File | Should -Be 'a mill 0.png'
        (Invoke-Line "`$files | Export-MJGallery -Path 'a`0.html'").ErrorIds | Should -Be 'MJ.InvalidPath'
    }
}

Describe 'A saved image' {
    It 'goes into the next step as the image that it is' {
        Reset-TestGateway $gateway
        $files = Invoke-MJDiffusion 'a mill' -Wait | Save-MJOutput -Path (New-Folder)
        $made = $files | Where-Object Index -eq 2 | Invoke-MJUpscale -Type Creative -Wait
        $made.SourceTaskId | Should -Be $files[0].TaskId
        $made.SourceImageNo | Should -Be 2
        (Get-Emulated tasks | Where-Object id -eq $made.Id).imageNo | Should -Be 2
    }

    It 'is not billed as another image: <_>' -ForEach 'Invoke-MJUpscale -Type Creative', 'Invoke-MJVariation -Type Subtle', 'Invoke-MJModel midjourney_pan' {
        Reset-TestGateway $gateway
        $files = Invoke-MJDiffusion 'a mill' -Wait | Save-MJOutput -Path (New-Folder)
        $files += $files | Where-Object Index -eq 0 | Select-Object SavedFile | ConvertTo-Csv | ConvertFrom-Csv
        $line = Invoke-Line "`$files | $_ -ImageNo 2"
        # Four files of a job and the number of one image: that image is paid for once.
        $line.ErrorIds | Should -Be (@('MJ.InvalidParameter') * 4)
        $line.Errors[0].Exception.Message | Should -BeLike 'The file is image ? of its job, not image 2. *'
        $line.Output.SourceImageNo | Should -Be 2
        (Get-GatewayCount $gateway).tasksMade | Should -Be 2
    }

    It 'is the source of the next step, also if it was made from another image: <Name>' -ForEach @(
        @{ Name = 'live'; Form = { $_ } }
        @{ Name = 'from CSV'; Form = { $_ | Select-Object SavedFile | ConvertTo-Csv | ConvertFrom-Csv } }
    ) {
        Reset-TestGateway $gateway
        $folder = New-Folder
        $variation = Invoke-MJDiffusion 'a mill' -Wait | Save-MJOutput -Path $folder | Where-Object Index -eq 3 | Invoke-MJVariation -Type Subtle -Wait
        $made = $variation | Save-MJOutput -Path $folder | Where-Object Index -eq 1 | ForEach-Object $Form | Invoke-MJUpscale -Type Creative -Wait
        $made.SourceTaskId, $made.SourcePrompt | Should -Be $variation.Id, 'a mill'
        $made | Save-MJOutput -Path $folder | Export-MJGallery -Path $folder
        (Read-Page "$folder/gallery.html").Tasks[0].Images[3].Made.Step | Should -Be 'variation', 'upscale Creative of image 1 of variation'
    }
}
