# Masks, canvases and positions: the forms that are taken, and those that are refused before anything is paid.

BeforeAll {
    . ([IO.Path]::Combine($PSScriptRoot, 'Gateway.ps1'))
    $gateway = Start-TestGateway
    Set-GatewayOption @{ recordDetails = $true }

    # The parameters of the last create, as they were sent.
    function Get-Sent { (Get-Emulated requests | Where-Object operation -EQ create | Select-Object -Last 1).body -replace '^.*"params":|\}\]\}$' }
}

AfterAll {
    Stop-TestGateway $gateway
}

Describe 'A mask' {
    BeforeEach {
        Reset-TestGateway $gateway
    }

    It 'is taken as <Given>' -ForEach @(
        @{ Given = "'1024x1024: 0,0,500,0,0,500'" }
        @{ Given = "' 1024 X 1024:0 0 500 0 0 500 '" }
        @{ Given = '@{ areas = @{ width = 1024; height = 1024; points = 0,0,500,0,0,500 } }' }
        @{ Given = "[pscustomobject] @{ Areas = @([pscustomobject] @{ Width = '1024'; Height = '1024'; Points = @('0', 0, 500L, 0, 0, 500) }) }" }
        @{ Given = '(New-MJMask 1024x1024 -Polygon 0,0,500,0,0,500)' }
        @{ Given = "(New-MJMask 1024x1024 -Polygon '0,0,500,0,0,500')" }
        @{ Given = '(New-MJMask 1024x1024 -Polygon 0,0,500,0,0,500).ToString()' }
        @{ Given = '(New-MJMask 1024x1024 -Polygon 0,0,500,0,0,500 | Copy-Deserialized)' }
        @{
            Given = "'1024x1024: 0,0,500,0,0,500; 10,20,30,40'"
            Sent  = '{"areas":[{"width":1024,"height":1024,"points":[0,0,500,0,0,500]},{"width":1024,"height":1024,"points":[10,20,40,20,40,60,10,60]}]}'
        }
        @{
            Given = "(New-MJMask -Size 600x500 -Rectangle '0,0,600,500', '1,1,2,2')"
            Sent  = '{"areas":[{"width":600,"height":500,"points":[0,0,600,0,600,500,0,500]},{"width":600,"height":500,"points":[1,1,3,1,3,3,1,3]}]}'
        }
        @{ Given = "@{ url = 'https://example.org/m.png' }"; Sent = '{"url":"https://example.org/m.png"}' }
        @{ Given = "([uri] 'https://example.org/m.png')"; Sent = '{"url":"https://example.org/m.png"}' }
        @{ Given = '(New-MJMask -Url https://example.org/m.png)'; Sent = '{"url":"https://example.org/m.png"}' }
    ) {
        if (-not $Sent) { $Sent = '{"areas":[{"width":1024,"height":1024,"points":[0,0,500,0,0,500]}]}' }
        & ([scriptblock]::Create("[pscustomobject] @{ JobId = 'j'; ImageNo = 0; Mask = $Given } | Invoke-MJInpaint")) | Should -HaveCount 1
        Get-Sent | Should -BeExactly "{`"jobId`":`"j`",`"imageNo`":0,`"mask`":$Sent}"
    }

    It 'is not <_>' -ForEach @(
        "'1024x1024'", "'1024x1024:'", "'0,0,500,0,0,500'", "'1024x1024: 0,0,500,0,0'", "'1024x1024: 0,0,500'", "'1024x1024: 0,0,500,0,0,500;'", "'1024x1024: 0,0,500,0,0,5e2'"
        "'1024x1024: 10,10,0,20'", "'1024x1024: 1000,10,30,20'", "'1024x1024: 0,0,500,0,0,1025'", "'1024x1024: -1,0,500,0,0,500'", "'1024x1024: 2147483647,0,1,1'"
        "'1024x1024: 0,0,100,100,500,500'", "'1024x1024: 7,7,7,7,7,7'", "'499x1024: 0,0,400,0,0,400'", "'1024x4097: 0,0,400,0,0,400'", "'ftp://example.org/m.png'"
        '@{}', "@{ url = '' }", '@{ areas = @() }', "@{ areas = 'all' }", '@{ areas = @{ width = 1024; height = 1024; points = 0,0,500,0,0,0.5 } }'
        '@{ areas = @{ width = 1024; height = 1024; points = $null } }'
        "@{ url = 'https://example.org/m.png'; areas = @{ width = 1024; height = 1024; points = 0,0,500,0,0,500 } }", '42'
    ) {
        $run = Invoke-Line "[pscustomobject] @{ JobId = 'j'; ImageNo = 0; Mask = $_ } | Invoke-MJInpaint"
        $run.ErrorIds | Should -Be 'MJ.InvalidParameter'
        "$($run.Errors[0])" | Should -BeLike '*-Mask*'
        (Get-GatewayCount $gateway).Creates | Should -Be 0
    }

    It 'is the same work in every form' {
        $first = Invoke-MJInpaint masked -ImageNo 0 -Mask (New-MJMask 1024x1024 -Polygon 0, 0, 500, 0, 0, 500)
        (Invoke-MJInpaint masked -ImageNo 0 -Mask @{ areas = @{ points = 0, 0, 500, 0, 0, 500; height = 1024; width = 1024 } } -SkipSubmitted).Id | Should -Be $first.Id
        (Invoke-MJInpaint masked -ImageNo 0 -Mask '1024x1024: 0,0,500,0,0,501' -SkipSubmitted).Id | Should -Not -Be $first.Id
        (Get-GatewayCount $gateway).TasksMade | Should -Be 2
    }

    It 'is sent again, with canvas and position, from the error of a refused create' {
        Add-Fault @{ operation = 'create'; kind = 'status'; status = 400; times = 1 }
        $edit = @{ JobId = 'j'; ImageNo = 1; Canvas = '2048x1024'; ImagePosition = '1456x816+10+20'; RemixPrompt = 'x'; Mask = '1024x1024: 0,0,500,0,0,500' }
        Invoke-MJEdit @edit -ErrorVariable refused -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $refused[0].TargetObject | Invoke-MJEdit | Should -HaveCount 1
        Get-Sent | Should -BeExactly ('{"jobId":"j","imageNo":1,"canvas":{"width":2048,"height":1024},"imgPos":{"width":1456,"height":816,"x":10,"y":20},"remixPrompt":"x",' +
            '"mask":{"areas":[{"width":1024,"height":1024,"points":[0,0,500,0,0,500]}]}}')
    }
}

Describe 'New-MJMask' {
    It 'ends the command where the mask is invalid: <Line>' -ForEach @(
        @{ Line = 'New-MJMask 1024x1024'; Parameter = 'Rectangle' }
        @{ Line = "New-MJMask '' -Rectangle 0,0,10,10"; Parameter = 'Size' }
        @{ Line = 'New-MJMask 1024x1024 -Rectangle 0,0,10'; Parameter = 'Rectangle' }
        @{ Line = 'New-MJMask 1024x1024 -Polygon 0,0,10,a'; Parameter = 'Polygon' }
        @{ Line = 'New-MJMask 1024x1024 -Polygon 0,0,10,10'; Parameter = 'Polygon' }
        @{ Line = 'New-MJMask -Url /m.png'; Parameter = 'Url' }
        @{ Line = "New-MJMask -Url ''"; Parameter = 'Url' }
    ) {
        $run = Invoke-Line "$Line; 'went on'"
        $run.Thrown | Get-ErrorId | Should -Be 'MJ.InvalidParameter'
        "$($run.Thrown)" | Should -BeLike "*-$Parameter*"
        $run.Output | Should -BeNullOrEmpty
    }
}

Describe 'A canvas and a position' {
    It 'are taken as <Canvas> and <Position>' -ForEach @(
        @{ Canvas = "'2048x1024'"; Position = "''"; Sent = '{"width":1024,"height":1024,"x":512,"y":0}' }
        @{ Canvas = "'2048x1024'"; Position = "'1000x501'"; Sent = '{"width":1000,"height":501,"x":524,"y":261}' }
        @{ Canvas = '@{ width = 2048; height = 1024 }'; Position = "@{ width = 1000; height = 500; x = 0; y = '10' }"; Sent = '{"width":1000,"height":500,"x":0,"y":10}' }
        @{ Canvas = '@{ width = 2048; height = 1024 }'; Position = '@{ width = 1000; height = 500 }'; Sent = '{"width":1000,"height":500,"x":524,"y":262}' }
        @{ Canvas = "[pscustomobject] @{ Width = '2048'; Height = '1024' }"; Position = "'2100x1024-26+0'"; Sent = '{"width":2100,"height":1024,"x":-26,"y":0}' }
    ) {
        Reset-TestGateway $gateway
        & ([scriptblock]::Create("[pscustomobject] @{ JobId = 'j'; ImageNo = 0; Canvas = $Canvas; ImagePosition = $Position; RemixPrompt = 'x' } | Invoke-MJEdit")) | Should -HaveCount 1
        Get-Sent | Should -BeExactly "{`"jobId`":`"j`",`"imageNo`":0,`"canvas`":{`"width`":2048,`"height`":1024},`"imgPos`":$Sent,`"remixPrompt`":`"x`"}"
    }
}
