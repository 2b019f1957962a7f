using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace MidJourney.Emulator;

/// <summary>The web server: Kestrel, the gateway's pipeline and routes, the admin routes.</summary>
internal static class EmulatorServer
{
    /// <summary>Starts a server that listens when the task ends.</summary>
    public static async Task<WebApplication> StartAsync(GatewayEmulator emulator, CancellationToken cancellationToken)
    {
        // Nothing from files, the environment or the console: tests run many of these in one process.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(AddressOf(emulator.Settings), listen => Configure(listen, emulator.Counts));
        });
        builder.Services.AddRoutingCore().AddSingleton<IHostLifetime, NoSignals>();

        var app = builder.Build();
        app.UseWhen(http => !http.Request.Path.StartsWithSegments(AdminRoutes.Path), gateway => gateway.Use(new GatewayPipeline(emulator).InvokeAsync));
        new GatewayRoutes(emulator).Map(app);
        new AdminRoutes(emulator).Map(app);
        try
        {
            await app.StartAsync(cancellationToken);
            return app;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    private static IPEndPoint AddressOf(EmulatorOptions options) => new(
        options.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase) ? IPAddress.Loopback : IPAddress.Parse(options.Host),
        options.Port);

    private static void Configure(ListenOptions listen, EmulatorCounts counts)
    {
        // A fault that cuts the connection must meet one request alone.
        listen.Protocols = HttpProtocols.Http1;
        listen.Use(next => async connection =>
        {
            counts.Connected();
            try
            {
                await next(connection);
            }
            finally
            {
                counts.Disconnected();
            }
        });
    }

    /// <summary>Leaves Ctrl+C and SIGTERM to the program, or to the tests, that the server runs in.</summary>
    private sealed class NoSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
