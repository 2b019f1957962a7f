# Submits rows with HttpClient alone, several at a time, and reads the ID of each task.
param([string] $Module, [int] $Count, [int] $ThrottleLimit)
$ErrorActionPreference = 'Stop'
$client = [Net.Http.HttpClient]::new()
$client.DefaultRequestHeaders.Authorization = [Net.Http.Headers.AuthenticationHeaderValue]::new('Bearer', $env:MIDJOURNEY_API_KEY)
$uri = "$($env:MIDJOURNEY_BASE_URI.TrimEnd('/'))/model/v1/generation"
$ids = [Collections.Generic.List[string]]::new()
$used = [Diagnostics.Process]::GetCurrentProcess().TotalProcessorTime
$clock = [Diagnostics.Stopwatch]::StartNew()
$sent = [Collections.Generic.Queue[Threading.Tasks.Task[Net.Http.HttpResponseMessage]]]::new()
for ($n = 1; $n -le $Count -or $sent.Count; $n++) {
    if ($n -le $Count) {
        $body = "{`"model`":`"midjourney_upscale`",`"input`":[{`"params`":{`"jobId`":`"job-$n`",`"imageNo`":0,`"type`":1}}]}"
        $sent.Enqueue($client.PostAsync($uri, [Net.Http.StringContent]::new($body, [Text.Encoding]::UTF8, 'application/json')))
        if ($sent.Count -lt $ThrottleLimit) { continue }
    }
    $answer = $sent.Dequeue().GetAwaiter().GetResult()
    $task = $answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync().GetAwaiter().GetResult() | ConvertFrom-Json
    $ids.Add($task.id)
}
$clock.Stop()
if ($ids.Count -ne $Count) { throw "$Count rows returned $($ids.Count) tasks." }
"seconds=$($clock.Elapsed.TotalSeconds)"
"seconds-cpu=$(([Diagnostics.Process]::GetCurrentProcess().TotalProcessorTime - $used).TotalSeconds)"
