using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace MidJourney.Tests;

/// <summary>
/// The ways a create can fail to get a connection, on real sockets. Each is tried again for some seconds of real time,
/// so they run side by side.
/// </summary>
public sealed class ConnectionMatrixTests(ConnectionMatrixTests.Runs runs) : IClassFixture<ConnectionMatrixTests.Runs>
{
    private const string CheckNetwork = "Check the network";

    [Fact]
    public async Task Refused_connection() => Check(await runs.Refused, nameof(Refused_connection));

    [Fact]
    public async Task Refused_connection_that_is_taken_later()
    {
        var (run, requests) = await runs.TakenLater;
        run.MustBeAs(ReliabilityPage.RowOf($"{nameof(ConnectionMatrixTests)}.{nameof(Refused_connection_that_is_taken_later)}"), isSentAgain: true, advice: null);
        Assert.Equal(1, requests);
    }

    [Fact]
    public async Task Dns_failure() => Check(await runs.NoSuchHost, nameof(Dns_failure));

    [Fact]
    public async Task Tls_failure()
    {
        Check(await runs.SelfSigned, nameof(Tls_failure));
        Assert.True(runs.Handshakes > 1);
        Assert.Equal(0, runs.ReceivedBehindTls);
    }

    [Fact]
    public async Task Timeout_while_connecting() => Check(await runs.Deaf, nameof(Timeout_while_connecting));

    /// <summary>What was tried again shows in the verbose stream, as nothing reached anybody.</summary>
    private static void Check(CreateRun run, string test)
    {
        run.MustBeAs(ReliabilityPage.RowOf($"{nameof(ConnectionMatrixTests)}.{test}"), IsTriedAgain(run), CheckNetwork);
        Assert.Contains("was not submitted", run.Result.Errors[0].Exception.Message, StringComparison.Ordinal);
    }

    private static bool IsTriedAgain(CreateRun run) => run.Result.Verbose.Any(line => line.Contains("attempt 2", StringComparison.Ordinal));

    public sealed class Runs : IAsyncLifetime
    {
        /// <summary>How long a create is tried, less the wait for the second try.</summary>
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(14);

        private readonly List<IAsyncDisposable> _servers = [];
        private readonly List<Socket> _sockets = [];
        private int _handshakes;
        private int _received;

        internal Task<CreateRun> Refused { get; private set; } = null!;

        internal Task<(CreateRun Run, int Requests)> TakenLater { get; private set; } = null!;

        internal Task<CreateRun> NoSuchHost { get; private set; } = null!;

        internal Task<CreateRun> SelfSigned { get; private set; } = null!;

        internal Task<CreateRun> Deaf { get; private set; } = null!;

        internal int Handshakes => Volatile.Read(ref _handshakes);

        /// <summary>Bytes of requests, the key among them, that came through a connection nobody could vouch for.</summary>
        internal int ReceivedBehindTls => Volatile.Read(ref _received);

        public Task InitializeAsync()
        {
            var certificate = UntrustedCertificate.New();
            var tls = new RawServer((socket, end) => ServeTlsAsync(socket, certificate, end));
            var deaf = new DeafPort();
            _servers.AddRange([tls, deaf]);
            // Bound, but never listened to: refused, and no other test can get the port.
            Refused = Start(AddressOf(Bind()));
            NoSuchHost = Start(new Uri("https://gateway.invalid"));
            SelfSigned = Start(new Uri($"https://localhost:{tls.Port}"));
            Deaf = Start(deaf.BaseUri, "-RequestTimeoutSec 0.3");
            TakenLater = StartLaterAsync();
            return Task.CompletedTask;
        }

        public async Task DisposeAsync()
        {
            await Task.WhenAll(Refused, NoSuchHost, SelfSigned, Deaf, TakenLater);
            foreach (var server in _servers) await server.DisposeAsync();
            foreach (var socket in _sockets) socket.Dispose();
        }

        private Socket Bind()
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            _sockets.Add(socket);
            socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            return socket;
        }

        private static Uri AddressOf(Socket socket) => new($"http://127.0.0.1:{((IPEndPoint)socket.LocalEndPoint!).Port}");

        /// <summary>On a busy machine the first try alone may take longer than a create is tried; such a run tells nothing, and there is another one.</summary>
        private static Task<CreateRun> Start(Uri baseUri, string parameters = "") => StartThread(() =>
        {
            using var shell = new ModuleShell();
            for (var runs = 1; ; runs++)
            {
                var clock = Stopwatch.StartNew();
                var run = RunOnce(shell, baseUri, parameters);
                if (runs == 10 || IsTriedAgain(run) || clock.Elapsed < Patience) return run;
            }
        });

        private static CreateRun RunOnce(ModuleShell shell, Uri baseUri, string parameters, string? journal = null)
        {
            shell.Run("$VerbosePreference = 'Continue'");
            return CreateRun.Start(shell, baseUri, parameters, journal);
        }

        private static Task<T> StartThread<T>(Func<T> work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        /// <summary>Listens once the create is known to have been refused: that takes no time, however busy the machine is.</summary>
        private async Task<(CreateRun, int)> StartLaterAsync()
        {
            const string Body = """{"id":"made","created_at":1710000000,"status":"in_progress","model":"midjourney_upscale"}""";
            var (listener, journal, requests) = (Bind(), TestFolder.NewFile(".jsonl"), 0);
            var run = StartThread(() =>
            {
                using var shell = new ModuleShell();
                return RunOnce(shell, AddressOf(listener), "", journal);
            });
            // On a thread of its own: the next try comes after a second or more, whether or not one of the pool is free.
            await StartThread(() =>
            {
                while (!run.IsCompleted && Journal.Events(journal).Length < 2) Thread.Sleep(5);
                listener.Listen();
                return AnswerAsync();
            });
            return (await run, Volatile.Read(ref requests));

            async Task AnswerAsync()
            {
                while (true)
                {
                    using var socket = await listener.AcceptAsync();
                    await RawServer.ReadRequestAsync(socket, CancellationToken.None);
                    Interlocked.Increment(ref requests);
                    await socket.SendAsync(System.Text.Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {Body.Length}\r\n\r\n{Body}"), SocketFlags.None);
                }
            }
        }

        private async Task ServeTlsAsync(Socket socket, X509Certificate2 certificate, CancellationToken end)
        {
            Interlocked.Increment(ref _handshakes);
            using var tls = new SslStream(new NetworkStream(socket));
            await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, end);
            Interlocked.Add(ref _received, await tls.ReadAsync(new byte[4096], end));
        }
    }
}
