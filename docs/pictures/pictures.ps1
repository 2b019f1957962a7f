<#
.SYNOPSIS
    Makes the pictures of the README from a real run: the terminal at work and at the end, as terminal.svg, and the gallery of the images, as gallery.png.
.DESCRIPTION
    Requires tmux and chromium, on Linux or macOS. Build the module and the emulator first: ./build.ps1 Build.
.PARAMETER PowerShell
    The PowerShell that is shown.
#>
param([string] $PowerShell = [Environment]::ProcessPath)

$ErrorActionPreference = 'Stop'
$columns, $lines, $rowHeight, $columnWidth = 100, 34, 17, 8.4
$folder = [IO.Directory]::CreateTempSubdirectory('pictures').FullName
$root = [IO.Path]::GetFullPath([IO.Path]::Combine($PSScriptRoot, '..', '..'))
$colors = @{ 30 = '#0c0c0c'; 31 = '#e05561'; 32 = '#8cc265'; 33 = '#d18f52'; 34 = '#4aa5f0'; 35 = '#c162de'; 36 = '#42b3c2'; 37 = '#d7dae0' }
foreach ($code in 31..37) { $colors[$code + 60] = $colors[$code] }
$colors[90] = '#7f848e'

# The screen with its colours, as a list of lines of parts: text, colour, whether reversed.
function Get-Screen {
    $state = @{ Color = $null; Reversed = $false }
    foreach ($line in tmux capture-pane -e -p -t mj-pictures) {
        , @(foreach ($part in [regex]::Matches($line, '\x1b\[(?<codes>[\d;]*)m|(?<text>[^\x1b]+)')) {
                if ($part.Groups['text'].Success) { [pscustomobject] ($state + @{ Text = $part.Groups['text'].Value }); continue }
                foreach ($code in $part.Groups['codes'].Value -split ';' | ForEach-Object { [int] $_ }) {
                    switch ($code) {
                        0 { $state = @{ Color = $null; Reversed = $false } }
                        7 { $state.Reversed = $true }
                        27 { $state.Reversed = $false }
                        39 { $state.Color = $null }
                        { $colors.ContainsKey($_) } { $state.Color = $colors[$_] }
                    }
                }
            })
    }
}

