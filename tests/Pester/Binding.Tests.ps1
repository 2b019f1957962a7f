# What binds to the parameters, and what does not: script blocks, tasks as arguments, objects where text belongs.

BeforeAll {
    . ([IO.Path]::Combine($PSScriptRoot, 'Gateway.ps1'))
    $gateway = Start-TestGateway
}

AfterAll {
    Stop-TestGateway $gateway
}

Describe 'A script block for a parameter' {
    BeforeEach {
        Reset-TestGateway $gateway
    }

    It 'is run for each object that is piped in' {
        'a lighthouse', 'a pier' | Invoke-MJDiffusion -Prompt { "$_ --ar 16:9" } | ForEach-Object Prompt | Sort-Object | Should -Be 'a lighthouse --ar 16:9', 'a pier --ar 16:9'

        $rows = 'Job,No,How,Size', 'harbour,1,Standard,2048x1024', 'pier,2,Creative,1024x1024' | ConvertFrom-Csv
        $rows | Invoke-MJUpscale -JobId { $_.Job } -ImageNo { $_.No } -Type { $_.How } | ForEach-Object { "$($_.SourceJobId) $($_.SourceImageNo) $($_.UpscaleType)" } |
            Sort-Object | Should -Be 'harbour 1 Standard', 'pier 2 Creative'
        $edits = $rows | Invoke-MJEdit -JobId { $_.Job } -ImageNo 0 -RemixPrompt { "the $($_.Job)" } -Canvas { $_.Size } -ImagePosition { '512x512' } -Mask { $null }
        $edits.Prompt | Sort-Object | Should -Be 'the harbour', 'the pier'
        ($rows | Invoke-MJModel midjourney_pan -JobId { $_.Job } -Parameter { @{ direction = [int] $_.No } }).SourceJobId | Sort-Object | Should -Be 'harbour', 'pier'
    }

    It 'is run for a task that is piped in, and its job is worked on' {
        $grid = Invoke-MJDiffusion 'a lighthouse' -Wait
        $night = $grid | Invoke-MJRemix -ImageNo 0 -RemixPrompt { "$($_.Prompt) at night" }
        "$($night.SourceJobId) $($night.SourceTaskId) $($night.Prompt)" | Should -Be "$($grid.JobId) $($grid.Id) a lighthouse at night"
    }

    It 'finds the task, whatever else the object has' {
        $task = Invoke-MJUpscale -JobId harbour -ImageNo 0 -Type 1
        ([pscustomobject] @{ Id = 7; T = $task.Id } | Get-MJTask -Id { $_.T }).Id | Should -Be $task.Id
        ([pscustomobject] @{ Id = 7; T = $task } | Wait-MJTask -Id { $_.T }).SourceJobId | Should -Be 'harbour'
    }

    It 'is an error where nothing is piped in, or where it is a value' {
        { Invoke-MJEdit -JobId harbour -ImageNo 0 -RemixPrompt x -Canvas { '1024x1024' } } | Should -Throw -ErrorId 'ScriptBlockArgumentNoInput,*'
        { Invoke-MJUpscale -JobId { 'harbour' } -ImageNo 0 -Type 1 } | Should -Throw -ErrorId 'ScriptBlockArgumentNoInput,*'
        $row = [pscustomobject] @{ JobId = 'harbour'; ImageNo = 0; RemixPrompt = { x }; Canvas = '1024x1024' }
        $row | Invoke-MJEdit -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $row.RemixPrompt, $row.Canvas = 'x', { '1024x1024' }
        $row | Invoke-MJEdit -ErrorVariable +problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        Invoke-MJModel { midjourney_pan } -JobId harbour -ErrorVariable +problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problems | Get-ErrorId | Should -Be 'MJ.InvalidParameter', 'MJ.InvalidParameter', 'MJ.InvalidParameter'
        (Get-GatewayCount $gateway).Creates | Should -Be 0
    }
}

