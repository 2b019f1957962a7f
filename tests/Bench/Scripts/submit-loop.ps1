# Submits rows one after another with Invoke-RestMethod, as people write it.
param([string] $Module, [int] $Count)
$ErrorActionPreference = 'Stop'
$uri = "$($env:MIDJOURNEY_BASE_URI.TrimEnd('/'))/model/v1/generation"
$headers = @{ Authorization = "Bearer $env:MIDJOURNEY_API_KEY" }
$clock = [Diagnostics.Stopwatch]::StartNew()
$tasks = foreach ($n in 1..$Count) {
    $body = @{ model = 'midjourney_upscale'; input = @(@{ params = @{ jobId = "job-$n"; imageNo = 0; type = 1 } }) } | ConvertTo-Json -Depth 5
    Invoke-RestMethod $uri -Method Post -Headers $headers -ContentType application/json -Body $body
}
"seconds=$($clock.Elapsed.TotalSeconds)"
if ($tasks.Count -ne $Count) { throw "$Count rows returned $($tasks.Count) tasks." }
