# Images on disk.

BeforeAll {
    . ([IO.Path]::Combine($PSScriptRoot, 'Gateway.ps1'))
    $gateway = Start-TestGateway '--duration 0.02 --fail-job wreck --image-bytes 4096'
    $tasks = Invoke-MJUpscale -JobId harbour -ImageNo 0, 3 -Type Creative -Wait | Sort-Object SourceImageNo

    function New-Path([string] $Name = 'out') { [IO.Path]::Combine($TestDrive, [guid]::NewGuid().ToString('N'), $Name) }

    # The paths of the files in a folder, relative to it, without what the module keeps there for itself.
    function Get-Tree([string] $Folder) {
        [IO.Directory]::GetFiles($Folder, '*', 'AllDirectories') | Where-Object { $_ -notmatch '\.midjourney-saved\.jsonl$' } |
            ForEach-Object { $_.Substring($Folder.Length + 1) -replace '\\', '/' } | Sort-Object
    }
}

AfterAll {
    Stop-TestGateway $gateway
}

Describe 'Save-MJOutput' {
    It 'writes every output of each task, and returns the files' {
        $folder = [IO.Path]::Combine($TestDrive, 'a', 'b')
        $files = $tasks | Save-MJOutput -Path $folder
        $files.Name | Sort-Object | Should -Be 'harbour_0_Creative_0.png', 'harbour_3_Creative_0.png'
        $files | ForEach-Object Length | Should -Be 4096, 4096
        $files | Should -BeOfType IO.FileInfo
        $files.SourceJobId | Should -Be 'harbour', 'harbour'
        $files.TaskId | Sort-Object | Should -Be ($tasks.Id | Sort-Object)
        foreach ($file in $files) { $file.Url | Should -BeLike "*$($file.TaskId)*" }
        foreach ($file in $files) { [BitConverter]::ToString([IO.File]::ReadAllBytes($file.FullName), 0, 4) | Should -Be '89-50-4E-47' }
        # Nothing else is left there but the hidden record.
        Get-ChildItem $folder -Recurse | Should -HaveCount 2
        (Get-ChildItem $folder -Recurse -Force -Exclude *.png).Name | Should -Be '.midjourney-saved.jsonl'
    }

    It 'downloads nothing twice, unless it is told to' {
        $folder = [IO.Path]::Combine($TestDrive, 'twice')
        ($tasks | Save-MJOutput -Path $folder).WasThere | Should -Be $false, $false
        $written = (Get-Item ([IO.Path]::Combine($folder, '*'))).LastWriteTimeUtc
        ($tasks | Save-MJOutput -Path $folder).WasThere | Should -Be $true, $true
        (Get-Item ([IO.Path]::Combine($folder, '*'))).LastWriteTimeUtc | Should -Be $written
        $counts = Get-GatewayCount $gateway
        ($tasks | Save-MJOutput -Path $folder).State | Should -Be 'AlreadyThere', 'AlreadyThere'
        (Get-GatewayCount $gateway).Files | Should -Be $counts.Files
        ($tasks | Save-MJOutput -Path $folder -Force).State | Should -Be 'Saved', 'Saved'
    }

    It 'takes a path on any drive of the file system: <_>' -ForEach 'TestDrive:\out', 'TestDrive:/deep/er', 'mj:pictures' {
        $null = New-PSDrive -Name mj -PSProvider FileSystem -Root $TestDrive
        try {
            ($tasks | Save-MJOutput -Path $_).Count | Should -Be 2
            @(Get-ChildItem $_).Count | Should -Be 2
        }
        finally {
            Remove-PSDrive mj
        }
    }

    It 'takes the folder that the user is in' {
        Push-Location (New-Item -ItemType Directory ([IO.Path]::Combine($TestDrive, 'here')))
        try {
            $tasks[0] | Save-MJOutput | Should -HaveCount 1
            @(Get-ChildItem -Filter *.png).Count | Should -Be 1
        }
        finally {
            Pop-Location
        }
    }

    It 'takes a folder as it is written with -LiteralPath' {
        $folder = [IO.Path]::Combine($TestDrive, '[2026] a-z')
        $null = $tasks[0] | Save-MJOutput -LiteralPath $folder
        [IO.Directory]::GetFiles($folder, '*.png') | Should -HaveCount 1
    }

    It 'names files as it is told' {
        $files = $tasks | Save-MJOutput -Path ([IO.Path]::Combine($TestDrive, 'named')) -NameTemplate '{Type}-{SourceImageNo}-of-{SourceJobId}'
        $files.Name | Sort-Object | Should -Be 'Creative-0-of-harbour.png', 'Creative-3-of-harbour.png'
    }

    It 'names two tasks of one name apart' {
        $files = $tasks | Save-MJOutput -Path ([IO.Path]::Combine($TestDrive, 'same')) -NameTemplate same
        $files.Name | Sort-Object | Should -Be @('same.png', "same_$(($files | Where-Object Name -NE same.png).TaskId).png" | Sort-Object)
    }

    It 'saves the rest when a task has failed, without reporting that again' {
        $run = Invoke-Line {
            @('wreck', 'harbour' | ForEach-Object { [pscustomobject] @{ JobId = $_; ImageNo = 0; Type = 'Creative' } }) | Invoke-MJUpscale -WarningAction Ignore | Wait-MJTask | Save-MJOutput -Path (New-Path)
        }
        $run.ErrorIds | Should -Be 'MJ.GenerationFailed'
        $run.Output | Should -HaveCount 1
        $run.Warnings | Should -BeNullOrEmpty
    }

    It 'says why it saved nothing: <Warning>' -ForEach @(
        @{ States = @('Failed'); Warning = 'Nothing was saved: 1 task failed.' }
        @{ States = 'Failed', 'Failed', 'Failed'; Warning = 'Nothing was saved: 3 tasks failed.' }
        @{ States = @('Cancelled'); Warning = 'Nothing was saved: 1 task was cancelled.' }
        @{ States = 'Failed', 'Cancelled', 'Cancelled'; Warning = 'Nothing was saved: 1 task failed, 2 were cancelled.' }
    ) {
        $folder = New-Path
        $run = Invoke-Line { $States | ForEach-Object { [pscustomobject] @{ Id = [guid]::NewGuid(); Status = $_ } } | Save-MJOutput -Path $folder }
        $run.Errors | Should -BeNullOrEmpty
        $run.Output | Should -BeNullOrEmpty
        $run.Warnings | Should -Be "$Warning To submit them again, pipe them into Restart-MJTask."
        $folder | Should -Not -Exist
    }

    It 'has nothing to say without input, or where errors say it' {
        (Invoke-Line { $null | Where-Object { $_ } | Save-MJOutput -Path (New-Path) }).Warnings | Should -BeNullOrEmpty
        (Invoke-Line { 'nothing' | Save-MJOutput -Path (New-Path) }).Warnings | Should -BeNullOrEmpty
    }

    It 'reports <Given> as <Id>, for that record' -ForEach @(
        @{ Id = 'TaskNotCompleted'; Given = "'d758n65e878c73cmdg20'" }
        @{ Id = 'TaskNotCompleted'; Given = '$null' }
        @{ Id = 'TaskNotCompleted'; Given = "[pscustomobject] @{ Id = 't'; Status = 'InProgress' }" }
        @{ Id = 'NoOutput'; Given = "[pscustomobject] @{ Id = 't'; Status = 'Completed' }" }
    ) {
        (Invoke-Line "$Given | Save-MJOutput -Path `$TestDrive").ErrorIds | Should -Be "MJ.$Id"
    }

    It 'ends before anything is done with <Given>' -ForEach @(
        @{ Id = 'InvalidPath'; Given = '-Path Env:out' }
        @{ Id = 'InvalidPath'; Given = '-Path nodrive:/x' }
        @{ Id = 'InvalidNameTemplate'; Given = "-NameTemplate '{Nope}'" }
        @{ Id = 'InvalidPath'; Given = "-Path out.png -NameTemplate '{Index}'" }
        @{ Id = 'InvalidNameTemplate'; Given = "-NameTemplate '../{Index}'" }
        @{ Id = 'InvalidNameTemplate'; Given = "-NameTemplate '{Prompt}/..'" }
        @{ Id = 'InvalidNameTemplate'; Given = "-NameTemplate 'a\..\{Index}'" }
        @{ Id = 'InvalidNameTemplate'; Given = "-NameTemplate 'a/./{Index}'" }
        @{ Id = 'InvalidNameTemplate'; Given = "-NameTemplate 'a//{Index}'" }
        @{ Id = 'InvalidNameTemplate'; Given = "-NameTemplate '{Index}/'" }
        @{ Id = 'InvalidNameTemplate'; Given = "-NameTemplate '/{Index}'" }
        @{ Id = 'InvalidNameTemplate'; Given = "-NameTemplate '\\server\{Index}'" }
        @{ Id = 'InvalidNameTemplate'; Given = "-NameTemplate 'C:{Index}'" }
        @{ Id = 'InvalidNameTemplate'; Given = "-NameTemplate '~/{Index}'" }
        @{ Id = 'InvalidNameTemplate'; Given = "-NameTemplate '{Index'" }
        @{ Id = 'InvalidNameTemplate'; Given = "-NameTemplate '{Prompt:x}'" }
        @{ Id = 'InvalidNameTemplate'; Given = "-NameTemplate '{Prompt:99999999999}'" }
    ) {
        $before = (Get-GatewayCount $gateway).Files
        (Invoke-Line "`$tasks | Save-MJOutput $Given").Thrown | Get-ErrorId | Should -Be "MJ.$Id"
        (Get-GatewayCount $gateway).Files | Should -Be $before
    }

    It 'resumes a download that broke off, and keeps no page in place of an image' {
        Add-Fault @{ operation = 'file'; taskId = $tasks[0].Id; kind = 'halfBody'; times = 1 }
        Add-Fault @{ operation = 'file'; taskId = $tasks[1].Id; kind = 'notJson' }
        $folder = [IO.Path]::Combine($TestDrive, 'misbehaving')
        $run = Invoke-Line { $tasks | Save-MJOutput -Path $folder }
        Clear-Fault
        $run.ErrorIds | Should -Be 'MJ.InvalidOutput'
        $run.Output.TaskId | Should -Be $tasks[0].Id
        $run.Output[0].Length | Should -Be 4096
        Get-ChildItem $folder | Should -HaveCount 1
    }

    It 'sends no key to where the files are' {
        $counts = Get-GatewayCount $gateway
        $counts.Files | Should -BeGreaterThan 0
        $counts.FilesWithAuthorization | Should -Be 0
    }

    It 'keeps a file of that name that is not the image: <Name>' -ForEach @(
        @{ Name = 'zeros'; Bytes = [byte[]]::new(4096) }
        @{ Name = 'another image'; Bytes = [byte[]](0x89, 0x50, 0x4e, 0x47) + [byte[]]::new(4092) }
        @{ Name = 'text'; Bytes = [byte[]](65, 66) }
    ) {
        $folder = New-Item -ItemType Directory ([IO.Path]::Combine($TestDrive, "kept $Name"))
        [IO.File]::WriteAllBytes([IO.Path]::Combine($folder, 'harbour.png'), $Bytes)
        $file = $tasks[0] | Save-MJOutput -Path $folder -NameTemplate harbour
        $file.Name | Should -Be "harbour_$($tasks[0].Id).png"
        $file.State | Should -Be 'Saved'
        [IO.File]::ReadAllBytes([IO.Path]::Combine($folder, 'harbour.png')) | Should -Be $Bytes
        ($tasks[0] | Save-MJOutput -Path $folder -NameTemplate harbour).State | Should -Be 'AlreadyThere'
    }

    It 'knows a file that it did not save by its bytes' {
        $folder = New-Item -ItemType Directory ([IO.Path]::Combine($TestDrive, 'known'))
        Invoke-WebRequest $tasks[0].Url -OutFile ([IO.Path]::Combine($folder, 'harbour.png')) -UseBasicParsing
        1..2 | ForEach-Object { ($tasks[0] | Save-MJOutput -Path $folder -NameTemplate harbour).State | Should -Be 'AlreadyThere' }
        Get-ChildItem $folder | Should -HaveCount 1
    }

    It 'renews a link that has expired' {
        $expired = [pscustomobject] @{ Id = $tasks[0].Id; Status = 'Completed'; Url = "$($gateway.BaseUri)/files/expired/0.png" }
        $file = $expired | Save-MJOutput -Path ([IO.Path]::Combine($TestDrive, 'renewed'))
        $file.State | Should -Be 'Saved'
        $file.Length | Should -Be 4096
    }

    It 'returns an image that cannot be compared as not verified' {
        $folder = [IO.Path]::Combine($TestDrive, 'unverified')
        $null = $tasks[0] | Save-MJOutput -Path $folder -NameTemplate harbour
        Remove-Item ([IO.Path]::Combine($folder, '.midjourney-saved.jsonl')) -Force
        Add-Fault @{ operation = 'file'; kind = 'status'; status = 410 }
        try {
            $file = $tasks[0] | Save-MJOutput -Path $folder -NameTemplate harbour
            $file.State | Should -Be 'NotVerified'
            $file.WasThere | Should -BeTrue
        }
        finally {
            Clear-Fault
        }
    }

    It 'makes as many files as tasks, however they are saved at once' {
        if ($PSVersionTable.PSEdition -ne 'Core') {
            Set-ItResult -Skipped -Because 'ForEach-Object -Parallel is of PowerShell 7'
            return
        }

        $six = Invoke-MJUpscale -JobId mill -ImageNo 0, 1, 2, 3 -Type Standard -Wait
        $six += Invoke-MJUpscale -JobId mill -ImageNo 0, 1 -Type Creative -Wait
        $folder = [IO.Path]::Combine($TestDrive, 'parallel')
        $files = $six | ForEach-Object -ThrottleLimit 6 -Parallel {
            Import-Module MidJourney
            $_ | Save-MJOutput -Path $using:folder -NameTemplate same
        }
        $files.Name | Sort-Object -Unique | Should -HaveCount 6
        $files.TaskId | Sort-Object | Should -Be ($six.Id | Sort-Object)
        Get-ChildItem $folder | Should -HaveCount 6
        $jobs = $six | ForEach-Object { Start-ThreadJob -ArgumentList $_, $folder { param($Task, $Folder) Import-Module MidJourney; $Task | Save-MJOutput -Path $Folder -NameTemplate same -Force } }
        $again = $jobs | Receive-Job -Wait -AutoRemoveJob
        ($again | Sort-Object TaskId).Name | Should -Be ($files | Sort-Object TaskId).Name
        Get-ChildItem $folder | Should -HaveCount 6
    }

    It 'saves the rest when a link is not one' {
        $bad = 'file:///etc/passwd', 'data:image/png;base64,AAAA', 'ftp://host/a.png', '//host/share/a.png', 'a.png', 'http://[::1', "http://host/$('a' * 100000)", 'http://user:secret@127.0.0.1/a.png' |
            ForEach-Object { [pscustomobject] @{ Id = "bad$($_.Length)"; Status = 'Completed'; Url = $_ } }
        $files = @($bad) + $tasks | Save-MJOutput -Path ([IO.Path]::Combine($TestDrive, 'bad links')) -ErrorVariable problems -ErrorAction SilentlyContinue
        $files | Should -HaveCount 2
        $problems.FullyQualifiedErrorId -replace ',.*' | Should -Be (@('MJ.NoOutput') * $bad.Count)
        "$problems" | Should -Not -Match 'secret@'
    }

    It 'takes no file that is longer than -MaxBytes' {
        $folder = [IO.Path]::Combine($TestDrive, 'long')
        $files = $tasks | Save-MJOutput -Path $folder -MaxBytes 4KB
        $files | Should -HaveCount 2
        $files = $tasks | Save-MJOutput -Path $folder -MaxBytes 2KB -Force -ErrorVariable problems -ErrorAction SilentlyContinue
        $files | Should -BeNullOrEmpty
        $problems.FullyQualifiedErrorId -replace ',.*' | Should -Be 'MJ.InvalidOutput', 'MJ.InvalidOutput'
        "$($problems[0])" | Should -BeLike '* is longer than 2,048 bytes, the limit that -MaxBytes sets. It was not saved.'
        Get-ChildItem $folder | ForEach-Object Length | Should -Be 4096, 4096
    }

    It 'names a file at once, however long the id is' {
        $long = [pscustomobject] @{ Id = 'x' * 1MB; Status = 'Completed'; Url = $tasks[0].Url }
        $file = $long | Save-MJOutput -Path ([IO.Path]::Combine($TestDrive, 'long id'))
        $file.Name.Length | Should -BeLessThan 200
        ($long | Save-MJOutput -Path ([IO.Path]::Combine($TestDrive, 'long id'))).State | Should -Be 'AlreadyThere'
    }
}

