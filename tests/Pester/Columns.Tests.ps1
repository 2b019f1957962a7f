# Which names of columns and properties bind, which never do, and what a row that lacks one is told.

BeforeAll {
    . ([IO.Path]::Combine($PSScriptRoot, 'Gateway.ps1'))
    $gateway = Start-TestGateway
    $quiet = @{ ErrorVariable = 'problems'; ErrorAction = 'SilentlyContinue'; WarningAction = 'Ignore' }
    $models = Import-PowerShellDataFile ([IO.Path]::Combine($PSScriptRoot, '..', 'Models.psd1'))

    # The error of a line for each of its records.
    function Get-Problem([string] $Line) {
        $run = Invoke-Line $Line
        $run.Thrown | Should -BeNullOrEmpty
        $run.Errors
    }
}

AfterAll {
    Stop-TestGateway $gateway
}

Describe 'A column' {
    BeforeEach {
        Reset-TestGateway $gateway
        Set-GatewayOption @{ recordDetails = $true }
    }

    It 'has a name of the gateway or its clients, in any letter case: <Parameter>, <_>' -ForEach @(
        $names = @{
            Prompt        = 'text', 'Prompt', 'TEXT'
            JobId         = 'job_id', 'jobId', 'JOB_ID'
            ImageNo       = 'image_no', 'imageNo', 'imageNumber', 'image_number', 'Image_No'
            Type          = 'upscale_type', 'upscaleType', 'type'
            RemixPrompt   = 'remix_prompt', 'remixPrompt'
            ImageUrl      = 'img_url', 'image_url', 'imgUrl', 'imageUrl'
            ImagePosition = 'img_pos', 'image_position', 'imgPos', 'imagePosition'
            Callback      = 'callback_url', 'callbackUrl', 'callback'
        }
        foreach ($parameter in $names.Keys) { foreach ($name in $names[$parameter]) { @{ Parameter = $parameter; Name = $name } } }
    ) {
        $isBound = $false
        foreach ($cmdlet in $models.Keys | Where-Object { $models[$_].ContainsKey($Parameter) -or $Parameter -eq 'Callback' }) {
            # Only an upscale has an upscale type.
            if ($Name -like 'upscale*' -and $cmdlet -ne 'Invoke-MJUpscale') { continue }
            $row, $fixed = $models[$cmdlet].Clone(), @{}
            $row.Callback = 'https://example.com/done'
            foreach ($own in 'Model', 'Parameter' | Where-Object { $row.ContainsKey($_) }) {
                $fixed[$own] = $row[$own]
                $row.Remove($own)
            }
            $value = $row[$Parameter]
            $row.Remove($Parameter)
            $row[$Name] = $value
            $forms = @{ object = [pscustomobject] $row; JSON = $row | ConvertTo-Json | ConvertFrom-Json; CSV = [pscustomobject] $row | ConvertTo-Csv -NoTypeInformation | ConvertFrom-Csv }
            foreach ($form in $forms.Keys) {
                $forms[$form] | & $cmdlet @fixed -Force @quiet | Should -HaveCount 1 -Because "$Name binds to -$Parameter of $cmdlet from $form"
                $problems | Should -BeNullOrEmpty -Because "$Name binds to -$Parameter of $cmdlet from $form"
                $sent = Get-Emulated requests | Where-Object operation -EQ create | Select-Object -Last 1 | ForEach-Object body
                $sent | Should -BeLike '*https://example.com/done*'
                $isBound = $true
            }
        }
        $isBound | Should -BeTrue
    }

    It 'of task ids has the name of the gateway, too: <_>' -ForEach 'id', 'TaskId', 'taskId', 'task_id' {
        $task = Invoke-MJUpscale -JobId harbour -ImageNo 0 -Type 1
        $row = "$_", $task.Id | ConvertFrom-Csv
        foreach ($cmdlet in 'Get-MJTask', 'Wait-MJTask') { ($row | & $cmdlet).Id | Should -Be $task.Id }
        ($row | Restart-MJTask -Force).SourceJobId | Should -Be 'harbour'
    }

    It 'must not differ from another one for the same parameter: <Row>, <Cmdlet>' -ForEach @(
        @{ Cmdlet = 'Invoke-MJDiffusion'; Names = 'Prompt and Text'; Row = @{ Prompt = 'a heron'; text = 'a pier' } }
        @{ Cmdlet = 'Invoke-MJDiffusion'; Names = 'CallbackUrl and callback_url'; Row = @{ Prompt = 'a heron'; callback_url = 'https://example.com/a'; CallbackUrl = 'https://example.com/b' } }
        @{ Cmdlet = 'Invoke-MJUpscale'; Names = 'JobId and job_id'; Row = @{ job_id = 'harbour'; JobId = 'pier'; ImageNo = 0; Type = 1 } }
        @{ Cmdlet = 'Invoke-MJUpscale'; Names = 'image_no and ImageNumber'; Row = @{ JobId = 'harbour'; image_no = 1; ImageNumber = 2; Type = 1 } }
        @{ Cmdlet = 'Invoke-MJUpscale'; Names = 'Type and UpscaleType'; Row = @{ JobId = 'harbour'; ImageNo = 0; Type = 1; UpscaleType = 'V5_2x' } }
        @{ Cmdlet = 'Invoke-MJRetexture'; Names = 'ImageUrl and img_url'; Row = @{ ImageUrl = 'https://example.com/a.png'; img_url = 'https://example.com/b.png'; RemixPrompt = 'x' } }
    ) {
        [pscustomobject] $Row | & $Cmdlet @quiet | Should -BeNullOrEmpty
        $problems | Get-ErrorId | Should -Be 'MJ.InvalidParameter'
        "$problems" | Should -Be "The input has several values for -$(($Names -split ' ')[0] -replace 'CallbackUrl', 'Callback' -replace 'image_no', 'ImageNo'): $Names differ."
        (Get-GatewayCount $gateway).Creates | Should -Be 0
    }

    It 'may repeat another one, be empty beside it, or be chosen in the command' {
        $rows = 'JobId,job_id,ImageNo,Type', 'harbour,harbour,0,1', 'pier,,0,1', ',heron,0,1' | ConvertFrom-Csv
        ($rows | Invoke-MJUpscale).SourceJobId | Sort-Object | Should -Be 'harbour', 'heron', 'pier'
        $row = [pscustomobject] @{ JobId = 'a'; job_id = 'b'; ImageNo = 0; Type = 1 }
        ($row | Invoke-MJUpscale -JobId { $_.job_id }).SourceJobId | Should -Be 'b'
    }

    It 'that cannot be read is an error of its row at most: <_>' -ForEach 'JobId', 'Status', 'RawStatus' {
        $row = [pscustomobject] (@{ JobId = 'harbour'; ImageNo = 0 })
        $row.PSObject.Properties.Remove($_)
        $row | Add-Member ScriptProperty $_ { throw 'unreadable' }
        $made = 'a', 'b' | ForEach-Object { [pscustomobject] @{ JobId = $_; ImageNo = 0 } }
        $tasks = $made[0], $row, $made[1] | Invoke-MJUpscale -Type 1 @quiet
        ($tasks.SourceJobId | Where-Object { $_ -ne 'harbour' } | Sort-Object) | Should -Be 'a', 'b'
    }

    It 'that counts from 1 elsewhere is not taken for a number of an image: <_>' -ForEach 'image', 'index', 'Image', 'no' {
        $problem = Get-Problem "'JobId,Type,$_', 'harbour,1,2' | ConvertFrom-Csv | Invoke-MJUpscale"
        $problem | Get-ErrorId | Should -Be 'MJ.ImageNumberMissing'
        "$problem" | Should -BeLike "*-ImageNo (ImageNo or image_no or*columns: JobId, Type, $_."
        (Get-GatewayCount $gateway).Creates | Should -Be 0
    }

    It 'prompt is no remix prompt, because tasks have a Prompt: <_>' -ForEach 'Invoke-MJRemix', 'Invoke-MJEdit', 'Invoke-MJRetexture', 'Invoke-MJUploadPaint' {
        $row = $models[$_].Clone()
        $row.Remove('RemixPrompt')
        $row.prompt = 'a cat'
        [pscustomobject] $row | & $_ @quiet | Should -BeNullOrEmpty
        $problems | Get-ErrorId | Should -Be 'MJ.InvalidParameter'
        "$problems" | Should -BeLike 'The row has no column for -RemixPrompt (*'
        (Get-GatewayCount $gateway).Creates | Should -Be 0
    }

    It 'with a value is used, where another one for the same parameter is empty' {
        ('Prompt,text', ',a pier' | ConvertFrom-Csv | Invoke-MJDiffusion).Prompt | Should -Be 'a pier'
        ('JobId,job_id,ImageNo,Type', ',pier,0,1' | ConvertFrom-Csv | Invoke-MJUpscale).SourceJobId | Should -Be 'pier'
    }

    It 'and an argument have the names of earlier versions, too' {
        (Invoke-MJDiffusion -Text 'a pier').Prompt | Should -Be 'a pier'
        Invoke-MJRetexture -ImgUrl https://example.com/a.png -RemixPrompt x | Should -HaveCount 1
        Invoke-MJEdit -JobId j -ImageNo 0 -Canvas 2048x1024 -ImgPos 512x512 -RemixPrompt x | Should -HaveCount 1
    }
}

