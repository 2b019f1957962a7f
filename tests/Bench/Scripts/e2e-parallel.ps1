# The same with loops as people write them: several at a time; each creates a task, polls it every five seconds, and saves the file.
param([string] $Module, [int] $Count, [string] $Folder, [int] $ThrottleLimit)
$ErrorActionPreference = 'Stop'
$uri = "$($env:MIDJOURNEY_BASE_URI.TrimEnd('/'))/model/v1/generation"
# Without it, the first 429 ends a loop. It also sends a create again whose answer was lost, and pays twice.
$retries = @{ MaximumRetryCount = 10; RetryIntervalSec = 1 }
$headers = @{ Authorization = "Bearer $env:MIDJOURNEY_API_KEY" }
$ids = foreach ($n in 1..$Count) { "job-$n" }

$clock = [Diagnostics.Stopwatch]::StartNew()
$ids | ForEach-Object -ThrottleLimit $ThrottleLimit -Parallel {
    $ErrorActionPreference = 'Stop'
    $retries = $using:retries
    $body = @{ model = 'midjourney_upscale'; input = @(@{ params = @{ jobId = $_; imageNo = 0; type = 1 } }) } | ConvertTo-Json -Depth 5
    $task = Invoke-RestMethod $using:uri -Method Post -Headers $using:headers -ContentType application/json -Body $body @retries
    while ($task.status -eq 'in_progress') {
        Start-Sleep 5
        $task = Invoke-RestMethod "$using:uri/task/$($task.id)" -Headers $using:headers @retries
    }
    Invoke-WebRequest $task.output[0].content[0].url -OutFile (Join-Path $using:Folder "$($task.id).png")
}
"seconds=$($clock.Elapsed.TotalSeconds)"
"files=$(@(Get-ChildItem -LiteralPath $Folder -File).Count)"
