# What Get-Help prints.

BeforeDiscovery {
    . ([IO.Path]::Combine($PSScriptRoot, 'Gateway.ps1'))
    Import-Module ([IO.Path]::Combine($modules, 'MidJourney', 'MidJourney.psd1'))
    $cmdlets = (Get-Command -Module MidJourney).Name
}

BeforeAll {
    . ([IO.Path]::Combine($PSScriptRoot, 'Gateway.ps1'))
    Import-Module ([IO.Path]::Combine($modules, 'MidJourney', 'MidJourney.psd1'))
    $common = @([Management.Automation.PSCmdlet]::CommonParameters) + @([Management.Automation.PSCmdlet]::OptionalCommonParameters)
}

Describe 'The help' {
    It 'is looked at for each cmdlet' -ForEach @{ Count = @($cmdlets).Count } {
        $Count | Should -BeGreaterThan 0
    }
}

Describe 'Get-Help <_>' -ForEach $cmdlets {
    BeforeAll {
        $cmdlet = $_
        $help = Get-Help $cmdlet -Full
    }

    It 'has a synopsis and a description that people wrote' {
        $help.Synopsis.Trim() | Should -Match '^[A-Z].+\.$'
        ($help.description | Out-String).Trim() | Should -Not -BeNullOrEmpty
    }

    It 'has at least three examples, each with code' {
        $help.examples.example.Count | Should -BeGreaterOrEqual 3
        $help.examples.example.code | Should -Not -BeNullOrEmpty
        Get-Help $cmdlet -Examples | Out-String | Should -Match 'Example 3: '
    }

    It 'describes every parameter' {
        $parameters = (Get-Command $cmdlet).Parameters.Values | Where-Object Name -NotIn $common
        foreach ($parameter in $parameters) {
            $shown = Get-Help $cmdlet -Parameter $parameter.Name
            ($shown.description | Out-String).Trim() | Should -Not -BeNullOrEmpty -Because "-$($parameter.Name) is a parameter of $cmdlet"
        }
    }

    It 'shows no marks of bold text' {
        $help | Out-String | Should -Not -Match '\*\*'
    }

    It 'shows types by their names, and no default that is only an empty value' {
        $shown = Get-Help $cmdlet -Full | Out-String -Width 1000
        $shown | Should -Not -Match '(?m)^ +-\w+ <\w+\]'
        $shown | Should -Not -Match '01/01/0001'
    }

    It 'offers no page on the web, because there is none' {
        Get-Help $cmdlet | Out-String | Should -Not -Match '-Online'
        $help | Out-String | Should -Not -Match '-Online'
        (Get-Command $cmdlet).HelpUri | Should -BeNullOrEmpty
    }

    It 'names what to read next' {
        Get-Help $cmdlet | Out-String -Width 1000 | Should -Match '(?m)^ +See also: .*\b(\w+-MJ\w+|about_MidJourney\w*)\.\s*$'
    }

    It 'shows all of it with -Full' {
        $shown = $help | Out-String -Width 100
        foreach ($heading in 'SYNOPSIS', 'SYNTAX', 'DESCRIPTION', 'PARAMETERS', 'OUTPUTS') { $shown | Should -Match "(?m)^$heading" }
    }
}

Describe 'Get-Help Wait-MJTask -Parameter TimeoutSec' {
    It 'tells the default' {
        (Get-Help Wait-MJTask -Parameter TimeoutSec).defaultValue | Should -Be '900'
    }
}

Describe 'Get-Help about_<_>' -ForEach 'MidJourney', 'MidJourney_Sessions', 'MidJourney_Waiting', 'MidJourney_Errors', 'MidJourney_Automation' {
    It 'prints the topic as it is written' {
        $text = "$(Get-Help "about_$_" | Out-String -Width 100)" -replace '\r'
        $text.Trim() | Should -BeExactly ([IO.File]::ReadAllText([IO.Path]::Combine($root, 'src', 'MidJourney', 'en-US', "about_$_.help.txt")) -replace '\r').Trim()
        $text | Should -Match '(?m)^SHORT DESCRIPTION'
        $text | Should -Match '(?m)^SEE ALSO'
    }
}