Describe 'A row without a column that is needed' {
    BeforeEach {
        Reset-TestGateway $gateway
    }

    It 'is an error that lists its columns and the names that bind, and the other rows go on' {
        $rows = @('job,img', 'a,1' | ConvertFrom-Csv) + @('JobId,ImageNo,Type', 'b,0,1' | ConvertFrom-Csv) + @('jobId,img', 'c,1' | ConvertFrom-Csv)
        ($rows | Invoke-MJUpscale @quiet).SourceJobId | Should -Be 'b'
        $problems | Get-ErrorId | Should -Be 'MJ.JobIdMissing', 'MJ.ImageNumberMissing'
        "$($problems[0])" | Should -Be ('The row has no column for -JobId (JobId or job_id), -ImageNo (ImageNo or image_no or ImageNumber or image_number) and ' +
            '-Type (Type or UpscaleType or upscale_type). Its columns: job, img.')
        $problems[0].ErrorDetails.RecommendedAction | Should -BeLike '*-JobId { $_.ColumnName }*'
        "$($problems[1])" | Should -BeLike 'The row has no column for -ImageNo (*) and -Type (*). Its columns: jobId, img.'
        # The next row does not inherit what the one before had.
        $rows = [pscustomobject] @{ JobId = 'd'; ImageNo = 0; Type = 1 }, [pscustomobject] @{ JobId = 'e' }
        ($rows | Invoke-MJUpscale @quiet).SourceJobId | Should -Be 'd'
        $problems | Get-ErrorId | Should -Be 'MJ.ImageNumberMissing'
    }

    It 'is told so by <Cmdlet>' -ForEach @(
        @{ Cmdlet = 'Invoke-MJDiffusion'; Names = '-Prompt (Prompt or Text)' }
        @{ Cmdlet = 'Invoke-MJVariation'; Names = '-JobId (*) and -Type (Type)' }
        @{ Cmdlet = 'Invoke-MJRemix'; Names = '-RemixPrompt (RemixPrompt or remix_prompt)' }
        @{ Cmdlet = 'Invoke-MJOutpaint'; Names = '-Scale (Scale)' }
        @{ Cmdlet = 'Invoke-MJInpaint'; Names = '-Mask (Mask)' }
        @{ Cmdlet = 'Invoke-MJEdit'; Names = '-Canvas (Canvas) and -RemixPrompt (*)' }
        @{ Cmdlet = 'Invoke-MJRetexture'; Names = '-ImageUrl (ImageUrl or ImgUrl or image_url or img_url) and -RemixPrompt (*)' }
        @{ Cmdlet = 'Invoke-MJUploadPaint'; Names = '-Mask (Mask)' }
        @{ Cmdlet = 'Invoke-MJModel midjourney_pan'; Names = 'JobId, job_id, ImageNo, image_no, '; Columns = 'Its columns: picture, style.' }
        @{ Cmdlet = 'Get-MJTask'; Names = 'Id, TaskId or task_id' }
        @{ Cmdlet = 'Wait-MJTask'; Names = 'Id, TaskId or task_id' }
        @{ Cmdlet = 'Restart-MJTask'; Names = 'Id, TaskId or task_id' }
    ) {
        $problem = Get-Problem "'picture,style', 'a,1' | ConvertFrom-Csv | $Cmdlet"
        @($problem) | Should -HaveCount 1
        foreach ($part in $Names -split ' and ') { "$problem" | Should -BeLike "*$part*" }
        "$problem" | Should -BeLike '*Its columns: picture, style.*'
        (Get-GatewayCount $gateway).Creates | Should -Be 0
    }

    It 'is told the parameter alone where it is text or a task, which have no columns' {
        $problem = Get-Problem "'a', 'b' | Invoke-MJUpscale -Type 1"
        $problem | Get-ErrorId | Should -Be 'MJ.ImageNumberMissing', 'MJ.ImageNumberMissing'
        "$($problem[0])" | Should -Be '-ImageNo is missing. Text from the pipeline supplies only -JobId.'
        $problem[0].ErrorDetails.RecommendedAction | Should -Be 'Add -ImageNo to the command.'
        $grid = Invoke-MJDiffusion 'a lighthouse' -Wait
        "$(Get-Problem '$grid | Invoke-MJUpscale')" | Should -Be '-ImageNo and -Type are missing. A task from the pipeline supplies only -JobId.'
    }

    It 'is told to be made an object where it is a hashtable' {
        $problem = Get-Problem "@{ JobId = 'a'; ImageNo = 0; Type = 1 } | Invoke-MJUpscale"
        "$problem" | Should -BeLike '*Hashtable has no property for -ImageNo*'
        $problem.ErrorDetails.RecommendedAction | Should -BeLike '*`[pscustomobject`]*'
    }
}

