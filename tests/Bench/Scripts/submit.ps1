# Submits rows from the pipeline, then as many others; prints the seconds from the first row to the last task, and the processor time.
param([string] $Module, [int] $Count, [int] $ThrottleLimit)
$ErrorActionPreference = 'Stop'
Import-Module $Module
$null = New-MJSession -ThrottleLimit $ThrottleLimit
foreach ($name in 'seconds', 'again') {
    # Other job ids, because the module sends nothing for known ones.
    $job = if ($name -eq 'again') { 'again' } else { 'job' }
    $rows = foreach ($n in 1..$Count) { [pscustomobject] @{ JobId = "$job-$n"; ImageNo = '0'; Type = 'Creative' } }
    $used = [Diagnostics.Process]::GetCurrentProcess().TotalProcessorTime
    $clock = [Diagnostics.Stopwatch]::StartNew()
    $tasks = @($rows | Invoke-MJUpscale)
    $clock.Stop()
    if ($tasks.Count -ne $Count) { throw "$Count rows returned $($tasks.Count) tasks." }
    if ($tasks[-1].IsKnown) { throw 'The module returned a known task.' }
    "$name=$($clock.Elapsed.TotalSeconds)"
    "$name-cpu=$(([Diagnostics.Process]::GetCurrentProcess().TotalProcessorTime - $used).TotalSeconds)"
    # When a script of one pass would have ended.
    if ($name -eq 'seconds') { "alive=$(([DateTime]::Now - [Diagnostics.Process]::GetCurrentProcess().StartTime).TotalSeconds)" }
}