Describe 'A saved file' {
    It 'goes into cmdlets of files, and into a list' {
        $files = $tasks | Save-MJOutput -Path (New-Path)
        ($files | Get-FileHash).Path | Should -Be $files.FullName
        ($files | Get-Content -TotalCount 1) | Should -HaveCount 2
        $read = $files | Select-Object SavedFile | ConvertTo-Csv -NoTypeInformation | ConvertFrom-Csv
        $read[0].PSObject.Properties.Name | Should -Be Name, FullName, Length, State, Prompt, Model, UpscaleType, TaskId, Index, JobId, ImageNo, SourceTaskId, SourceJobId, SourceImageNo, CreatedAt, Cost, Currency, Url
        $read.FullName | Should -Be $files.FullName
        ($files[0] | Select-Object SavedFile | ConvertTo-Json | ConvertFrom-Json).State | Should -Be 'Saved'
    }
}

Describe 'The default name' {
    BeforeAll {
        $grid = Invoke-MJDiffusion "a boat/house: day?`nby the  sea --ar 16:9" -Wait
        $upscales = $grid | Invoke-MJUpscale -ImageNo 0, 2 -Type Creative -Wait
    }

    It 'of an image made from a prompt is the prompt and its number' {
        $files = $grid | Save-MJOutput -Path (New-Path)
        ($files | Sort-Object Index).Name | Should -Be (0..3 | ForEach-Object { "a boat_house_ day_ by the sea $_.png" })
    }

    It 'of its upscale also has the number of the image, and the type' {
        ($upscales | Save-MJOutput -Path (New-Path)).Name | Sort-Object | Should -Be 'a boat_house_ day_ by the sea 0 Creative.png', 'a boat_house_ day_ by the sea 2 Creative.png'
    }

    It 'of its edit also has the number of the image, and the kind of edit' {
        $variation = $grid | Invoke-MJVariation -ImageNo 1 -Type Strong -Wait
        ($variation | Save-MJOutput -Path (New-Path) | Sort-Object Index).Name | Should -Be (0..3 | ForEach-Object { "a boat_house_ day_ by the sea 1 variation $_.png" })
    }

    It 'of an image made from a job ID alone begins with the job ID' {
        $variation = Invoke-MJVariation harbour -ImageNo 1 -Type Strong -Wait
        ($variation | Save-MJOutput -Path (New-Path) | Sort-Object Index).Name | Should -Be (0..3 | ForEach-Object { "harbour_1_variation_$_.png" })
    }

    It 'keeps the number of an image whose prompt is long, in whatever script: <_>' -ForEach '海', '🗼', 'ü', 'x' {
        $files = Invoke-MJDiffusion ($_ * 300) -Wait | Save-MJOutput -Path (New-Path)
        ($files | Sort-Object Index).Name | Should -Be (0..3 | ForEach-Object { "$($files[0].Name -replace ' \d\.png$') $_.png" })
    }

    It 'does not begin with the address of an image in the prompt' {
        $files = Invoke-MJDiffusion 'https://example.com/a.png?x=1 a tower --iw 2' -Wait | Save-MJOutput -Path (New-Path)
        ($files | Sort-Object Index).Name | Should -Be (0..3 | ForEach-Object { "a tower $_.png" })
    }

    It 'is the same for a task by its ID, in this session and in a later one' {
        $folder = New-Path
        $names = ($grid, $upscales | ForEach-Object { $_ } | Save-MJOutput -Path $folder).Name | Sort-Object
        $ids = @($grid.Id) + $upscales.Id
        (Wait-MJTask $ids | Save-MJOutput -Path $folder).State | Should -Be (@('AlreadyThere') * 6)
        Get-MJSession -All | Remove-MJSession
        $again = Get-MJTask $ids | Save-MJOutput -Path $folder
        $again.State | Should -Be (@('AlreadyThere') * 6)
        $again.Name | Sort-Object | Should -Be $names
    }

    It 'is the same for a task by pipe, from a file and after a job' {
        $folder = New-Path
        $names = ($grid, $upscales | ForEach-Object { $_ } | Save-MJOutput -Path $folder).Name
        $before = (Get-GatewayCount $gateway).Files
        foreach ($copies in @(
                , ($grid, $upscales | ForEach-Object { $_ } | Copy-Deserialized)
                , ($grid, $upscales | ForEach-Object { $_ } | ConvertTo-Json -Depth 8 | ConvertFrom-Json | ForEach-Object { $_ })
                , ($grid, $upscales | ForEach-Object { $_ } | ConvertTo-Csv | ConvertFrom-Csv))) {
            $again = $copies | Save-MJOutput -Path $folder
            $again.Name | Sort-Object | Should -Be ($names | Sort-Object)
            $again.State | Should -Be (@('AlreadyThere') * 6)
        }
        (Get-GatewayCount $gateway).Files | Should -Be $before
    }

    It 'that an earlier version gave is recognised, <Case>' -ForEach @(
        @{ Case = 'by the record'; HasRecord = $true }
        @{ Case = 'by the content where there is no record'; HasRecord = $false }
    ) {
        $folder = New-Path
        $old = $grid, $upscales | ForEach-Object { $_ } | Save-MJOutput -Path $folder -NameTemplate '{SourceJobId}_{SourceImageNo}_{Type}_{Index}'
        # Version 0.1.0 named the kind of an output, which was the same for all.
        foreach ($file in $old) {
            $name = $file.Name -replace '_diffusion_', '_image_'
            if ($name -ne $file.Name) { Move-Item $file.FullName ([IO.Path]::Combine($folder, $name)) }
        }
        $record = [IO.Path]::Combine($folder, '.midjourney-saved.jsonl')
        if ($HasRecord) { [IO.File]::WriteAllText($record, ([IO.File]::ReadAllText($record) -replace '_diffusion_', '_image_')) } else { [IO.File]::Delete($record) }
        $tree = Get-Tree $folder
        ($grid, $upscales | ForEach-Object { $_ } | Save-MJOutput -Path $folder).State | Should -Be (@('AlreadyThere') * 6)
        Get-Tree $folder | Should -Be $tree
    }
}

