#if !NET
using System.Security.Authentication;

namespace MidJourney;

/// <summary>
/// The TLS versions for .NET Framework. Letting it choose (<see cref="SslProtocols.None"/>) would depend on switches of the
/// program that hosts this module, and may end with TLS 1.0; so 1.3 is named, where the system has it.
/// </summary>
internal static class TlsVersions
{
    /// <summary>Of .NET Framework 4.8, which names it; this module is built against 4.7.2, which does not.</summary>
    private const SslProtocols Tls13 = (SslProtocols)12288;

    /// <summary>Windows Server 2022; Windows 11 is 22000. Earlier ones have at most a preview of it.</summary>
    private static readonly Version FirstWithTls13 = new(10, 0, 20348);

    public static readonly SslProtocols Allowed = Of(Environment.OSVersion, Enum.IsDefined(typeof(SslProtocols), Tls13));

    /// <param name="system">The operating system.</param>
    /// <param name="isKnown">Whether the framework that runs has a name for TLS 1.3.</param>
    public static SslProtocols Of(OperatingSystem system, bool isKnown) =>
        isKnown && system.Platform == PlatformID.Win32NT && system.Version >= FirstWithTls13 ? SslProtocols.Tls12 | Tls13 : SslProtocols.Tls12;
}
#endif
