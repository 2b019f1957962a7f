using System.Net.Security;
using System.Net.Sockets;

namespace MidJourney.Tests;

/// <summary>What Test-MJSession says of a certificate.</summary>
public sealed class SessionCheckTests
{
    [Fact]
    public async Task A_certificate_that_nobody_vouches_for_is_told_from_no_connection()
    {
        var (certificate, received) = (UntrustedCertificate.New(), 0);
        await using var server = new RawServer(async (socket, end) =>
        {
            using var tls = new SslStream(new NetworkStream(socket));
            await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, end);
            Interlocked.Add(ref received, await tls.ReadAsync(new byte[4096], end));
        });
        using var shell = new ModuleShell();
        shell.Run($"$null = New-MJSession -ApiKey {TestKey.Value} -BaseUri https://localhost:{server.Port} -NoJournal").MustSucceed();
        var checks = shell.Run("Test-MJSession").MustSucceed().Output;
        Assert.Equal(["Address skipped", "TLS failed", "Proxy ok", "Key skipped", "Clock skipped"], checks.Take(5).Select(c => $"{c.Properties["Name"].Value} {c.Properties["Status"].Value}"));
        foreach (var text in new[] { "Detail", "Action" }) Assert.Contains("certificate", $"{checks[1].Properties[text].Value}", StringComparison.OrdinalIgnoreCase);
        Assert.Equal((1, 0), (server.Connections, received));
    }
}