Describe 'An invalid value in a row' {
    It 'is an error that names the job of the row, and the other rows go on' {
        Reset-TestGateway $gateway
        $rows = 'JobId,ImageNo,Type', 'harbour,0,2x', 'lighthouse,7,Creative', 'mill,0,Creative' | ConvertFrom-Csv
        $rows | Invoke-MJUpscale @quiet | Should -HaveCount 1
        "$($problems[0])" | Should -BeLike "Job harbour: '2x' is not*"
        "$($problems[1])" | Should -BeLike "Job lighthouse: '7' is not*"
        $problems.ErrorDetails.RecommendedAction | Should -BeLike '*specify*'
        Invoke-MJUpscale harbour -ImageNo 7 -Type Creative @quiet
        "$problems" | Should -BeLike "'7' is not*"
    }
}

Describe 'A task from the pipeline' {
    BeforeAll {
        Reset-TestGateway $gateway
        $grid = Invoke-MJDiffusion 'a lighthouse' -Wait
        $upscale = $grid | Invoke-MJUpscale -ImageNo 0 -Type Creative -Wait
        $folder = [IO.Path]::Combine($TestDrive, 'saved')
        $saved = $grid | Save-MJOutput -Path $folder -WriteMetadata Json
        Add-Fault @{ operation = 'create'; kind = 'cutAfter'; times = 1 }
        Invoke-MJDiffusion 'a pier' -ErrorVariable lost -ErrorAction SilentlyContinue
        $unknown = $lost[0].TargetObject
        $metadata = [IO.Directory]::GetFiles($folder, '*.json')[0]
        function ConvertTo-Row([string[]] $Columns = '*') { $input | Select-Object $Columns | ConvertTo-Csv -NoTypeInformation | ConvertFrom-Csv }
        function ConvertTo-Table { process { $table = @{}; foreach ($p in $_.PSObject.Properties) { $table[$p.Name] = $p.Value }; $table } }
        $made = (Get-GatewayCount $gateway).Creates
    }

    It 'never becomes a prompt: <Name>' -ForEach @(
        @{ Name = 'live'; Form = { $grid } }
        @{ Name = 'read again'; Form = { Get-MJTask $grid.Id } }
        @{ Name = 'from the journal'; Form = { Get-MJTask -Last 1 -Status Completed } }
        @{ Name = 'an upscale, whose prompt is that of its source'; Form = { $upscale } }
        @{ Name = 'some of its properties'; Form = { $grid | Select-Object Id, Prompt } }
        @{ Name = 'its prompt alone, selected'; Form = { $grid | Select-Object Prompt } }
        @{ Name = 'from Clixml'; Form = { $grid | Copy-Deserialized } }
        @{ Name = 'some of its properties, from Clixml'; Form = { $grid | Select-Object Id, Prompt | Copy-Deserialized } }
        @{ Name = 'from JSON'; Form = { $grid | ConvertTo-Json -Depth 5 | ConvertFrom-Json } }
        @{ Name = 'from CSV'; Form = { $grid | ConvertTo-Row } }
        @{ Name = 'some columns of a CSV'; Form = { $grid | ConvertTo-Row Id, Status, Prompt } }
        @{ Name = 'other columns of a CSV'; Form = { $grid | ConvertTo-Row Id, Model, Prompt } }
        @{ Name = 'as a hashtable'; Form = { $grid | ConvertTo-Table } }
        @{ Name = 'as the gateway writes it'; Form = { $task = $grid.Raw | ConvertFrom-Json; $task | Add-Member prompt 'a lighthouse'; $task } }
        @{ Name = 'a saved file'; Form = { $saved[0] } }
        @{ Name = 'a saved file from CSV'; Form = { $saved[0] | ConvertTo-Row FullName, TaskId, Prompt } }
        @{ Name = 'a saved file from Clixml'; Form = { $saved[0] | Copy-Deserialized } }
        @{ Name = 'the metadata of a file'; Form = { [IO.File]::ReadAllText($metadata) | ConvertFrom-Json } }
        @{ Name = 'a submission whose outcome is unknown'; Form = { $unknown } }
        @{ Name = 'a submission from Clixml'; Form = { $unknown | Copy-Deserialized } }
        @{ Name = 'a submission from CSV'; Form = { $unknown | ConvertTo-Row } }
        @{ Name = 'a submission from the journal'; Form = { Get-MJTask -Status OutcomeUnknown } }
        @{ Name = 'its cost'; Form = { $grid | Measure-MJCost -By Prompt } }
    ) {
        $given = & $Form
        @($given) | Should -HaveCount 1
        $given | Invoke-MJDiffusion -Force @quiet | Should -BeNullOrEmpty
        $problems | Get-ErrorId | Should -Be 'MJ.InvalidParameter'
        Invoke-MJDiffusion -Prompt $given -Force @quiet | Should -BeNullOrEmpty
        $given | Invoke-MJDiffusion -Prompt { $_ } -Force @quiet | Should -BeNullOrEmpty
        [pscustomobject] @{ Prompt = $given } | Invoke-MJDiffusion -Force @quiet | Should -BeNullOrEmpty
        (Get-GatewayCount $gateway).Creates | Should -Be $made
    }

    It 'is told what to do instead' {
        $problem = Get-Problem '$grid | Invoke-MJDiffusion'
        "$problem" | Should -BeLike 'The input is a task*'
        $problem.ErrorDetails.RecommendedAction | Should -BeLike '*Restart-MJTask*-Prompt { $_.Prompt }*'
        ($grid | Invoke-MJDiffusion -Prompt { "$($_.Prompt) at night" }).Prompt | Should -Be 'a lighthouse at night'
        $script:made++
    }

    It 'that has no job is told so' {
        foreach ($given in $unknown, ($unknown | Copy-Deserialized)) {
            $given | Invoke-MJUpscale -ImageNo 0 -Type 1 @quiet | Should -BeNullOrEmpty
            $problems | Get-ErrorId | Should -Be 'MJ.JobIdMissing'
            "$problems" | Should -BeLike '* for -JobId (JobId or job_id). Its columns: TaskId, *'
        }
    }

    It 'never says what type its upscale is to be: <Name>' -ForEach @(
        @{ Name = 'live'; Form = { $upscale } }
        @{ Name = 'from Clixml'; Form = { $upscale | Copy-Deserialized } }
        @{ Name = 'from CSV'; Form = { $upscale | ConvertTo-Row } }
    ) {
        & $Form | Invoke-MJUpscale -ImageNo 0 @quiet | Should -BeNullOrEmpty
        $problems | Get-ErrorId | Should -Be 'MJ.TypeMissing'
    }
}

