# What the tests share: the module as its users find it, and an emulator of the gateway for each file of tests.

$root = [IO.Path]::GetFullPath([IO.Path]::Combine($PSScriptRoot, '..', '..'))
. ([IO.Path]::Combine($root, 'docs', 'examples', 'emulator.ps1'))

# The folder in which the module MidJourney lies: what was built here, unless MIDJOURNEY_MODULE_PATH names another one.
$modules = [IO.Path]::Combine($root, 'out')
if ($env:MIDJOURNEY_MODULE_PATH) {
    $modules = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($env:MIDJOURNEY_MODULE_PATH)
}

# A user's machine: the module where modules are found, a key, the gateway's address, a journal. Child processes inherit it.
function Start-TestGateway([string] $Arguments = '--duration 0.02', [string] $ApiKey = 'test') {
    $folder = [IO.Path]::Combine([IO.Path]::GetTempPath(), 'midjourney-' + [guid]::NewGuid().ToString('N'))
    $gateway = @{
        Emulator = Start-Emulator "--api-key $ApiKey $Arguments"
        Folder   = [IO.Directory]::CreateDirectory($folder).FullName
        Before   = @{}
    }
    $gateway.BaseUri = $gateway.Emulator.BaseUri
    $variables = @{
        MIDJOURNEY_API_KEY      = $ApiKey
        MIDJOURNEY_BASE_URI     = $gateway.BaseUri
        MIDJOURNEY_JOURNAL_PATH = [IO.Path]::Combine($folder, 'journal.jsonl')
        PSModulePath            = $modules + [IO.Path]::PathSeparator + $env:PSModulePath
    }
    foreach ($name in $variables.Keys) {
        $gateway.Before[$name] = [Environment]::GetEnvironmentVariable($name)
        [Environment]::SetEnvironmentVariable($name, $variables[$name])
    }

    # The default session of the file before belongs to a gateway that is gone.
    Import-Module ([IO.Path]::Combine($modules, 'MidJourney', 'MidJourney.psd1'))
    Get-MJSession -All | Remove-MJSession
    $gateway
}

function Stop-TestGateway($Gateway) {
    Get-MJSession -All | Remove-MJSession
    foreach ($name in $Gateway.Before.Keys) { [Environment]::SetEnvironmentVariable($name, $Gateway.Before[$name]) }
    Stop-Emulator $Gateway.Emulator
    [IO.Directory]::Delete($Gateway.Folder, $true)
}

# How many creates and reads there were, how many tasks were made, and so on.
function Get-GatewayCount($Gateway) {
    $answer = Invoke-RestMethod "$($Gateway.BaseUri)/_emulator/counts"
    $answer.counts | Add-Member MadeTwice $answer.madeTwice -PassThru
}

# As if the gateway had just been started, and the journal were new.
function Reset-TestGateway($Gateway) {
    $null = Invoke-RestMethod "$($Gateway.BaseUri)/_emulator/reset" -Method Post
    Get-MJSession -All | Remove-MJSession
    [IO.File]::Delete([IO.Path]::Combine($Gateway.Folder, 'journal.jsonl'))
}