function ConvertTo-Svg($Screen) {
    $last = $Screen.Count - 1
    while ($last -gt 0 -and -not ($Screen[$last].Text -join '').Trim()) { $last-- }
    $width, $height = ($columns * $columnWidth + 24), (($last + 1) * $rowHeight + 24)
    "<svg xmlns=`"http://www.w3.org/2000/svg`" viewBox=`"0 0 $width $height`" font-family=`"ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace`" font-size=`"14`">"
    "<rect width=`"$width`" height=`"$height`" rx=`"8`" fill=`"#1e2127`"/>"
    foreach ($row in 0..$last) {
        $column = 0
        foreach ($part in $Screen[$row]) {
            $x, $y, $size = (12 + $column * $columnWidth), (12 + $row * $rowHeight), ($part.Text.Length * $columnWidth)
            $ink = if ($part.Color) { $part.Color } else { '#d7dae0' }
            if ($part.Reversed) { "<rect x=`"$x`" y=`"$y`" width=`"$size`" height=`"$rowHeight`" fill=`"$ink`"/>"; $ink = '#1e2127' }
            if ($part.Text.Trim()) { "<text x=`"$x`" y=`"$($y + 13)`" textLength=`"$size`" fill=`"$ink`" xml:space=`"preserve`">$([Security.SecurityElement]::Escape($part.Text))</text>" }
            $column += $part.Text.Length
        }
    }
    '</svg>'
}

function Wait-Screen([string] $Pattern) {
    foreach ($try in 1..300) {
        if ((tmux capture-pane -p -t mj-pictures) -join "`n" -match $Pattern) { return }
        Start-Sleep -Milliseconds 100
    }
    throw "The terminal never showed '$Pattern'."
}

function Send-Line([string] $Line) { tmux send-keys -t mj-pictures -l $Line; tmux send-keys -t mj-pictures Enter }

[IO.File]::WriteAllText("$folder/start.ps1", @"
function prompt { 'PS> ' }
Set-PSReadLineOption -PredictionSource None
Import-Module '$root/out/MidJourney/MidJourney.psd1'
. '$root/docs/examples/emulator.ps1'
`$emulator = Start-Emulator '--duration 3-9'
`$null = New-MJSession -ApiKey test -BaseUri `$emulator.BaseUri -JournalPath '$folder/journal.jsonl'
Set-Location '$folder'
Clear-Host
"@)

$commands = @(
    '''a lighthouse at dusk, in oil'', ''a night train in the snow'' | Invoke-MJDiffusion | Wait-MJTask -OutVariable grids'
    '$grids | Invoke-MJUpscale -ImageNo all -Type Creative | Wait-MJTask | Save-MJOutput -Path out'
)
tmux new-session -d -s mj-pictures -x $columns -y $lines "'$PowerShell' -NoProfile -NoLogo"
try {
    Wait-Screen 'PS '
    Send-Line ". '$folder/start.ps1'"
    Wait-Screen '\APS>\s*\z'
    Send-Line $commands[0]
    Wait-Screen '(?s)PS> .+PS>\s*\z'
    Send-Line $commands[1]
    # In the middle: some files are saved, and the bars are there.
    Wait-Screen '(?s)saved.*saved.*saved.*Waiting'
    ConvertTo-Svg (Get-Screen) | Set-Content "$PSScriptRoot/terminal.svg"
    Wait-Screen '(?s)(PS> .+){2}PS>\s*\z'
    Send-Line '$null = $grids | Save-MJOutput -Path out; Export-MJGallery -Path out -Title ''Two prompts''; Clear-Host; ''The page is there.'''
    Wait-Screen '(?m)^The page is there\.\s+PS>'
}
finally {
    tmux kill-session -t mj-pictures
}

# The page in a browser, after somebody has chosen two images.
$browser = [Diagnostics.Process]::Start([Diagnostics.ProcessStartInfo] @{
        FileName = 'chromium'
        Arguments = "--headless --no-sandbox --disable-gpu --hide-scrollbars --window-size=1200,930 --remote-debugging-port=0 --user-data-dir=`"$folder/browser`" `"file://$folder/out/gallery.html`""
        RedirectStandardError = $true
    })
try {
    do { $line = $browser.StandardError.ReadLine() } until ($line -match 'ws://([^/]+)/')
    $page = (Invoke-RestMethod "http://$($Matches[1])/json") | Where-Object type -eq page
    $socket = [Net.WebSockets.ClientWebSocket]::new()
    $none = [Threading.CancellationToken]::None
    $null = $socket.ConnectAsync($page.webSocketDebuggerUrl, $none).GetAwaiter().GetResult()
    $buffer = [byte[]]::new(16MB)

    function Invoke-Browser([string] $Method, [hashtable] $Parameters) {
        $request = [Text.Encoding]::UTF8.GetBytes((ConvertTo-Json @{ id = 1; method = $Method; params = $Parameters }))
        $null = $socket.SendAsync([ArraySegment[byte]]::new($request), 'Text', $true, $none).GetAwaiter().GetResult()
        $count = 0
        do {
            $part = $socket.ReceiveAsync([ArraySegment[byte]]::new($buffer, $count, $buffer.Length - $count), $none).GetAwaiter().GetResult()
            $count += $part.Count
        } until ($part.EndOfMessage)
        (ConvertFrom-Json ([Text.Encoding]::UTF8.GetString($buffer, 0, $count))).result
    }

    $chosen = Invoke-Browser Runtime.evaluate @{
        awaitPromise = $true
        expression   = "(async () => {
            if (document.readyState !== 'complete') await new Promise(done => addEventListener('load', done))
            for (const image of document.querySelectorAll('main img')) { image.loading = 'eager'; image.decoding = 'sync'; await image.decode() }
            for (const button of [...document.querySelectorAll('[data-job] > figure > button')].slice(1, 3)) button.click()
            document.activeElement.blur()
        })()"
    }
    if ($chosen.exceptionDetails) { throw $chosen.exceptionDetails.exception.description }
    $picture = Invoke-Browser Page.captureScreenshot @{ format = 'png' }
    [IO.File]::WriteAllBytes("$PSScriptRoot/gallery.png", [Convert]::FromBase64String($picture.data))
}
finally {
    $browser.Kill($true)
    $browser.WaitForExit()
}

[IO.Directory]::Delete($folder, $true)
Get-Item "$PSScriptRoot/terminal.svg", "$PSScriptRoot/gallery.png"