Describe 'Several images of one task' {
    BeforeAll {
        $grid = Invoke-MJDiffusion 'a kite' -Wait
    }

    It 'are numbered where <Template> does not number them: <Names>' -ForEach @(
        @{ Template = 'my kite'; Names = 'my kite 0', 'my kite 1', 'my kite 2', 'my kite 3' }
        @{ Template = '{TaskId}'; Names = 0..3 | ForEach-Object { "ID $_" } }
        @{ Template = 'my_{Prompt}'; Names = 'my_a kite_0', 'my_a kite_1', 'my_a kite_2', 'my_a kite_3' }
        @{ Template = 'kite-{Type}'; Names = 'kite-diffusion-0', 'kite-diffusion-1', 'kite-diffusion-2', 'kite-diffusion-3' }
        # The content decides the extension.
        @{ Template = 'my kite.jpeg'; Names = 'my kite 0', 'my kite 1', 'my kite 2', 'my kite 3' }
        @{ Template = '{Index:00} {Prompt}'; Names = '00 a kite', '01 a kite', '02 a kite', '03 a kite' }
    ) {
        $folder = New-Path
        $expected = $Names | ForEach-Object { ($_ -replace '^ID', $grid.Id) + '.png' }
        ($grid | Save-MJOutput -Path $folder -NameTemplate $Template | Sort-Object Index).Name | Should -Be $expected
        $again = $grid | Save-MJOutput -Path $folder -NameTemplate $Template | Sort-Object Index
        $again.Name | Should -Be $expected
        $again.State | Should -Be (@('AlreadyThere') * 4)
        ($tasks[0] | Save-MJOutput -Path $folder -NameTemplate alone).Name | Should -Be 'alone.png'
    }

    It 'that an earlier version did not number are recognised' {
        $folder = New-Path
        $null = $grid | Save-MJOutput -Path $folder -NameTemplate 'my kite'
        # As they were named before they were numbered.
        $record = [IO.Path]::Combine($folder, '.midjourney-saved.jsonl')
        $text = [IO.File]::ReadAllText($record)
        foreach ($new in @{ 0 = 'my kite'; 1 = "my kite_$($grid.Id)"; 2 = "my kite_$($grid.Id)_2"; 3 = "my kite_$($grid.Id)_3" }.GetEnumerator()) {
            Move-Item ([IO.Path]::Combine($folder, "my kite $($new.Key).png")) ([IO.Path]::Combine($folder, "$($new.Value).png"))
            $text = $text.Replace("my kite $($new.Key).png", "$($new.Value).png")
        }
        [IO.File]::WriteAllText($record, $text)
        ($grid | Save-MJOutput -Path $folder -NameTemplate 'my kite').State | Should -Be (@('AlreadyThere') * 4)
        Get-Tree $folder | Should -HaveCount 4
    }
}

