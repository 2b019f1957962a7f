# What the cmdlet of each model sends, and what it refuses before anything is sent.

BeforeAll {
    . ([IO.Path]::Combine($PSScriptRoot, 'Gateway.ps1'))
    $gateway = Start-TestGateway
    Set-GatewayOption @{ recordDetails = $true }
    $quiet = @{ ErrorVariable = 'problems'; ErrorAction = 'SilentlyContinue' }

    # The bodies of the creates, as they were sent.
    function Get-Sent { Get-Emulated requests | Where-Object operation -EQ create | ForEach-Object body }
}

AfterAll {
    Stop-TestGateway $gateway
}

Describe 'The request of' {
    BeforeEach {
        Reset-TestGateway $gateway
    }

    It '<Command>' -ForEach @(
        @{ Command = "Invoke-MJDiffusion 'a lighthouse --ar 16:9'"; Model = 'diffusion'; Params = '{"text":"a lighthouse --ar 16:9"}' }
        @{ Command = 'Invoke-MJVariation job-1 -ImageNo 2 -Type strong'; Model = 'variation'; Params = '{"jobId":"job-1","imageNo":2,"type":1}' }
        @{ Command = "Invoke-MJVariation job-1 -ImageNo 2 -Type 0 -RemixPrompt 'at dusk'"; Model = 'variation'; Params = '{"jobId":"job-1","imageNo":2,"type":0,"remixPrompt":"at dusk"}' }
        @{ Command = "Invoke-MJRemix job-1 -ImageNo 0 -RemixPrompt 'at dusk'"; Model = 'remix'; Params = '{"jobId":"job-1","imageNo":0,"remixPrompt":"at dusk"}' }
        @{ Command = "Invoke-MJRemix job-1 -ImageNo 0 -RemixPrompt 'at dusk' -Mode Subtle"; Model = 'remix'; Params = '{"jobId":"job-1","imageNo":0,"remixPrompt":"at dusk","mode":1}' }
        @{ Command = "Invoke-MJOutpaint job-1 -ImageNo 3 -Scale 1.5 -RemixPrompt ''"; Model = 'outpaint'; Params = '{"jobId":"job-1","imageNo":3,"scale":1.5}' }
        @{ Command = "Invoke-MJRetexture https://example.org/a.png -RemixPrompt 'of glass'"; Model = 'retexture'; Params = '{"imgUrl":"https://example.org/a.png","remixPrompt":"of glass"}' }
        @{ Command = "Invoke-MJInpaint job-1 -ImageNo 1 -Mask 'https://example.org/mask.png'"; Model = 'inpaint'; Params = '{"jobId":"job-1","imageNo":1,"mask":{"url":"https://example.org/mask.png"}}' }
        @{
            Command = "Invoke-MJInpaint job-1 -ImageNo 1 -Mask '1024x768: 100,100,300,200' -RemixPrompt 'a boat'"; Model = 'inpaint'
            Params  = '{"jobId":"job-1","imageNo":1,"mask":{"areas":[{"width":1024,"height":768,"points":[100,100,400,100,400,300,100,300]}]},"remixPrompt":"a boat"}'
        }
        @{
            Command = "Invoke-MJEdit job-1 -ImageNo 0 -Canvas 2048x1024 -RemixPrompt 'wider'"; Model = 'edit'
            Params  = '{"jobId":"job-1","imageNo":0,"canvas":{"width":2048,"height":1024},"imgPos":{"width":1024,"height":1024,"x":512,"y":0},"remixPrompt":"wider"}'
        }
        @{
            Command = "Invoke-MJEdit job-1 -ImageNo 0 -Canvas 2048x1024 -ImagePosition 1456x816 -RemixPrompt 'wider' -Mask '1024x1024: 0,0,500,0,0,500'"; Model = 'edit'
            Params  = '{"jobId":"job-1","imageNo":0,"canvas":{"width":2048,"height":1024},"imgPos":{"width":1456,"height":816,"x":296,"y":104},"remixPrompt":"wider","mask":{"areas":[{"width":1024,"height":1024,"points":[0,0,500,0,0,500]}]}}'
        }
        @{
            Command = "Invoke-MJUploadPaint https://example.org/a.png -Canvas 1024x1024 -ImagePosition 512x512+256-10 -Mask https://example.org/m.png -RemixPrompt 'a frame'"; Model = 'uploadpaint'
            Params  = '{"imgUrl":"https://example.org/a.png","canvas":{"width":1024,"height":1024},"imgPos":{"width":512,"height":512,"x":256,"y":-10},"mask":{"url":"https://example.org/m.png"},"remixPrompt":"a frame"}'
        }
        @{ Command = 'Invoke-MJModel midjourney_pan ([ordered] @{ direction = 1; scale = 1.5 }) -JobId job-1 -ImageNo 2'; Model = 'pan'; Params = '{"direction":1,"scale":1.5,"jobId":"job-1","imageNo":2}' }
    ) {
        $task = & ([scriptblock]::Create($Command))
        $task.Model | Should -Be "midjourney_$Model"
        Get-Sent | Should -BeExactly "{`"model`":`"midjourney_$Model`",`"input`":[{`"params`":$Params}]}"
        (Get-GatewayCount $gateway).TasksMade | Should -Be 1
    }

    It 'a prompt has it exactly as it was given, and so has the task' {
        $prompt = "  a `"quoted`" 'lighthouse'`r`n`tbei Nacht $([char] 0x2013) $([char] 0x706F) $([char]::ConvertFromUtf32(0x1F5FC)) {red, blue\} --ar 16:9 \ </p> "
        ($prompt | Invoke-MJDiffusion).Prompt | Should -BeExactly $prompt
        (Get-Emulated tasks).prompt | Should -BeExactly $prompt
    }

    It 'a prompt may have 8192 characters, counted as Unicode does' {
        (Invoke-MJDiffusion ([char]::ConvertFromUtf32(0x1F5FC) * 8192)).Model | Should -Be 'midjourney_diffusion'
    }
}

Describe 'What a model does not take' {
    BeforeAll {
        Reset-TestGateway $gateway
    }

    It 'is refused by name: <Command>' -ForEach @(
        @{ Parameter = 'Prompt'; Command = "Invoke-MJDiffusion ''" }
        @{ Parameter = 'Prompt'; Command = 'Invoke-MJDiffusion $null' }
        @{ Parameter = 'Prompt'; Command = "Invoke-MJDiffusion ('x' * 8193)" }
        @{ Parameter = 'Prompt'; Command = "Invoke-MJDiffusion ('x' + [char] 0xD83D)" }
        @{ Parameter = 'Type'; Command = 'Invoke-MJVariation j -ImageNo 0 -Type Creative' }
        @{ Parameter = 'Type'; Command = "Invoke-MJVariation j -ImageNo 0 -Type ''" }
        @{ Parameter = 'RemixPrompt'; Command = "Invoke-MJVariation j -ImageNo 0 -Type Subtle -RemixPrompt ('x' * 8193)" }
        @{ Parameter = 'RemixPrompt'; Command = "Invoke-MJRemix j -ImageNo 0 -RemixPrompt ' '" }
        @{ Parameter = 'Mode'; Command = 'Invoke-MJRemix j -ImageNo 0 -RemixPrompt x -Mode 2' }
        @{ Parameter = 'Scale'; Command = 'Invoke-MJOutpaint j -ImageNo 0 -Scale 1.09' }
        @{ Parameter = 'Scale'; Command = 'Invoke-MJOutpaint j -ImageNo 0 -Scale 2.01' }
        @{ Parameter = 'Scale'; Command = "Invoke-MJOutpaint j -ImageNo 0 -Scale '1,5'" }
        @{ Parameter = 'ImageUrl'; Command = 'Invoke-MJRetexture /a.png -RemixPrompt x' }
        @{ Parameter = 'ImageUrl'; Command = "Invoke-MJRetexture ('https://example.org/' + 'a' * 1005) -RemixPrompt x" }
        @{ Parameter = 'ImageUrl'; Command = 'Invoke-MJUploadPaint a.png -Canvas 2048x1024 -Mask https://example.org/m.png -RemixPrompt x' }
        @{ Parameter = 'Canvas'; Command = 'Invoke-MJEdit j -ImageNo 0 -Canvas 2048 -RemixPrompt x' }
        @{ Parameter = 'Canvas'; Command = "Invoke-MJEdit j -ImageNo 0 -Canvas '' -RemixPrompt x" }
        @{ Parameter = 'Canvas'; Command = 'Invoke-MJEdit j -ImageNo 0 -Canvas 0x1024 -RemixPrompt x' }
        @{ Parameter = 'Canvas'; Command = 'Invoke-MJEdit j -ImageNo 0 -Canvas 99999999999x1024 -RemixPrompt x' }
        @{ Parameter = 'ImagePosition'; Command = 'Invoke-MJEdit j -ImageNo 0 -Canvas 2048x1024 -ImagePosition middle -RemixPrompt x' }
        @{ Parameter = 'ImagePosition'; Command = 'Invoke-MJEdit j -ImageNo 0 -Canvas 2048x1024 -ImagePosition 1024x1024+10 -RemixPrompt x' }
        @{ Parameter = 'RemixPrompt'; Command = "Invoke-MJEdit j -ImageNo 0 -Canvas 2048x1024 -RemixPrompt ''" }
        @{ Parameter = 'Mask'; Command = 'Invoke-MJEdit j -ImageNo 0 -Canvas 2048x1024 -RemixPrompt x -Mask here' }
        @{ Parameter = 'Mask'; Command = 'Invoke-MJUploadPaint https://example.org/a.png -Canvas 2048x1024 -Mask $null -RemixPrompt x' }
        @{ Parameter = 'Mask'; Command = "Invoke-MJInpaint j -ImageNo 0 -Mask ''" }
    ) {
        $run = Invoke-Line $Command
        $run.Output | Should -BeNullOrEmpty
        $run.Thrown | Should -BeNullOrEmpty
        $run.ErrorIds | Should -Be 'MJ.InvalidParameter'
        "$($run.Errors[0])" | Should -BeLike "*-$Parameter*"
        $run.Errors[0].TargetObject.PSObject.Properties.Name | Should -Contain $Parameter
        (Get-GatewayCount $gateway).Creates | Should -Be 0
    }

    It 'is refused with what is valid: <Command>' -ForEach @(
        @{ Valid = 'Subtle (0) and Strong (1)'; Command = 'Invoke-MJVariation j -ImageNo 0 -Type 2' }
        @{ Valid = 'Strong (0) and Subtle (1)'; Command = 'Invoke-MJRemix j -ImageNo 0 -RemixPrompt x -Mode 2' }
        @{ Valid = 'from 1.1 to 2.0'; Command = 'Invoke-MJOutpaint j -ImageNo 0 -Scale 2.5' }
        @{ Valid = 'http:// or https://'; Command = 'Invoke-MJDiffusion x -Callback 2' }
        @{ Valid = 'pipe in one input object for each'; Command = "Invoke-MJDiffusion 'a heron', 'a pier'" }
    ) {
        "$((Invoke-Line $Command).Errors[0])" | Should -BeLike "*$Valid*"
        (Get-GatewayCount $gateway).Creates | Should -Be 0
    }

    It 'is <ErrorId> for what all models take: <Command>' -ForEach @(
        @{ ErrorId = 'JobIdMissing'; Command = "Invoke-MJVariation ' ' -ImageNo 0 -Type Subtle" }
        @{ ErrorId = 'JobIdMissing'; Command = "Invoke-MJInpaint '' -ImageNo 0 -Mask https://example.org/m.png" }
        @{ ErrorId = 'InvalidImageNumber'; Command = 'Invoke-MJRemix j -ImageNo 4 -RemixPrompt x' }
        @{ ErrorId = 'InvalidImageNumber'; Command = "Invoke-MJOutpaint j -ImageNo '' -Scale 2" }
        @{ ErrorId = 'InvalidImageNumber'; Command = 'Invoke-MJEdit j -ImageNo x -Canvas 2048x1024 -RemixPrompt x' }
        @{ ErrorId = 'InvalidImageNumber'; Command = 'Invoke-MJModel midjourney_pan -JobId j -ImageNo 4' }
        @{ ErrorId = 'InvalidCallbackUrl'; Command = "Invoke-MJModel midjourney_pan @{ callback = 'ftp://example.org' }" }
        @{ ErrorId = 'InvalidCallbackUrl'; Command = 'Invoke-MJDiffusion x -Callback ftp://example.org' }
    ) {
        (Invoke-Line $Command).ErrorIds | Should -Be "MJ.$ErrorId"
        (Get-GatewayCount $gateway).Creates | Should -Be 0
    }

    It 'is an error for its row, and the other rows go on' {
        $rows = 'JobId,ImageNo,Scale', 'a,"0,1",1.5', 'b,0,3', 'c,0,2.0' | ConvertFrom-Csv
        $rows | Invoke-MJOutpaint @quiet | ForEach-Object { "$($_.SourceJobId) $($_.SourceImageNo)" } | Sort-Object | Should -Be 'a 0', 'a 1', 'c 0'
        $problems | Get-ErrorId | Should -Be 'MJ.InvalidParameter'
        $problems[0].TargetObject.JobId | Should -Be 'b'
    }
}

Describe 'Invoke-MJModel' {
    BeforeEach {
        Reset-TestGateway $gateway
    }

    It 'sends -Parameter <Given>' -ForEach @(
        @{
            Given = "([ordered] @{ a = 'x'; b = 1; c = `$true; d = `$null; e = 1.5; f = 1,2,3; g = @{ h = @('y', @{ i = 2L }) } })"
            Sent  = '{"a":"x","b":1,"c":true,"d":null,"e":1.5,"f":[1,2,3],"g":{"h":["y",{"i":2}]}}'
        }
        @{ Given = '([ordered] @{ z = 1; a = [decimal] 2.5; m = [single] 0.1; n = [byte] 7; u = [uint64]::MaxValue })'; Sent = '{"z":1,"a":2.5,"m":0.1,"n":7,"u":18446744073709551615}' }
        @{
            Given = "([pscustomobject] @{ text = 'a `"quoted`"'; list = @(); inner = [pscustomobject] @{ deep = @(,@(1, 2)) } })"
            Sent  = '{"text":"a \"quoted\"","list":[],"inner":{"deep":[[1,2]]}}'
        }
        @{
            Given = "([ordered] @{ mask = New-MJMask -Url https://example.org/m.png; letter = [char] 'x'; url = [uri] 'https://example.org/a b' })"
            Sent  = '{"mask":{"url":"https://example.org/m.png"},"letter":"x","url":"https://example.org/a b"}'
        }
        @{ Given = '@{}'; Sent = '{}' }
    ) {
        $null = & ([scriptblock]::Create("Invoke-MJModel -Model midjourney_pan -Parameter $Given"))
        # Escapes of quotes differ and mean the same.
        Get-Sent | ForEach-Object { $_.Replace('\u0022', '\"') } | Should -BeExactly "{`"model`":`"midjourney_pan`",`"input`":[{`"params`":$Sent}]}"
    }

    It 'refuses -Parameter <Given>, and says where' -ForEach @(
        @{ Given = '@{ when = [datetime]::Now }'; Place = 'when' }
        @{ Given = "@{ a = @{ b = @(1, { 'script' }) } }"; Place = 'a.b[1]' }
        @{ Given = '@{ size = [double]::NaN }'; Place = 'size' }
        @{ Given = '@{ size = [single]::PositiveInfinity }'; Place = 'size' }
        @{ Given = "@{ text = 'x' + [char] 0xDC00 }"; Place = 'text' }
        @{ Given = "@{ '' = 1 }"; Place = 'without a name' }
        @{ Given = '@{ type = [System.DayOfWeek]::Monday }'; Place = 'type' }
        @{ Given = "'direction=1'"; Place = 'table' }
        @{ Given = '42'; Place = 'table' }
    ) {
        $run = Invoke-Line "Invoke-MJModel midjourney_pan ($Given)"
        $run.ErrorIds | Should -Be 'MJ.InvalidParameter'
        "$($run.Errors[0])" | Should -Match '-Parameter'
        "$($run.Errors[0])" | Should -Match ([regex]::Escape($Place))
        (Get-GatewayCount $gateway).Creates | Should -Be 0
    }

    It 'refuses a table that contains itself' {
        $table = @{}
        $table.a = $table
        Invoke-MJModel midjourney_pan $table @quiet | Should -BeNullOrEmpty
        $problems | Get-ErrorId | Should -Be 'MJ.InvalidParameter'
        (Get-GatewayCount $gateway).Creates | Should -Be 0
    }

    It 'refuses <_>' -ForEach "''", "'mid journey'", "`"pan``nx`"", 'midjourney_pan @{ jobId = "b" } -JobId a', 'midjourney_pan @{ imageNo = 2 } -ImageNo 1',
        'midjourney_pan @{ callback = "https://example.org/b" } -Callback https://example.org/a' {
        (Invoke-Line "Invoke-MJModel $_").ErrorIds | Should -Be 'MJ.InvalidParameter'
        (Get-GatewayCount $gateway).Creates | Should -Be 0
    }

    It 'never takes the model from the pipeline, so no task says which model is paid' {
        (Get-Command Invoke-MJModel).Parameters['Model'].Attributes | Where-Object { $_.ValueFromPipelineByPropertyName -or $_.ValueFromPipeline } | Should -BeNullOrEmpty
    }

    It 'sends a refused record again from its error' {
        Add-Fault @{ operation = 'create'; kind = 'status'; status = 400; times = 1 }
        Invoke-MJModel midjourney_pan ([ordered] @{ direction = 1; mask = @{ areas = @(@{ points = 1, 2 }) } }) -JobId j @quiet | Should -BeNullOrEmpty
        $problems | Get-ErrorId | Should -Be 'MJ.GatewayRefused'
        $problems[0].TargetObject.Model | Should -Be 'midjourney_pan'
        $problems[0].TargetObject.Parameter.jobId | Should -Be 'j'
        $problems[0].TargetObject | Invoke-MJModel $problems[0].TargetObject.Model | Should -HaveCount 1
        Get-Sent | Select-Object -Unique | Should -BeExactly '{"model":"midjourney_pan","input":[{"params":{"direction":1,"mask":{"areas":[{"points":[1,2]}]},"jobId":"j"}}]}'
        (Get-GatewayCount $gateway).TasksMade | Should -Be 1
    }

    It 'leaves it to the gateway to refuse an unknown model' {
        Invoke-MJModel midjourney_imaginary @{ a = 1 } @quiet | Should -BeNullOrEmpty
        $problems | Get-ErrorId | Should -Be 'MJ.GatewayRefused'
        (Get-GatewayCount $gateway).TasksMade | Should -Be 0
    }
}
