# What Examples.Tests.ps1 is made of, apart from Pester: finds the code of the docs, and runs it as a reader would.

. ([IO.Path]::Combine($PSScriptRoot, 'Gateway.ps1'))

# Instead of the port of the docs, which others may use, and each process that runs examples at the same time.
$portOfExamples = Get-FreePort

# Every example of the cmdlets' pages, every block of an about topic, and every guide and page as a whole: its blocks follow each other.
# Readme.Tests.ps1 runs those of the README.
function Get-DocExample {
    $number = 0
    foreach ($example in Get-DocCode) {
        # ForEach-Object -Parallel is of PowerShell 7.
        $example.Runs = $PSVersionTable.PSEdition -eq 'Core' -or "$($example.Code)" -notmatch '-Parallel\b'
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

    foreach ($page in @([IO.Directory]::GetFiles([IO.Path]::Combine($docs, 'guides'), '*.md')) + @([IO.Directory]::GetFiles($docs, '*.md') -notmatch '-MJ')) {
        $blocks = @(Get-DocBlock $page)
        if ($blocks) { @{ Name = "page $([IO.Path]::GetFileNameWithoutExtension($page))"; Code = $blocks.Code } }
    }
}

# The blocks of code of a page, in order, each with the output that the page shows below it.
function Get-DocBlock([string] $Page) {
    foreach ($match in [regex]::Matches([IO.File]::ReadAllText($Page), '(?ms)^```powershell\r?\n(?<code>.*?)^```(?:\s*^```text\r?\n(?<output>.*?)^```)?')) {
        @{ Code = $match.Groups['code'].Value; Output = $match.Groups['output'].Value }
    }
}

# Begins to run blocks of code, one after the other as they would be pasted, in a runspace and a folder of its own. Ids in the docs stand for the tasks.
function Start-DocExample([string[]] $Code, $Gateway, $Tasks) {
    $own = [guid]::NewGuid().ToString('N')
    $folder = [IO.Directory]::CreateDirectory([IO.Path]::Combine($Gateway.Folder, $own)).FullName
    # Jobs of its own: examples run side by side, and -SkipSubmitted rightly keeps away from what another one is just making.
    [IO.File]::WriteAllText([IO.Path]::Combine($folder, 'jobs.csv'), "JobId,ImageNo,Type`nharbour-$own,`"0,2`",Creative`nlighthouse-$own,1;3,v5_2x`n")
    foreach ($name in 'ids.txt', 'jobids.txt') { [IO.File]::WriteAllText([IO.Path]::Combine($folder, $name), "harbour-$own`n`nlighthouse-$own`n") }
    $jobId = [guid]::NewGuid().ToString()
    $Code = foreach ($block in $Code) {
        $block.Replace('-ListenOn 8080', "-ListenOn $portOfExamples").Replace('d758n65e878c73cmdg20', $Tasks[0].Id).Replace('d758n65e878c73cmdg2g', $Tasks[1].Id).Replace('f2a61b7c-4a43-4c1a-b8d9-0f6a1d2e3c4b', $jobId).
        Replace('http://127.0.0.1:8080', $Gateway.BaseUri).Replace('./out/MidJourney', [IO.Path]::Combine($modules, 'MidJourney'))
    }

    # Nobody is there to type, and the vault may not be installed.
    $standIns = @'
function Read-Host { ConvertTo-SecureString test -AsPlainText -Force }
function Get-Secret { [CmdletBinding()] param($Name, $Vault) ConvertTo-SecureString test -AsPlainText -Force }
'@
    $shell = [powershell]::Create().AddScript("$standIns`nSet-Location -LiteralPath '$folder'")
    # As text, because a prompt shows what comes.
    foreach ($block in $Code) { $null = $shell.AddStatement().AddScript($block).AddCommand('Out-String') }
    @{ Shell = $shell; Running = $shell.BeginInvoke() }
}

# Waits for its end, and returns its errors as text.
function Get-DocExampleError($Example) {
    try {
        $null = $Example.Shell.EndInvoke($Example.Running)
        foreach ($problem in $Example.Shell.Streams.Error) { "$problem" }
    }
    catch {
        "$_"
    }
}
