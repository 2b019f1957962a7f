using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using MidJourney.Json;

namespace MidJourney.Gateway;

/// <summary>What answered one read of a task that cannot exist.</summary>
internal sealed record GatewayProbe
{
    /// <summary>The characters of the gateway's ids (contract: a job id is not a task id).</summary>
    private const string Digits = "0123456789abcdefghijklmnopqrstuv";

    public required ProbeOutcome Outcome { get; init; }

    /// <summary>What came, or why nothing came: part of a sentence.</summary>
    public required string Cause { get; init; }

    /// <summary>Why the key is refused.</summary>
    public GatewayErrorKind Kind { get; init; }

    /// <summary>How far this machine's clock is ahead of the one that answered; null if that told no time.</summary>
    public TimeSpan? ClockAhead { get; init; }

    /// <summary>
    /// An id in the form of the gateway's, which begin with the time of the create: this one's is 1970. The rest is random, so that no cache has the answer.
    /// </summary>
    public static string NewId()
    {
        var random = new byte[13];
        using var source = RandomNumberGenerator.Create();
        source.GetBytes(random);
        // The last character of 96 bits has one bit.
        return "0000000" + string.Concat(random.Take(12).Select(b => Digits[b % 32])) + (random[12] % 2 == 0 ? '0' : 'g');
    }

    public static GatewayProbe Of(TransportException fault) => new()
    {
        Outcome = fault.IsProxyRefusal ? ProbeOutcome.ProxyRefused : fault.IsUntrusted ? ProbeOutcome.TlsFailed
            : fault.TimedOut ? ProbeOutcome.TimedOut : fault.IsNameUnknown ? ProbeOutcome.NameUnknown : ProbeOutcome.NotConnected,
        Cause = fault.Message,
    };

    public static GatewayProbe Of(GatewayResponse response, Uri baseUri)
    {
        var (outcome, cause) = (ProbeOutcome.NotTheGateway, ClientMessages.WithoutJson(response.Status));
        if (response.Status == 407) (outcome, cause) = (ProbeOutcome.ProxyRefused, ClientMessages.ProxyRefused());
        else if (response.Status is >= 300 and < 400) (outcome, cause) = (ProbeOutcome.Redirected, ClientMessages.Redirected(baseUri, response.ShownLocation));
        else if (response.BodyFault is { } broken) (outcome, cause) = (ProbeOutcome.NotConnected, ClientMessages.ResponseCutOff(broken));
        else if (response.Status >= 500) (outcome, cause) = (ProbeOutcome.Failing, ClientMessages.HttpStatus(response.Status, ErrorOf(response)));
        else if (TaskReader.TryParse(response.Body, response.Key, null, out var wire)) return OfJson(response.Status, wire);
        else if (ErrorReader.IsPage(response.Body, response.ContentType)) cause = ClientMessages.WithPage(response.Status, ErrorOf(response));
        return new GatewayProbe { Outcome = outcome, Cause = cause };
    }

    private static MJError? ErrorOf(GatewayResponse response) => ErrorReader.Read(response.Body, response.ContentType, response.Key);

    private static GatewayProbe OfJson(int http, WireTask wire)
    {
        var isSuccess = http is >= 200 and < 300;
        var error = isSuccess ? ErrorReader.ReadClear(wire) : ErrorReader.Read(wire);
        // A gateway may send the status in an envelope, with 200.
        var status = isSuccess && error is not null ? ErrorKinds.StatusOf(error) ?? http : http;
        if (isSuccess && error is null) return new GatewayProbe { Outcome = ProbeOutcome.NotTheGateway, Cause = ClientMessages.WithImpossibleTask(http) };
        var kind = ErrorKinds.Of(status, error);
        var isRefused = kind == GatewayErrorKind.Unauthorized || status is 401 or 402 or 403;
        return new GatewayProbe
        {
            Outcome = isRefused ? ProbeOutcome.KeyRefused : status == 404 ? ProbeOutcome.KeyAccepted : ProbeOutcome.KeyUnclear,
            Cause = ClientMessages.HttpStatus(http, error),
            Kind = kind,
        };
    }
}

/// <summary>What the answer to the read says.</summary>
internal enum ProbeOutcome
{
    NameUnknown,
    NotConnected,
    TimedOut,
    TlsFailed,

    /// <summary>The proxy requires a user, or does not accept its user.</summary>
    ProxyRefused,
    Redirected,

    /// <summary>Something else answers, as with a wrong address: a web page, no JSON, or a task that cannot exist.</summary>
    NotTheGateway,

    /// <summary>5xx.</summary>
    Failing,
    KeyRefused,
    KeyAccepted,

    /// <summary>The gateway answers, but its answer is not about the key.</summary>
    KeyUnclear,
}

/// <summary>Compares this machine's clock with the one that answered.</summary>
internal static class ClockDifference
{
    private static readonly TimeSpan Resolution = TimeSpan.FromSeconds(1);

    /// <summary>The <c>Date</c> header; null if it is missing or not a date.</summary>
    public static DateTimeOffset? DateOf(HttpResponseHeaders headers) =>
        headers.TryGetValues("Date", out var values)
        && DateTimeOffset.TryParseExact(string.Join(",", values).Trim(), "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) ? date : null;

    /// <summary>How far this clock is ahead, at least: the response was made at an unknown moment between the two.</summary>
    public static TimeSpan Ahead(DateTimeOffset date, DateTimeOffset sent, DateTimeOffset received)
    {
        // The header has whole seconds.
        if (sent - date > Resolution) return sent - date - Resolution;
        return received < date ? received - date : TimeSpan.Zero;
    }
}
