# Submits rows from the pipeline; prints the seconds from the first row to the last task, the processor time meanwhile, and those of as many other rows.
param([string] $Module, [int] $Count, [int] $ThrottleLimit)
$ErrorActionPreference = 'Stop'
Import-Module $Module
$null = New-MJSession -ThrottleLimit $ThrottleLimit
foreach ($name in 'seconds', 'again') {
    # Of jobs that it knows the module returns the tasks, and sends nothing.
    $job = if ($name -eq 'again') { 'again' } else { 'job' }
    $rows = foreach ($n in 1..$Count) { [pscustomobject] @{ JobId = "$job-$n"; ImageNo = '0'; Type = 'Creative' } }
    $used = [Diagnostics.Process]::GetCurrentProcess().TotalProcessorTime
    $clock = [Diagnostics.Stopwatch]::StartNew()
    $tasks = @($rows | Invoke-MJUpscale)
    $clock.Stop()
    if ($tasks.Count -ne $Count) { throw "$($tasks.Count) tasks came out of $Count rows." }
    if ($tasks[-1].IsKnown) { throw 'A task was returned that was made before.' }
    "$name=$($clock.Elapsed.TotalSeconds)"
    "$name-cpu=$(([Diagnostics.Process]::GetCurrentProcess().TotalProcessorTime - $used).TotalSeconds)"
    # The time at which a script of one pass would have ended.
    if ($name -eq 'seconds') { "alive=$(([DateTime]::Now - [Diagnostics.Process]::GetCurrentProcess().StartTime).TotalSeconds)" }
}