Describe 'Something other than text' {
    BeforeAll {
        Reset-TestGateway $gateway
        $good = Import-PowerShellDataFile ([IO.Path]::Combine($PSScriptRoot, '..', 'Models.psd1'))
        $values = @{ text = 'a cat' }, [pscustomobject] @{ text = 'a cat' }, [IO.FileInfo] 'a.txt', (Get-Date), $true, { a cat },
            (ConvertTo-SecureString secret -AsPlainText -Force), ([xml] '<a>b</a>'),
            @(@{ a = 1 }, @{ a = 2 })
    }

    It 'is never made into a text that is paid for, and is an error of that record: <_>' -ForEach (
        (Import-PowerShellDataFile ([IO.Path]::Combine($PSScriptRoot, '..', 'Models.psd1'))).Keys | Sort-Object
    ) {
        $cmdlet = $_
        $quiet = @{ ErrorVariable = 'problems'; ErrorAction = 'SilentlyContinue' }
        foreach ($parameter in @($good[$cmdlet].Keys)) {
            foreach ($value in $values) {
                $row = $good[$cmdlet].Clone()
                # -Parameter is a table itself; what is in it must be plain.
                if ($parameter -ne 'Parameter') { $row[$parameter] = $value }
                elseif ($value -is [hashtable] -or $value -is [pscustomobject] -or $value -is [bool] -or $value -is [array]) { continue }
                else { $row[$parameter] = @{ direction = $value } }

                $why = "-$parameter of $cmdlet does not take a $($value.GetType())"
                # An argument that is a script block is for PowerShell to run.
                if ($value -isnot [scriptblock] -or $parameter -in 'Model', 'Parameter') {
                    & $cmdlet @row @quiet | Should -BeNullOrEmpty -Because $why
                    @($problems | Get-ErrorId) -match '^MJ\.(InvalidParameter|JobIdMissing)$' | Should -Not -BeNullOrEmpty -Because $why
                }
                if ($parameter -ne 'Model') {
                    $fixed = if ($row.ContainsKey('Model')) { @{ Model = $row.Model } } else { @{} }
                    $row.Remove('Model')
                    [pscustomobject] $row | & $cmdlet @fixed @quiet | Should -BeNullOrEmpty -Because $why
                    @($problems | Get-ErrorId) -match '^MJ\.(InvalidParameter|JobIdMissing)$' | Should -Not -BeNullOrEmpty -Because $why
                }
            }
        }
        (Get-GatewayCount $gateway).Creates | Should -Be 0
    }

    It 'in one row of JSON does not stop the others' {
        $rows = '[{"jobId":"a","imageNo":0,"remixPrompt":{"text":"a cat"}},{"jobId":"b","imageNo":0,"remixPrompt":"a cat"},{"jobId":"c","imageNo":0,"remixPrompt":["a","b"]}]' | ConvertFrom-Json
        $tasks = $rows | Invoke-MJRemix -ErrorVariable problems -ErrorAction SilentlyContinue
        $tasks.SourceJobId | Should -Be 'b'
        $problems | Get-ErrorId | Should -Be 'MJ.InvalidParameter', 'MJ.InvalidParameter'
        $problems[0].Exception.Message | Should -BeLike '-RemixPrompt *PSCustomObject*'
        $problems[0].TargetObject.RemixPrompt = $problems[0].TargetObject.RemixPrompt.text
        ($problems[0].TargetObject | Invoke-MJRemix).Prompt | Should -Be 'a cat'
    }

    It 'is what a task is to a prompt' {
        $grid = Invoke-MJDiffusion 'a lighthouse' -Wait
        $before = (Get-GatewayCount $gateway).Creates
        foreach ($task in $grid, ([pscustomobject] @{ Id = $grid.Id; RawStatus = 'completed'; Prompt = 'a lighthouse' })) {
            $task | Invoke-MJDiffusion -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
            $problems | Get-ErrorId | Should -Be 'MJ.InvalidParameter'
        }

        (Get-GatewayCount $gateway).Creates | Should -Be $before
    }

    It 'is no null of a database, which is nothing' {
        $rows = [Data.DataTable]::new()
        'JobId', 'RemixPrompt' | ForEach-Object { $null = $rows.Columns.Add($_) }
        $null = $rows.Rows.Add('harbour', [DBNull]::Value)
        $null = $rows.Rows.Add([DBNull]::Value, 'x')
        $tasks = $rows | Invoke-MJOutpaint -ImageNo 0 -Scale 1.5 -ErrorVariable problems -ErrorAction SilentlyContinue
        "$($tasks.SourceJobId) $($tasks.Prompt)" | Should -Be 'harbour '
        $problems | Get-ErrorId | Should -Be 'MJ.JobIdMissing'
        foreach ($nothing in [NullString]::Value, [DBNull]::Value, (& { }), $null) {
            (Invoke-MJOutpaint harbour -ImageNo 0 -Scale 1.5 -RemixPrompt $nothing).Prompt | Should -BeNullOrEmpty
        }
    }

    It 'is no blank line of a file of prompts, which is skipped' {
        $tasks = 'a heron', '', ' ', 'a pier' | Invoke-MJDiffusion -WarningVariable warnings -ErrorVariable problems -WarningAction SilentlyContinue
        $tasks.Prompt | Sort-Object | Should -Be 'a heron', 'a pier'
        "$warnings$problems" | Should -Be 'Blank lines skipped: 2.'
    }

    It 'is no number, address or name of a type, which are' {
        (Invoke-MJDiffusion -Prompt 1.5).Prompt | Should -Be '1.5'
        (Invoke-MJDiffusion -Prompt ([uri] 'https://example.com/a%20b.png')).Prompt | Should -Be 'https://example.com/a%20b.png'
        $task = Invoke-MJUpscale harbour -ImageNo 0 -Type ([MidJourney.UpscaleType]::V5_4x)
        $task.UpscaleType | Should -Be 'V5_4x'
        $file = [IO.Path]::Combine($TestDrive, 'task.xml')
        $task | Export-Clixml $file
        (Invoke-MJUpscale pier -ImageNo 0 -Type (Import-Clixml $file).UpscaleType).UpscaleType | Should -Be 'V5_4x'
    }

    It 'is looked for by every parameter of every cmdlet that pays' {
        $texts = foreach ($cmdlet in Get-Command -Module MidJourney -Verb Invoke) {
            foreach ($parameter in $cmdlet.Parameters.Values | Where-Object ParameterType -in ([string], [string[]])) {
                if ($parameter.Name -in [Management.Automation.Cmdlet]::CommonParameters) { continue }
                $parameter.Attributes.TypeId.Name | Should -Contain 'TextArgumentAttribute' -Because "-$($parameter.Name) of $cmdlet takes text"
                $parameter.Name
            }
        }
        $texts.Count | Should -BeGreaterThan 20
    }
}

