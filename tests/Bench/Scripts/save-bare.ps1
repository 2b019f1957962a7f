# Copies the same files with HttpClient alone, several at a time; prints the seconds from the first request to the last file.
param([string] $Module, [string] $IdFile, [string] $Folder, [int] $ThrottleLimit)
$ErrorActionPreference = 'Stop'
$client = [Net.Http.HttpClient]::new()
$ids = [IO.File]::ReadAllLines($IdFile)
$used = [Diagnostics.Process]::GetCurrentProcess().TotalProcessorTime
$clock = [Diagnostics.Stopwatch]::StartNew()
$next = 0
$copies = [object[]]::new($ThrottleLimit)
$tasks = [Threading.Tasks.Task[]]::new($ThrottleLimit)
function Start-Request([int] $Slot) {
    $id = $ids[$script:next++]
    $copies[$Slot] = @{ Path = [IO.Path]::Combine($Folder, "$id.png") }
    $tasks[$Slot] = $client.GetStreamAsync("$($env:MIDJOURNEY_BASE_URI.TrimEnd('/'))/files/$id/0.png")
}
for ($slot = 0; $slot -lt $ThrottleLimit; $slot++) { Start-Request $slot }
for ($done = 0; $done -lt $ids.Count) {
    $slot = [Threading.Tasks.Task]::WaitAny($tasks)
    $copy = $copies[$slot]
    $result = $tasks[$slot].GetAwaiter().GetResult()
    if (-not $copy.File) {
        ($copy.Body, $copy.File) = ($result, [IO.File]::Create($copy.Path))
        $tasks[$slot] = $copy.Body.CopyToAsync($copy.File)
        continue
    }
    $copy.File.Dispose()
    $copy.Body.Dispose()
    $done++
    if ($next -lt $ids.Count) { Start-Request $slot } else { $tasks[$slot] = [Threading.Tasks.TaskCompletionSource]::new().Task }
}
$clock.Stop()
"seconds=$($clock.Elapsed.TotalSeconds)"
"seconds-cpu=$(([Diagnostics.Process]::GetCurrentProcess().TotalProcessorTime - $used).TotalSeconds)"
"peak=$([Diagnostics.Process]::GetCurrentProcess().PeakWorkingSet64)"
