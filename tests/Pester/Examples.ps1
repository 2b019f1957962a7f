# What Examples.Tests.ps1 is made of, apart from Pester: finds the code of the docs, and runs it as a reader would.

. ([IO.Path]::Combine($PSScriptRoot, 'Gateway.ps1'))

# Every example of the cmdlets' pages, every block of an about topic, and every guide as a whole: its blocks follow each other.
function Get-DocExample {
    $number = 0
    foreach ($example in Get-DocCode) {
        # ForEach-Object -Parallel is of PowerShell 7.
        $example.Runs = $PSVersionTable.PSEdition -eq 'Core' -or $example.Code -notmatch '-Parallel\b'
        $example.Number = $number++
        $example
    }
}

function Get-DocCode {
    $docs = [IO.Path]::Combine($root, 'docs')
    foreach ($page in [IO.Directory]::GetFiles($docs, '*-MJ*.md')) {
        $name = [IO.Path]::GetFileNameWithoutExtension($page)
        $title = ''
        foreach ($match in [regex]::Matches([IO.File]::ReadAllText($page), '(?ms)^### (?<title>Example [^\r\n]+)|^```powershell\r?\n(?<code>.*?)^```')) {
            if ($match.Groups['title'].Success) { $title = $match.Groups['title'].Value }
            else { @{ Name = "$name, $title"; Code = $match.Groups['code'].Value } }
        }
    }

    # In a topic, code is what is indented by eight.
    foreach ($topic in [IO.Directory]::GetFiles([IO.Path]::Combine($root, 'src', 'MidJourney', 'en-US'), 'about_*.txt')) {
        $number = 0
        foreach ($match in [regex]::Matches([IO.File]::ReadAllText($topic), '(?m)(?:^ {8,}\S.*\n)+')) {
            $number++
            # No other machine is there to be asked.
            if ($match.Value -notmatch '-ComputerName') { @{ Name = "$([IO.Path]::GetFileNameWithoutExtension($topic)), block $number"; Code = $match.Value } }
        }
    }

    foreach ($guide in [IO.Directory]::GetFiles([IO.Path]::Combine($docs, 'guides'), '*.md')) {
        $blocks = foreach ($match in [regex]::Matches([IO.File]::ReadAllText($guide), '(?ms)^```powershell\r?\n(?<code>.*?)^```')) { $match.Groups['code'].Value }
        if ($blocks) { @{ Name = "guide $([IO.Path]::GetFileNameWithoutExtension($guide))"; Code = $blocks -join "`n" } }
    }
}

# Begins to run code in a runspace and a folder of its own. Ids in the docs stand for the tasks.
function Start-DocExample([string] $Code, $Gateway, $Tasks) {
    $own = [guid]::NewGuid().ToString('N')
    $folder = [IO.Directory]::CreateDirectory([IO.Path]::Combine($Gateway.Folder, $own)).FullName
    # Jobs of its own: examples run side by side, and -SkipSubmitted rightly keeps away from what another one is just making.
    [IO.File]::WriteAllText([IO.Path]::Combine($folder, 'jobs.csv'), "JobId,ImageNo,Type`nharbour-$own,`"0,2`",Creative`nlighthouse-$own,1;3,v5_2x`n")
    [IO.File]::WriteAllText([IO.Path]::Combine($folder, 'ids.txt'), "harbour-$own`n`nlighthouse-$own`n")
    $Code = $Code.Replace('d758n65e878c73cmdg20', $Tasks[0].Id).Replace('d758n65e878c73cmdg2g', $Tasks[1].Id)
    $Code = $Code.Replace('f2a61b7c-4a43-4c1a-b8d9-0f6a1d2e3c4b', [guid]::NewGuid().ToString()).Replace('http://127.0.0.1:8080', $Gateway.BaseUri)

    # Nobody is there to type, and the vault may not be installed.
    $standIns = @'
function Read-Host { ConvertTo-SecureString test -AsPlainText -Force }
function Get-Secret { [CmdletBinding()] param($Name, $Vault) ConvertTo-SecureString test -AsPlainText -Force }
'@
    $shell = [powershell]::Create().AddScript("$standIns`nSet-Location -LiteralPath '$folder'`n$Code")
    @{ Shell = $shell; Running = $shell.BeginInvoke() }
}

# Waits for its end, and puts out its errors as text.
function Get-DocExampleError($Example) {
    try {
        $null = $Example.Shell.EndInvoke($Example.Running)
        foreach ($problem in $Example.Shell.Streams.Error) { "$problem" }
    }
    catch {
        "$_"
    }
}