Describe 'Input of which no parameter takes a value' {
    BeforeAll {
        Reset-TestGateway $gateway
        $rows = [pscustomobject] @{ JobId = 'other'; Type = 'Standard' }, [pscustomobject] @{ Id = 3 }
    }

    It 'is an error for each record, and pays nothing: <_>' -ForEach @(
        '1, 2 | Invoke-MJUpscale -JobId j -ImageNo 0 -Type Creative'
        '1, 2 | Invoke-MJUpscale -JobId j -ImageNo 0 -Type Creative -Callback https://example.org'
        '$rows | Invoke-MJRemix -JobId j -ImageNo 0 -RemixPrompt x'
        '1, 2 | Invoke-MJDiffusion -Prompt x'
        '$rows | Invoke-MJModel midjourney_pan -JobId j -Parameter @{ direction = 1 }'
        '$true, [datetime]::Now | Invoke-MJModel midjourney_pan'
        "[pscustomobject] @{ RemixPrompt = ''; Callback = '' }, [pscustomobject] @{ RemixPrompt = ' ' } | Invoke-MJOutpaint -JobId j -ImageNo 0 -Scale 1.5"
        "[pscustomobject] @{ JobId = ''; ImageNo = '' }, [pscustomobject] @{ JobId = '' } | Invoke-MJModel midjourney_diffusion @{ text = 'x' }"
    ) {
        (Invoke-Line $_).ErrorIds | Should -Be 'MJ.InvalidParameter', 'MJ.InvalidParameter'
        (Get-GatewayCount $gateway).Creates | Should -Be 0
    }

    It 'differs from input that sets one parameter, which makes a task for each record' {
        [pscustomobject] @{ ImageNo = 2 }, [pscustomobject] @{ ImageNo = 3 } | Invoke-MJUpscale -JobId j -Type Creative | Should -HaveCount 2
    }
}

Describe 'A task as an argument' {
    BeforeAll {
        Reset-TestGateway $gateway
        $grid = Invoke-MJDiffusion 'a lighthouse' -Wait
        $tasks = $grid | Invoke-MJUpscale -ImageNo 0, 1 -Type V5_2x
        $origin = { "$($_.Id) $($_.SourceJobId) $($_.SourceImageNo) $($_.UpscaleType) $($_.SourceTaskId) $($_.SourcePrompt) $($_.Model)" }
        $expected = $tasks | ForEach-Object $origin | Sort-Object
        $file = [IO.Path]::Combine($TestDrive, 'tasks.xml')
        $tasks | Export-Clixml $file
    }

    It 'keeps its origin as it does in the pipeline' -ForEach @(
        @{ Form = 'live'; Read = { $tasks } }
        @{ Form = 'Clixml'; Read = { Import-Clixml $file } }
        @{ Form = 'JSON'; Read = { $tasks | ForEach-Object { $_ | ConvertTo-Json | ConvertFrom-Json } } }
        @{ Form = 'CSV'; Read = { $tasks | ConvertTo-Csv | ConvertFrom-Csv } }
    ) {
        Get-MJSession | Remove-MJSession
        $read = & $Read
        foreach ($cmdlet in 'Get-MJTask', 'Wait-MJTask') {
            & $cmdlet $read | ForEach-Object $origin | Sort-Object | Should -Be $expected
            & $cmdlet -Id $read[0] | ForEach-Object $origin | Should -BeIn $expected
            $read | & $cmdlet | ForEach-Object $origin | Sort-Object | Should -Be $expected
            $mixed = & $cmdlet $read[0], $grid.Id
            $mixed | Should -HaveCount 2
            $mixed | Where-Object Id -ne $grid.Id | ForEach-Object $origin | Should -BeIn $expected
        }
    }
}

