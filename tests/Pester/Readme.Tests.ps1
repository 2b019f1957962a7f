# The README's code is run as it would be pasted, block after block, in a new PowerShell. Where the README shows the output, it must be that one.

BeforeDiscovery {
    . ([IO.Path]::Combine($PSScriptRoot, 'Examples.ps1'))
    $number = 0
    $blocks = @(foreach ($block in Get-DocBlock ([IO.Path]::Combine($root, 'README.md'))) { $block + @{ Number = $number++; Title = ($block.Code -split "`n")[0] } })
}

Describe 'The README' {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'Examples.ps1'))
        $gateway = Start-TestGateway

        # Tasks finish in any order, and ids and times differ from run to run, so the words are compared, sorted. Cells that are cut end in an ellipsis.
        function ConvertTo-SortedWord([string] $Text) {
            $words = $Text -replace '\b[0-9a-z]{20}\b', 'ID' -replace '\b\d\d:\d\d\b', 'TIME' -replace '\b[\d.]+ k?B\b', 'SIZE' -replace '\b(\d+s|now)\b', 'AGE' -replace 'Folder: \S+', 'FOLDER' -replace '(?m)^-[- ]+$' -split '\s+' -ne ''
            ($words | Sort-Object -CaseSensitive) -join ' '
        }

        $folder = [IO.Directory]::CreateDirectory([IO.Path]::Combine($gateway.Folder, 'readme')).FullName
        [IO.File]::WriteAllText([IO.Path]::Combine($folder, 'jobids.txt'), "5d3c8a1e-7b42-4c0d-9f16-2e8b5a7c1d90`n91aa04f2-3e6d-4b58-8c71-d0f9b6e2a345`n")
        [IO.File]::WriteAllText([IO.Path]::Combine($folder, 'jobs.csv'), "JobId,ImageNo,Type`n5d3c8a1e-7b42-4c0d-9f16-2e8b5a7c1d90,`"0,2`",Creative`n91aa04f2-3e6d-4b58-8c71-d0f9b6e2a345,1;3,v5_2x`n")
        $blocks = @(Get-DocBlock ([IO.Path]::Combine($root, 'README.md')))
        $script = foreach ($block in $blocks) {
            "'=== block'"
            ". {`n$($block.Code.Replace('http://127.0.0.1:8080', $gateway.BaseUri).Replace('-ListenOn 8080', "-ListenOn $portOfExamples"))`n} | Out-String -Width 80"
        }
        $shown = Invoke-NewShell "Set-Location '$folder'; `$ErrorView = 'NormalView'`n$($script -join "`n")"
        $outputs = ($shown | Out-String -Width 1000) -split '=== block\r?\n' | Select-Object -Skip 1
    }

    AfterAll {
        Stop-TestGateway $gateway
    }

    It 'runs: <Title>' -ForEach $blocks {
        $outputs.Count | Should -BeGreaterThan $Number
        $outputs[$Number] | Should -Not -Match '(?m)^.*(: error|FullyQualifiedErrorId|Exception)'
        if ($Output) { ConvertTo-SortedWord $outputs[$Number] | Should -BeExactly (ConvertTo-SortedWord $Output) }
    }
}
