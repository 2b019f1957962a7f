#if !NET
// Types that the compiler needs for newer language features, and .NET Framework does not have. They are not generated, because
// the generator's order differs from build to build, and the same source must give the same bytes.
#pragma warning disable IDE0130 // The compiler looks for them in these namespaces.

namespace System
{
    /// <summary>For <c>[^1]</c> and list patterns.</summary>
    internal readonly struct Index(int value, bool fromEnd = false)
    {
        public int GetOffset(int length) => fromEnd ? length - value : value;

        public static implicit operator Index(int value) => new(value);
    }
}

namespace System.Runtime.CompilerServices
{
    /// <summary>For <c>init</c>.</summary>
    internal static class IsExternalInit;

    /// <summary>For <c>required</c>.</summary>
    [AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Field | AttributeTargets.Property, Inherited = false)]
    internal sealed class RequiredMemberAttribute : Attribute;

    /// <summary>For <c>required</c>: makes older compilers report an error.</summary>
    [AttributeUsage(AttributeTargets.All, AllowMultiple = true, Inherited = false)]
    internal sealed class CompilerFeatureRequiredAttribute(string featureName) : Attribute
    {
        public string FeatureName { get; } = featureName;
    }
}

namespace System.Diagnostics.CodeAnalysis
{
    /// <summary>For constructors that set <c>required</c> members, such as the copy constructors of records.</summary>
    [AttributeUsage(AttributeTargets.Constructor)]
    internal sealed class SetsRequiredMembersAttribute : Attribute;

    /// <summary>For methods whose return value says whether a parameter is null.</summary>
    [AttributeUsage(AttributeTargets.Parameter)]
    internal sealed class NotNullWhenAttribute(bool returnValue) : Attribute
    {
        public bool ReturnValue { get; } = returnValue;
    }
}
#endif
