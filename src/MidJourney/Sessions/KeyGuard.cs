using System.Collections;
using System.Management.Automation;
using MidJourney.Gateway;
using MidJourney.Journal;
using MidJourney.Parameters;

namespace MidJourney.Sessions;

/// <summary>Finds the API key, the session's or the environment's, where a user passed it by mistake.</summary>
internal sealed class KeyGuard
{
    /// <summary>Deeper than any parameter of the gateway.</summary>
    private const int MaxDepth = 8;

    private readonly GatewayClient? _client;
    private readonly GatewayClient[] _clients;
    private readonly string? _key;
    private readonly Func<string, string>? _redactor;

    /// <param name="session">The session in use; null if there is none yet.</param>
    /// <param name="others">Other sessions in use.</param>
    public KeyGuard(MJSession? session, params MJSession[] others)
    {
        _client = session?.Client;
        _clients = [.. others.Prepend(session).OfType<MJSession>().Select(s => s.Client).Distinct()];
        if (SessionEnvironment.ApiKey is not { } key || _clients.Any(c => c.Uses(key))) return;
        (_key, _redactor) = (key, ApiKey.RedactorOf(key));
    }

    /// <summary>A text as it may be shown.</summary>
    public string Redact(string text)
    {
        var shown = _clients.Aggregate(text, (t, client) => client.Redact(t));
        return _redactor is null ? shown : _redactor(shown);
    }

    /// <summary>JSON as the journal holds it: without the session's key, or without the environment's if there is no session.</summary>
    public byte[] RedactJson(byte[] json) => _client?.RedactJson(json) ?? (_key is null ? json : ApiKey.RedactJson(_key, json));

    /// <summary>The account of the environment's key in a journal; null if there is no key, or if the journal has no salt yet.</summary>
    public string? AccountIn(TaskJournal journal) => _key is { } key ? journal.AccountOf(salt => ApiKey.Fingerprint(key, salt.ToByteArray())) : null;

    /// <summary>Whether a value is the key, or contains it.</summary>
    public bool IsIn(object? value) => IsIn(value, 0);

    /// <summary>The target of an error without the key. Everything else stays as it is, because it may be piped in again.</summary>
    public object? Hide(object? target) => !IsIn(target) ? target : PSValue.Unwrap(target) switch
    {
        string text => Redact(text),
        string?[] texts => Array.ConvertAll(texts, t => (string?)Hide(t)),
        MJTask task => new MJTask { Id = Redact(task.Id) },
        PSObject { BaseObject: PSCustomObject } record => HideIn(record),
        _ => null,
    };

    /// <summary>An error without the key; the same one where it is not in it.</summary>
    public ErrorRecord Redact(ErrorRecord record)
    {
        var (exception, target) = (Redact(record.Exception), Hide(record.TargetObject));
        return ReferenceEquals(exception, record.Exception) && ReferenceEquals(target, record.TargetObject) ? record : ErrorCatalog.Record(exception, target);
    }

    private Exception Redact(Exception exception)
    {
        var isClean = true;
        for (var inner = exception; inner is not null; inner = inner.InnerException) isClean &= Redact(inner.Message) == inner.Message;
        if (isClean) return exception;
        var message = Redact(exception.Message);
        return exception switch
        {
            GatewayException e => new GatewayException(e.Kind, message)
            {
                Error = e.Error,
                HttpStatus = e.HttpStatus,
                RetryAfter = e.RetryAfter,
                IsTransient = e.IsTransient,
                IsRead = e.IsRead,
                ProbableTaskId = e.ProbableTaskId,
                SubmissionId = e.SubmissionId,
            },
            CommandException e => new CommandException(e.ErrorId, message) { Advice = e.Advice },
            _ => new CommandException(ErrorIds.Of(GatewayErrorKind.Unexpected), message),
        };
    }

    private PSObject HideIn(PSObject record)
    {
        var shown = new PSObject();
        foreach (var property in record.Properties.Where(p => p.IsGettable)) shown.Properties.Add(new PSNoteProperty(property.Name, Hide(property.Value)));
        return shown;
    }

    private bool IsIn(object? value, int depth) => depth < MaxDepth && PSValue.Unwrap(value) switch
    {
        null => false,
        string text => IsIn(text),
        Uri address => IsIn(address.OriginalString),
        MJTask task => IsIn(task.Id),
        MJMask mask => mask.Url is not null && IsIn(mask.Url),
        KeyValuePair<string, object?> field => IsIn(field.Key) || IsIn(field.Value, depth + 1),
        IDictionary table => table.Keys.Cast<object>().Any(k => IsIn(k, depth + 1) || IsIn(table[k], depth + 1)),
        IEnumerable<KeyValuePair<string, object?>> fields => fields.Any(f => IsIn(f, depth + 1)),
        IList list => list.Cast<object?>().Any(item => IsIn(item, depth + 1)),
        PSObject { BaseObject: PSCustomObject } record => record.Properties.Where(p => p is PSNoteProperty).Any(p => IsIn(p.Value, depth + 1)),
        _ => false,
    };

    private bool IsIn(string text) => _clients.Any(c => c.Holds(text)) || (_key is not null && ApiKey.IsIn(_key, text));
}
