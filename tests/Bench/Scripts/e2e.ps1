# Upscales the images of many jobs, waits for them and saves them, in one pipeline. With -Port, the gateway's callbacks say when a task has ended.
param([string] $Module, [int] $Count, [string] $Folder, [int] $Port)
$ErrorActionPreference = 'Stop'
Import-Module $Module
$session = New-MJSession
$ids = foreach ($n in 1..$Count) { "job-$n" }
$callback = if ($Port) { @{ Callback = "http://127.0.0.1:$Port/{token}" } } else { @{} }
$listen = if ($Port) { @{ ListenOn = "$Port" } } else { @{} }

$clock = [Diagnostics.Stopwatch]::StartNew()
$files = @($ids | Invoke-MJUpscale -ImageNo 0 -Type Creative @callback | Wait-MJTask @listen | Save-MJOutput -Path $Folder)
"seconds=$($clock.Elapsed.TotalSeconds)"
"files=$($files.Count)"
"reads=$($session.Reads)"
