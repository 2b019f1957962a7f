using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.FileProviders;

namespace MidJourney.Tests;

/// <summary>A plain web server for the files of a folder.</summary>
internal sealed class FileServer : IAsyncDisposable
{
    private readonly WebApplication _server;

    private FileServer(WebApplication server) => _server = server;

    /// <summary>The folder's address.</summary>
    public Uri Address => new(_server.Urls.Single());

    public static async Task<FileServer> StartAsync(string folder)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        app.UseStaticFiles(new StaticFileOptions { FileProvider = new PhysicalFileProvider(folder) });
        await app.StartAsync();
        return new FileServer(app);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
