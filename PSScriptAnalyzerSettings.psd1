@{
    Severity     = @('Error', 'Warning')
    ExcludeRules = @(
        # These do not see what a script block uses.
        'PSReviewUnusedParameter'
        'PSUseDeclaredVarsMoreThanAssignments'
        # The keys in scripts here are the emulator's.
        'PSAvoidUsingConvertToSecureStringWithPlainText'
        # For cmdlets that people call, not for what scripts are made of.
        'PSUseShouldProcessForStateChangingFunctions'
    )
    Rules        = @{
        PSUseCompatibleSyntax = @{
            Enable         = $true
            TargetVersions = @('5.1', '7.4')
        }
    }
}