Describe '-Path of a file' {
    BeforeAll {
        $grid = Invoke-MJDiffusion 'a mill' -Wait
    }

    It 'is the path of one image, by <Parameter>: <Name>' -ForEach @(
        foreach ($parameter in 'Path', 'LiteralPath') { foreach ($name in 'pic.png', 'PIC.PNG', '[my] pic.png') { @{ Parameter = $parameter; Name = $name } } }
    ) {
        $path = New-Path $Name
        $where = @{ $Parameter = $path }
        $run = Invoke-Line { $tasks[0] | Save-MJOutput @where }
        $run.Output.FullName | Should -BeExactly $path
        $run.Warnings | Should -BeNullOrEmpty
        $again = $tasks[0] | Save-MJOutput @where
        $again.FullName, $again.State | Should -Be $path, 'AlreadyThere'
        Get-Tree ([IO.Path]::GetDirectoryName($path)) | Should -Be $Name
    }

    It 'is numbered for several images, in the order of the input' {
        $path = New-Path pic.png
        ($tasks | Save-MJOutput -Path $path | Sort-Object SourceImageNo).Name | Should -Be 'pic 0.png', 'pic 1.png'
        # In another order, too, they are there.
        $again = $tasks[1], $tasks[0] | Save-MJOutput -Path $path | Sort-Object SourceImageNo
        $again.Name | Should -Be 'pic 0.png', 'pic 1.png'
        $again.State | Should -Be 'AlreadyThere', 'AlreadyThere'
        ($tasks[1] | Save-MJOutput -Path $path).Name | Should -Be 'pic 1.png'
    }

    It 'is numbered on from one task to the next' {
        ($grid, $tasks[0] | Save-MJOutput -Path (New-Path my_pic.png) | Sort-Object Name).Name | Should -Be 'my_pic_0.png', 'my_pic_1.png', 'my_pic_2.png', 'my_pic_3.png', 'my_pic_4.png'
    }

    It 'has the extension of the format, with a warning: <Given> becomes <Name>' -ForEach @(
        @{ Given = 'pic.png'; Name = 'pic.gif'; Warnings = @("The format of the file is not that of 'pic.png', so its name is 'pic.gif'.") }
        @{ Given = 'pic.GIF'; Name = 'pic.GIF'; Warnings = @() }
    ) {
        $path = New-Path $Given
        Add-Fault @{ operation = 'file'; taskId = $tasks[0].Id; kind = 'status'; status = 200; text = 'GIF89a and so on;'; contentType = 'image/png' }
        try {
            $run = Invoke-Line { $tasks[0] | Save-MJOutput -Path $path }
            $run.Output.Name | Should -BeExactly $Name
            $run.Warnings | Should -Be $Warnings
            $again = Invoke-Line { $tasks[0] | Save-MJOutput -Path $path }
            $again.Output.State | Should -Be 'AlreadyThere'
            $again.Warnings | Should -Be $Warnings
        }
        finally {
            Clear-Fault
        }
    }

    It 'keeps what is there, with a warning, and replaces it with -Force' {
        $path = New-Path pic.png
        $null = $tasks[0] | Save-MJOutput -Path $path
        $run = Invoke-Line { $tasks[1] | Save-MJOutput -Path $path }
        $run.Output.Name | Should -Be "pic_$($tasks[1].Id).png"
        $run.Warnings | Should -BeLike "'pic.png' already exists with other content, so the name of the file is 'pic_*.png'. To replace the existing file, use -Force."
        $again = Invoke-Line { $tasks[1] | Save-MJOutput -Path $path }
        $again.Output.Name, $again.Output.State, "$($again.Warnings)" | Should -Be $run.Output.Name, 'AlreadyThere', "$($run.Warnings)"
        $forced = Invoke-Line { $tasks[1] | Save-MJOutput -Path $path -Force }
        $forced.Output.Name | Should -Be 'pic.png'
        $forced.Warnings | Should -BeNullOrEmpty
        (Get-FileHash $path).Hash | Should -Be (Get-FileHash $run.Output.FullName).Hash
        # The first image is not there any more.
        ($tasks[0] | Save-MJOutput -Path $path -WarningAction Ignore).State | Should -Be 'Saved'
    }

    It 'is a folder if it is one, or ends in a separator' {
        $folder = [IO.Directory]::CreateDirectory((New-Path v1.png)).FullName
        ($tasks[0] | Save-MJOutput -Path $folder).DirectoryName | Should -Be $folder
        ($tasks[0] | Save-MJOutput -Path ((New-Path v2.png) + '/')).Name | Should -Be 'harbour_0_Creative_0.png'
    }

    It 'is an error if it is a file of another kind' {
        $path = New-Path notes.txt
        $null = New-Item $path -Force
        (Invoke-Line { $tasks[0] | Save-MJOutput -Path $path }).Thrown | Get-ErrorId | Should -Be 'MJ.InvalidPath'
    }

    It 'makes nothing with -WhatIf' {
        $picture = New-Path pic.png
        Get-Transcript { $tasks[0] | Save-MJOutput -Path $picture -WhatIf } | Should -Match 'pic\.png'
        [IO.Path]::GetDirectoryName($picture) | Should -Not -Exist
    }
}