Describe 'A row of prompts' {
    BeforeEach {
        Reset-TestGateway $gateway
    }

    It 'may have an id and a status of its own' {
        $rows = 'id,prompt,status', '1,a heron,new', '2,a pier,' | ConvertFrom-Csv
        ($rows | Invoke-MJDiffusion).Prompt | Sort-Object | Should -Be 'a heron', 'a pier'
    }

    It 'that was refused binds again from its error' {
        Add-Fault @{ operation = 'create'; kind = 'status'; status = 400; times = 1 }
        'a heron' | Invoke-MJDiffusion -Callback https://example.com/done @quiet | Should -BeNullOrEmpty
        $problems[0].TargetObject.Prompt | Should -Be 'a heron'
        ($problems[0].TargetObject | Invoke-MJDiffusion).Prompt | Should -Be 'a heron'

        [pscustomobject] @{ Text = 'a pier'; Callback = '/relative' } | Invoke-MJDiffusion @quiet | Should -BeNullOrEmpty
        $problems[0].TargetObject.Callback = ''
        ($problems[0].TargetObject | Copy-Deserialized | Invoke-MJDiffusion).Prompt | Should -Be 'a pier'
    }
}

Describe 'A mandatory parameter that is not given' {
    It 'ends a shell that cannot ask, and is named in the order in which a person would be asked: <Cmdlet>' -ForEach @(
        @{ Cmdlet = 'Invoke-MJUpscale'; Asked = 'JobId ImageNo Type' }
        @{ Cmdlet = 'Invoke-MJVariation'; Asked = 'JobId ImageNo Type' }
        @{ Cmdlet = 'Invoke-MJRemix'; Asked = 'JobId ImageNo RemixPrompt' }
        @{ Cmdlet = 'Invoke-MJOutpaint'; Asked = 'JobId ImageNo Scale' }
        @{ Cmdlet = 'Invoke-MJInpaint'; Asked = 'JobId ImageNo Mask' }
        @{ Cmdlet = 'Invoke-MJEdit'; Asked = 'JobId ImageNo Canvas RemixPrompt' }
        @{ Cmdlet = 'Invoke-MJRetexture'; Asked = 'ImageUrl RemixPrompt' }
        @{ Cmdlet = 'Invoke-MJUploadPaint'; Asked = 'ImageUrl RemixPrompt Canvas Mask' }
        @{ Cmdlet = 'Invoke-MJDiffusion'; Asked = 'Prompt' }
        @{ Cmdlet = 'Invoke-MJUpscale -JobId j'; Asked = 'ImageNo Type' }
    ) {
        # A host of its own, which cannot ask.
        $shell = [powershell]::Create().AddScript($Cmdlet)
        $shell.Invoke() | Should -BeNullOrEmpty
        $problem = $shell.Streams.Error[0]
        $shell.Dispose()
        $problem | Get-ErrorId | Should -Be 'MissingMandatoryParameter'
        "$problem".TrimEnd('.') | Should -BeLike "*: $Asked"
    }

    It 'has a help message' {
        foreach ($cmdlet in Get-Command -Module MidJourney) {
            foreach ($parameter in $cmdlet.Parameters.Values) {
                $mandatory = $parameter.Attributes | Where-Object { $_ -is [Management.Automation.ParameterAttribute] -and $_.Mandatory -and -not $_.DontShow }
                if ($parameter.ParameterType -eq [switch]) { continue }
                foreach ($attribute in $mandatory) { $attribute.HelpMessage | Should -Not -BeNullOrEmpty -Because "$cmdlet -$($parameter.Name) is asked for" }
            }
        }
    }
}
