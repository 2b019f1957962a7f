# An endless producer and a slow consumer; prints how far the producer was ahead.
param([string] $Module, [int] $ThrottleLimit, [int] $Count)
$ErrorActionPreference = 'Stop'
Import-Module $Module
$null = New-MJSession -ThrottleLimit $ThrottleLimit
$seen = @{ Made = 0; Taken = 0; Ahead = 0 }
foreach ($once in 1) {
    & { while ($true) { $seen.Made++; [pscustomobject] @{ JobId = "job-$($seen.Made)"; ImageNo = '0'; Type = 'Creative' } } } |
        Invoke-MJUpscale |
        ForEach-Object {
            $seen.Ahead = [Math]::Max($seen.Ahead, $seen.Made - $seen.Taken)
            $seen.Taken++
            [Threading.Thread]::Sleep(5)
            if ($seen.Taken -eq $Count) { break }
        }
}
"ahead=$($seen.Ahead)"
