# Tasks that lay in a file go on where they were.

BeforeAll {
    . ([IO.Path]::Combine($PSScriptRoot, 'Gateway.ps1'))
    $gateway = Start-TestGateway
    $tasks = Invoke-MJUpscale -JobId harbour -ImageNo 0, 3 -Type Creative
}

AfterAll {
    Stop-TestGateway $gateway
}

Describe 'Tasks from <Name>' -ForEach @(
    @{
        Name  = 'Clixml'
        Write = { param($Path) $input | Export-Clixml $Path }
        Read  = { param($Path) Import-Clixml $Path }
    }
    @{
        Name  = 'JSON'
        Write = { param($Path) $input | ConvertTo-Json -Depth 6 | Set-Content $Path }
        # Windows PowerShell puts an array out as one object; parentheses take it apart.
        Read  = { param($Path) $rows = [IO.File]::ReadAllText($Path) | ConvertFrom-Json; $rows }
    }
    @{
        Name  = 'CSV'
        Write = { param($Path) $input | Export-Csv $Path -NoTypeInformation }
        Read  = { param($Path) Import-Csv $Path }
    }
) {
    BeforeAll {
        $path = [IO.Path]::Combine($TestDrive, "tasks.$Name")
    }

    It 'can be waited for' {
        $tasks | & $Write $path
        $done = & $Read $path | Wait-MJTask
        $done.Status | Should -Be 'Completed', 'Completed'
        $done | ForEach-Object { "$($_.SourceJobId) $($_.SourceImageNo) $($_.UpscaleType)" } | Sort-Object |
            Should -Be 'harbour 0 Creative', 'harbour 3 Creative'
        $done | & $Write $path
    }

    It 'feed the next upscale with the job of their result' {
        $done = & $Read $path
        $next = $done | Invoke-MJUpscale -ImageNo 0 -Type V5_2x
        $next.SourceJobId | Sort-Object | Should -Be ($done.JobId | Sort-Object)
        $next.UpscaleType | Should -Be 'V5_2x', 'V5_2x'
    }

    It 'can be read, and added up' {
        $again = & $Read $path | Get-MJTask
        $again.Status | Should -Be 'Completed', 'Completed'
        $total = & $Read $path | Measure-MJCost
        $total.Tasks | Should -Be 2
        $total.Cost | Should -Be 0.1
    }
}

Describe 'Tasks from a CSV that was written with a decimal comma' {
    It 'keep what they cost, their day and all their images' {
        $path = [IO.Path]::Combine($TestDrive, 'comma.csv')
        $grid = Invoke-MJDiffusion -Text 'a lighthouse' -Wait
        $before = [cultureinfo]::CurrentCulture
        [cultureinfo]::CurrentCulture = 'de-DE'
        try {
            $grid | Export-Csv $path -NoTypeInformation
            $total = Import-Csv $path | Measure-MJCost -By Day
            $files = Import-Csv $path | Save-MJOutput -Path ([IO.Path]::Combine($TestDrive, 'grid'))
        }
        finally {
            [cultureinfo]::CurrentCulture = $before
        }

        $total.Cost | Should -Be $grid.Cost
        $total.Day | Should -Be $grid.CreatedAt.LocalDateTime.Date
        $files | Should -HaveCount 4
    }
}
