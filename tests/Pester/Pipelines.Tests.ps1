# Many jobs at once: from a CSV, from JSON, from objects, and as many as are asked for.

BeforeAll {
    . ([IO.Path]::Combine($PSScriptRoot, 'Gateway.ps1'))
    $gateway = Start-TestGateway
}

AfterAll {
    Stop-TestGateway $gateway
}

Describe 'A pipeline' -Tag Smoke {
    BeforeEach {
        Reset-TestGateway $gateway
    }

    It 'takes the rows of a CSV, whose cells may name several images' {
        $csv = [IO.Path]::Combine($TestDrive, 'jobs.csv')
        Set-Content -LiteralPath $csv -Value 'JobId,ImageNo,Type', 'harbour,"0,2",Creative', 'lighthouse,1;3,v5_2x', 'pier,0,3'
        $tasks = Import-Csv $csv | Invoke-MJUpscale | Wait-MJTask
        $made = $tasks | ForEach-Object { "$($_.SourceJobId) $($_.SourceImageNo) $($_.UpscaleType) $($_.Status)" } | Sort-Object
        $made | Should -Be @(
            'harbour 0 Creative Completed', 'harbour 2 Creative Completed',
            'lighthouse 1 V5_2x Completed', 'lighthouse 3 V5_2x Completed', 'pier 0 V5_4x Completed')
        (Get-GatewayCount $gateway).TasksMade | Should -Be 5
    }

    It 'takes JSON, with numbers and lists in it' {
        # In Windows PowerShell an array in JSON comes out as one object, so it is put into a variable first.
        $jobs = '[{"jobId":"harbour","imageNo":[0,2],"type":1},{"jobId":"pier","imageNo":3,"type":"Standard"}]' | ConvertFrom-Json
        $tasks = $jobs | Invoke-MJUpscale
        $tasks | ForEach-Object { "$($_.SourceJobId) $($_.SourceImageNo) $($_.UpscaleType)" } | Sort-Object |
            Should -Be 'harbour 0 Creative', 'harbour 2 Creative', 'pier 3 Standard'
    }

    It 'takes what parameters say for all, and records for each' {
        $tasks = 'harbour', 'pier' | ForEach-Object { [pscustomobject] @{ JobId = $_ } } | Invoke-MJUpscale -ImageNo 1 -Type V5_4x
        $tasks | ForEach-Object { "$($_.SourceJobId) $($_.SourceImageNo) $($_.UpscaleType)" } | Sort-Object | Should -Be 'harbour 1 V5_4x', 'pier 1 V5_4x'
    }

    It 'goes on from each result to the next step' {
        $upscaled = 'a lighthouse', 'a harbour' | Invoke-MJDiffusion | Wait-MJTask | Invoke-MJUpscale -ImageNo 0, 1 -Type Standard | Wait-MJTask
        $upscaled | Should -HaveCount 4
        $upscaled.Status | Should -Be (@('Completed') * 4)
        $upscaled.Url | Should -Match '^http'
    }

    It 'makes no more than the first few that are asked for, and those on their way' {
        $null = New-MJSession -ThrottleLimit 4
        $first = 1..200 | ForEach-Object { [pscustomobject] @{ JobId = "job$_" } } | Invoke-MJUpscale -ImageNo 0 -Type Standard | Select-Object -First 3
        $first | Should -HaveCount 3
        # What was on its way is answered, and written down, after the pipeline's end.
        for ($look = 0; $look -lt 600; $look++) {
            $counts = Get-GatewayCount $gateway
            $known = @(@($first.Id) + @((Get-MJSession).Undelivered.Id) | Sort-Object -Unique)
            if ($counts.InFlight -eq 0 -and -not (Get-MJTask -Status OutcomeUnknown) -and $known.Count -ge $counts.TasksMade) { break }
            Start-Sleep -Milliseconds 100
        }

        $counts.Creates | Should -BeLessOrEqual 7
        @(Get-MJTask).Count | Should -Be $counts.TasksMade
        $known | Should -HaveCount $counts.TasksMade
    }

    It 'returns tasks while its input still arrives' {
        $null = New-MJSession -ThrottleLimit 2
        $seen = [Collections.Generic.List[string]]::new()
        1..10 | ForEach-Object { $seen.Add("in $_"); "job$_" } | Invoke-MJUpscale -ImageNo 0 -Type 0 | ForEach-Object { $seen.Add('out') }
        $seen.IndexOf('out') | Should -BeLessThan $seen.IndexOf('in 4')
        ($seen -eq 'out').Count | Should -Be 10
    }
}
