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

# From here on $gateway is the one that Start-TestGateway returned, where no other is named.

# How the gateway behaves from now on; src/MidJourney.Emulator/README.md has the fields. Reset-TestGateway ends faults and shapes, but not options.
function Send-Admin([string] $Path, $Body, $To = $gateway) {
    $null = Invoke-RestMethod "$($To.BaseUri)/_emulator/$Path" -Method Post -Body (ConvertTo-Json $Body -Depth 8) -ContentType application/json
}

function Add-Fault([hashtable] $Fault, $To = $gateway) { Send-Admin faults $Fault $To }

function Clear-Fault($Of = $gateway) { $null = Invoke-RestMethod "$($Of.BaseUri)/_emulator/faults" -Method Delete }

function Set-Shape([hashtable] $Shapes, $Of = $gateway) { Send-Admin shapes $Shapes $Of }

function Set-GatewayOption([hashtable] $Options, $Of = $gateway) { Send-Admin options $Options $Of }

# What the gateway has seen: its tasks, jobs or requests. With the option recordDetails, requests have bodies.
function Get-Emulated([string] $What, $Of = $gateway) {
    # Windows PowerShell would not read UTF-8.
    $client = [Net.WebClient] @{ Encoding = [Text.Encoding]::UTF8 }
    foreach ($item in ConvertFrom-Json $client.DownloadString("$($Of.BaseUri)/_emulator/$What")) { $item }
}

# A server that gives every request the same answer, and remembers what it was asked.
function Start-TestServer([string] $Answer) {
    $listener = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
    $listener.Start()
    $asked = [Collections.Concurrent.ConcurrentQueue[string]]::new()
    $shell = [powershell]::Create().AddScript({
        param($listener, $asked, $answer)
        # Otherwise the loop would never end once the listener has stopped.
        $ErrorActionPreference = 'Stop'
        while ($true) {
            $client = $listener.AcceptTcpClient()
            $stream = $client.GetStream()
            $text = ''
            $buffer = [byte[]]::new(65536)
            while (-not $text.Contains("`r`n`r`n") -and ($read = $stream.Read($buffer, 0, $buffer.Length)) -gt 0) { $text += [Text.Encoding]::ASCII.GetString($buffer, 0, $read) }
            $asked.Enqueue($text)
            $bytes = [Text.Encoding]::ASCII.GetBytes($answer)
            $stream.Write($bytes, 0, $bytes.Length)
            $client.Client.Shutdown('Send')
            while ($stream.Read($buffer, 0, $buffer.Length) -gt 0) { }
            $client.Close()
        }
    }).AddArgument($listener).AddArgument($asked).AddArgument($Answer)
    $null = $shell.BeginInvoke()
    @{ Listener = $listener; Asked = $asked; Port = $listener.LocalEndpoint.Port; BaseUri = "http://127.0.0.1:$($listener.LocalEndpoint.Port)" }
}

# A port that nobody listens on.
function Get-FreePort {
    $probe = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
    $probe.Start()
    $probe.LocalEndpoint.Port
    $probe.Stop()
}

# The ids of errors, without the cmdlet behind the comma.
filter Get-ErrorId { $_.FullyQualifiedErrorId -replace ',.*' }

# Runs what a user would type, as text or script block, and keeps apart what it writes. Thrown is what ended it, if anything.
function Invoke-Line($Line) {
    $ErrorActionPreference = $WarningPreference = 'Continue'
    $thrown = $null
    $written = @(try { . ([scriptblock]::Create($Line)) 2>&1 3>&1 4>&1 5>&1 } catch { $thrown = $_ })
    $problems = @($written | Where-Object { $_ -is [Management.Automation.ErrorRecord] })
    [pscustomobject] @{
        Output   = @($written | Where-Object { $_ -isnot [Management.Automation.ErrorRecord] -and $_ -isnot [Management.Automation.InformationalRecord] })
        Errors   = $problems
        ErrorIds = @(@($problems) + @($thrown) | Where-Object { $_ } | Get-ErrorId)
        Warnings = @($written | Where-Object { $_ -is [Management.Automation.WarningRecord] } | ForEach-Object Message)
        Verbose  = @($written | Where-Object { $_ -is [Management.Automation.VerboseRecord] } | ForEach-Object Message)
        Debug    = @($written | Where-Object { $_ -is [Management.Automation.DebugRecord] } | ForEach-Object Message)
        Thrown   = $thrown
    }
}

# What the host shows while code runs, such as the texts of -WhatIf.
function Get-Transcript([scriptblock] $Code) {
    $path = [IO.Path]::Combine($TestDrive, [guid]::NewGuid().ToString('N') + '.txt')
    $null = Start-Transcript -LiteralPath $path
    try { & $Code } finally { $null = Stop-Transcript }
    [IO.File]::ReadAllText($path)
}

# As after a trip through Clixml, a job or remoting.
function Copy-Deserialized([Parameter(ValueFromPipeline)] $InputObject) {
    process { [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($InputObject, 6)) }
}

# What a new process of this PowerShell writes, errors and warnings as text. Its exit code is in $LASTEXITCODE.
function Invoke-NewShell([string] $Script, [hashtable] $Variables = @{}) {
    $command = [Convert]::ToBase64String([Text.Encoding]::Unicode.GetBytes("`$ProgressPreference = 'SilentlyContinue'; $Script"))
    $shell = @([Diagnostics.Process]::GetCurrentProcess().MainModule.FileName)
    # As a .NET tool, PowerShell is a library that dotnet runs.
    if ($shell[0] -match '[\\/]dotnet(\.exe)?$') { $shell += [Environment]::GetCommandLineArgs()[0] }
    $program, $arguments = $shell
    $before = @{}
    foreach ($name in $Variables.Keys) {
        $before[$name] = [Environment]::GetEnvironmentVariable($name)
        [Environment]::SetEnvironmentVariable($name, $Variables[$name])
    }

    # Windows PowerShell would take a line on standard error for an error.
    $ErrorActionPreference = 'Continue'
    try { (& $program $arguments -NoProfile -NonInteractive -OutputFormat Text -EncodedCommand $command 2>&1 | ForEach-Object { "$_" }) -replace '\x1b\[[\d;]*m' }
    finally { foreach ($name in $before.Keys) { [Environment]::SetEnvironmentVariable($name, $before[$name]) } }
}