Describe 'Folders in -NameTemplate' {
    BeforeAll {
        $one = [pscustomobject] @{ Id = 'one'; Status = 'Completed'; Url = $tasks[0].Url; Prompt = ''; CreatedAt = '2026-03-01T12:00:00Z'; Model = 'midjourney_edit' }

        function Copy-One([string] $Prompt, [string] $Id = 'one') {
            $copy = $one.PSObject.Copy()
            $copy.Prompt, $copy.Id = $Prompt, $Id
            $copy
        }
    }

    It '<Template> makes <Path>' -ForEach @(
        @{ Template = '{Prompt}/{Index}'; Path = 'a mill/0.png' }
        @{ Template = 'all\{Prompt}\{Index}'; Path = 'all/a mill/0.png' }
        @{ Template = '{CreatedAt:yyyy-MM}/{TaskId}'; Path = '2026-03/one.png' }
        # What a value or its format contains makes no folder.
        @{ Template = '{CreatedAt:yyyy/MM}/{TaskId}'; Path = '2026_03/one.png' }
        # A folder without a name is left out.
        @{ Template = '{SourceTaskId}/{Index}'; Path = '0.png' }
        @{ Template = '{Prompt}/{Prompt}/{Prompt}'; Path = 'a mill/a mill/a mill.png' }
        @{ Template = 'con/nul'; Path = '_con/_nul.png' }
    ) {
        $folder = New-Path
        $null = Copy-One 'a mill' | Save-MJOutput -Path $folder -NameTemplate $Template
        Get-Tree $folder | Should -Be $Path
        (Copy-One 'a mill' | Save-MJOutput -Path $folder -NameTemplate $Template).State | Should -Be 'AlreadyThere'
    }

    It 'stay in the folder, whatever the prompt is: <Prompt>' -ForEach @(
        @{ Prompt = '../../etc'; Made = '__._etc' }
        @{ Prompt = '..'; Made = '_' }
        @{ Prompt = '/etc/passwd'; Made = '_etc_passwd' }
        @{ Prompt = 'C:\Windows'; Made = 'C__Windows' }
        @{ Prompt = 'con'; Made = '_con' }
        @{ Prompt = 'Lpt1.txt'; Made = '_Lpt1.txt' }
        @{ Prompt = 'a boat... '; Made = 'a boat' }
        @{ Prompt = '.git'; Made = '_git' }
        @{ Prompt = "e$([char] 0x301)toile"; Made = "$([char] 0xe9)toile" }
    ) {
        $folder = New-Path
        $null = Copy-One $Prompt | Save-MJOutput -Path $folder -NameTemplate '{Prompt}/{Index}'
        Get-Tree $folder | Should -BeExactly "$Made/0.png"
    }

    It 'are one where their names differ only in case' {
        $folder = New-Path
        (Copy-One 'A boat' one), (Copy-One 'a BOAT' two) | Save-MJOutput -Path $folder -NameTemplate '{Prompt}/{Index}' | Should -HaveCount 2
        $null = Copy-One 'a boat' three | Save-MJOutput -Path $folder -NameTemplate '{Prompt}/{Index}'
        [IO.Directory]::GetDirectories($folder) | Should -HaveCount 1
        Get-Tree $folder | Should -HaveCount 3
    }

    It 'are short enough, however long the prompt is' {
        $folder = New-Path
        $null = Copy-One ('海' * 5000) | Save-MJOutput -Path $folder -NameTemplate '{Prompt:5000}/{Prompt:5000}'
        foreach ($part in (Get-Tree $folder) -split '/') { [Text.Encoding]::UTF8.GetByteCount($part) | Should -BeLessThan 255 }
    }

    It 'keep the files of other tasks' {
        $folder = New-Path
        $files = (Copy-One 'a mill' one), (Copy-One 'a mill' two) | Save-MJOutput -Path $folder -NameTemplate '{Prompt}/{Index}' -Force
        Get-Tree $folder | Should -Be ('a mill/0.png', "a mill/0_$(($files | Where-Object Name -NE 0.png).TaskId).png" | Sort-Object)
        (Copy-One 'a mill' three | Save-MJOutput -Path $folder -NameTemplate '{Prompt}/{Index}' -Force).Name | Should -Be '0_three.png'
    }

    It 'are not made with -WhatIf' {
        $folder = New-Path
        Copy-One 'a mill' | Save-MJOutput -Path $folder -NameTemplate '{Prompt}/{Index}' -WhatIf
        $folder | Should -Not -Exist
    }

    It 'that cannot be made cost two errors, however many images they were for' {
        $out = New-Path
        $null = [IO.Directory]::CreateDirectory($out)
        [IO.File]::WriteAllText([IO.Path]::Combine($out, 'all'), 'a file is in the way')
        $tasks = 'j1', 'j2', 'j3' | ForEach-Object { [pscustomobject] @{ JobId = $_; ImageNo = 0; Type = 'Subtle' } } | Invoke-MJUpscale -WarningAction Ignore | Wait-MJTask
        $grid = Invoke-MJDiffusion 'all of these' -WarningAction Ignore | Wait-MJTask
        $run = Invoke-Line { $grid, $tasks | ForEach-Object { $_ } | Save-MJOutput -Path $out -NameTemplate 'all/{TaskId}' }
        $run.ErrorIds | Should -Be 'MJ.FileNotWritten', 'MJ.FileNotWritten'
        $run.Errors[0].TargetObject.Id | Should -Be $grid.Id
        "$($run.Errors[1])" | Should -Be "3 more tasks could not be saved, because the folder $([IO.Path]::Combine($out, 'all')) could not be created."
        # They can be saved elsewhere.
        @($run.Errors.TargetObject | Save-MJOutput -Path (New-Path)) | Should -HaveCount 7
    }

    It 'whose name is that of a file are an error for that task' {
        $folder = New-Path
        $null = New-Item ([IO.Path]::Combine($folder, 'a mill')) -Force
        $run = Invoke-Line { (Copy-One 'a mill'), (Copy-One 'a pier') | Save-MJOutput -Path $folder -NameTemplate '{Prompt}/{Index}' }
        $run.ErrorIds | Should -Be 'MJ.FileNotWritten'
        Get-Tree $folder | Should -Be 'a mill', 'a pier/0.png'
    }
}

