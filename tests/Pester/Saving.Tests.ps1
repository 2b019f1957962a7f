# Images on disk.

BeforeAll {
    . ([IO.Path]::Combine($PSScriptRoot, 'Gateway.ps1'))
    $gateway = Start-TestGateway '--duration 0.02 --fail-job wreck --image-bytes 4096'
    $tasks = Invoke-MJUpscale -JobId harbour -ImageNo 0, 3 -Type Creative -Wait
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

    It 'saves the rest when a task has failed' {
        $mixed = @(Invoke-MJUpscale -JobId wreck -ImageNo 0 -Type Standard -Wait -ErrorAction SilentlyContinue) + $tasks
        $files = $mixed | Save-MJOutput -Path ([IO.Path]::Combine($TestDrive, 'mixed')) -ErrorVariable problems -ErrorAction SilentlyContinue
        $files | Should -HaveCount 2
        $problems | Get-ErrorId | Should -Be 'MJ.GenerationFailed'
        $problems[0].TargetObject.SourceJobId | Should -Be 'wreck'
    }

    It 'says that no reason is known when a task from a file has failed' {
        [pscustomobject] @{ Id = 'wreck'; Status = 'Failed' } | Save-MJOutput -Path $TestDrive -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problems.Exception.Message | Should -Be 'Task wreck failed: no reason given.'
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
        @{ Id = 'InvalidNameTemplate'; Given = "-NameTemplate '../{Index}'" }
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
        Get-ChildItem $folder | ForEach-Object Length | Should -Be 4096, 4096
    }

    It 'names a file at once, however long the id is' {
        $long = [pscustomobject] @{ Id = 'x' * 1MB; Status = 'Completed'; Url = $tasks[0].Url }
        $file = $long | Save-MJOutput -Path ([IO.Path]::Combine($TestDrive, 'long id'))
        $file.Name.Length | Should -BeLessThan 200
        ($long | Save-MJOutput -Path ([IO.Path]::Combine($TestDrive, 'long id'))).State | Should -Be 'AlreadyThere'
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