Describe 'Several tasks as one argument' {
    It 'are saved and added up as if they were piped in: <_>' -ForEach 'array', 'list', 'Clixml', 'list in the pipeline' {
        Reset-TestGateway $gateway
        $tasks = @(Invoke-MJUpscale -JobId harbour, pier -ImageNo 0 -Type V5_2x -Wait)
        $folder = [IO.Path]::Combine($TestDrive, [guid]::NewGuid())
        $given = switch ($_) {
            array { , $tasks }
            list { , [Collections.Generic.List[object]] $tasks }
            Clixml { $file = [IO.Path]::Combine($TestDrive, 'several.xml'); $tasks | Export-Clixml $file; , (Import-Clixml $file) }
            default { , $tasks }
        }
        $isPiped = $_ -eq 'list in the pipeline'
        $files = if ($isPiped) { , $given | Save-MJOutput -Path $folder } else { Save-MJOutput -InputObject $given -Path $folder }
        $files.TaskId | Sort-Object | Should -Be ($tasks.Id | Sort-Object)
        (Measure-MJCost -InputObject $given).Tasks | Should -Be 2
    }

    It 'cost an error for each that is none' {
        $mixed = 'x', $null, (Invoke-MJUpscale -JobId harbour -ImageNo 0 -Type 1 -Wait), 7
        $files = Save-MJOutput -InputObject $mixed -Path ([IO.Path]::Combine($TestDrive, 'mixed')) -ErrorVariable problems -ErrorAction SilentlyContinue
        $files | Should -HaveCount 1
        $problems | Get-ErrorId | Should -Be (@('MJ.TaskNotCompleted') * 3)
        Measure-MJCost -InputObject $mixed -ErrorVariable problems -ErrorAction SilentlyContinue | ForEach-Object Tasks | Should -Be 1
        $problems | Get-ErrorId | Should -Be (@('MJ.InvalidTask') * 3)
    }
}

Describe 'The address of an image' {
    It 'comes down the pipeline, as text, as an address or in a row' {
        Reset-TestGateway $gateway
        $rows = 'https://example.com/a.png', [uri] 'https://example.com/b.png', [pscustomobject] @{ ImageUrl = 'https://example.com/c.png' }
        $rows | Invoke-MJRetexture -RemixPrompt 'made of paper' | Should -HaveCount 3
        $rows | Invoke-MJUploadPaint -RemixPrompt 'made of paper' -Canvas 1024x1024 -Mask '1024x1024: 100,600,400,300' | Should -HaveCount 3
        (Get-GatewayCount $gateway).Creates | Should -Be 6
    }

    It 'is one line, as that of a callback is' {
        Reset-TestGateway $gateway
        foreach ($url in "https://example.com/a.png`nhttps://example.com/b.png", "https://example.com/a`tb.png", "https://example.com/`0") {
            Invoke-MJRetexture $url -RemixPrompt 'made of paper' -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
            $problems | Get-ErrorId | Should -Be 'MJ.InvalidParameter'
            Invoke-MJUpscale -JobId pier -ImageNo 0 -Type 1 -Callback $url -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
            $problems | Get-ErrorId | Should -Be 'MJ.InvalidCallbackUrl'
        }
        (Get-GatewayCount $gateway).Creates | Should -Be 0
    }

    It 'is not made of a task, a file or a table' {
        Reset-TestGateway $gateway
        $task = Invoke-MJDiffusion 'a lighthouse' -Wait
        $task, (Get-Item $TestDrive), @{ x = 1 }, $null | Invoke-MJRetexture -RemixPrompt 'made of paper' -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problems | Get-ErrorId | Should -Be (@('MJ.InvalidParameter') * 4)
        (Get-GatewayCount $gateway).Creates | Should -Be 1
    }
}