Describe '-NameTemplate' {
    BeforeAll {
        $prompt = "a lighthouse on a cliff`nabove the  sea, painted in oil and   lit by its own beam --ar 16:9"
        $grid = Invoke-MJDiffusion $prompt -Wait
        $upscale = $grid | Invoke-MJUpscale -ImageNo 0 -Type 1 -Wait
    }

    It '<Template> names the file <Name>' -ForEach @(
        @{ Template = '{Prompt}_{SourceImageNo}'; Name = 'a lighthouse on a cliff above the sea, painted in oil and_0' }
        @{ Template = '{SourceImageNo} {Prompt:12}'; Name = '0 a lighthouse' }
        @{ Template = '{Prompt:5}'; Name = 'a' }
        @{ Template = '{Prompt:200}'; Name = 'a lighthouse on a cliff above the sea, painted in oil and lit by its own beam' }
        @{ Template = '{Prompt:0}x'; Name = 'x' }
    ) {
        ($upscale | Save-MJOutput -Path ([IO.Path]::Combine($TestDrive, 'prompts')) -NameTemplate $Template).Name | Should -BeExactly "$Name.png"
    }

    It '{SourceTaskId} is the task that it was made of, which the file tells, too' {
        $file = $upscale | Save-MJOutput -Path ([IO.Path]::Combine($TestDrive, 'sources')) -NameTemplate '{SourceTaskId}'
        $file.Name, $file.SourceTaskId, $file.Prompt | Should -Be "$($grid.Id).png", $grid.Id, $prompt
    }

    It '{Prompt} is the job where no prompt is known' {
        $files = $tasks | Save-MJOutput -Path ([IO.Path]::Combine($TestDrive, 'jobs')) -NameTemplate '{Prompt} {SourceImageNo}'
        $files.Name | Sort-Object | Should -Be 'harbour 0.png', 'harbour 3.png'
    }
}
