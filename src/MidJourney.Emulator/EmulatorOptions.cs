namespace MidJourney.Emulator;

/// <summary>How the emulator runs; README.md says more. Options with a setter can change while it runs.</summary>
public sealed class EmulatorOptions
{
    public string Host { get; init; } = "127.0.0.1"; // an IP address or localhost
    public int Port { get; init; } // 0 takes a free one
    public string Prefix { get; init; } = "";
    public int Seed { get; init; } = 1;

    /// <summary>The clock of tasks, limits and delays.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>How many of the last requests <see cref="GatewayEmulator.Requests"/> keeps; 0 keeps none.</summary>
    public int RequestLogSize { get; init; } = 4096;

    /// <summary>Whether kept requests include headers and bodies.</summary>
    public bool RecordDetails { get; set; }

    public string ApiKey { get; set; } = "test";
    public TaskDuration TaskDuration { get; set; } = TaskDuration.Fixed(TimeSpan.FromSeconds(2));
    public TimeSpan AnswerDelay { get; set; } // a create takes effect before it
    public int MaxRequestsPerSecond { get; set; } // 0: no limit
    public int MaxOutstanding { get; set; } // 0: no limit
    public string? RetryAfter { get; set; }
    public IReadOnlyCollection<string> OtherModels { get; set; } = ["midjourney_pan", "midjourney_enhance"];
    public bool StrictJobs { get; set; }

    /// <summary>Of tasks to come, by model or <c>model:type</c> (or mode, or scale), such as <c>midjourney_upscale:1</c>.</summary>
    public IReadOnlyDictionary<string, Price> Prices { get; set; } = new Dictionary<string, Price>();

    public string Currency { get; set; } = "USD"; // of tasks to come, estimates and bills

    /// <summary>The status that answers precharge and bill as by a gateway that does not offer them, such as 404; 200 is an HTML page, 0 offers them.</summary>
    public int NotOffered { get; set; }

    public bool BillFailed { get; set; } // failed tasks cost as much as completed ones, and say so; for tasks to come

    /// <summary>The body of the emulator's own errors (400, 401, 404, 429).</summary>
    public BodyStyle ErrorBody { get; set; }

    /// <summary>The price that was set for this kind of work, or for its model.</summary>
    internal Price? PriceOf(WorkKind kind) =>
        Prices.TryGetValue(kind.ToString(), out var price) || Prices.TryGetValue(kind.Model, out price) ? price : null;
}

/// <summary>Options to change while the emulator runs; null changes nothing.</summary>
public sealed record OptionChanges
{
    public string? ApiKey { get; init; }
    public TaskDuration? Duration { get; init; }
    public TimeSpan? AnswerDelay { get; init; }
    public int? MaxRequestsPerSecond { get; init; }
    public int? MaxOutstanding { get; init; }
    public string? RetryAfter { get; init; } // an empty text removes the header
    public IReadOnlyList<string>? OtherModels { get; init; } // in place of those before
    public bool? StrictJobs { get; init; }
    public IReadOnlyDictionary<string, Price>? Prices { get; init; } // in place of those before
    public string? Currency { get; init; }
    public bool? BillFailed { get; init; }
    public int? NotOffered { get; init; }
    public BodyStyle? ErrorBody { get; init; }
    public bool? RecordDetails { get; init; }

    internal void ApplyTo(EmulatorOptions options)
    {
        options.ApiKey = ApiKey ?? options.ApiKey;
        options.TaskDuration = Duration ?? options.TaskDuration;
        options.AnswerDelay = AnswerDelay ?? options.AnswerDelay;
        options.MaxRequestsPerSecond = MaxRequestsPerSecond ?? options.MaxRequestsPerSecond;
        options.MaxOutstanding = MaxOutstanding ?? options.MaxOutstanding;
        options.RetryAfter = RetryAfter is null ? options.RetryAfter : RetryAfter.Length > 0 ? RetryAfter : null;
        options.OtherModels = OtherModels ?? options.OtherModels;
        options.StrictJobs = StrictJobs ?? options.StrictJobs;
        options.Prices = Prices ?? options.Prices;
        options.Currency = Currency ?? options.Currency;
        options.BillFailed = BillFailed ?? options.BillFailed;
        options.NotOffered = NotOffered ?? options.NotOffered;
        options.ErrorBody = ErrorBody ?? options.ErrorBody;
        options.RecordDetails = RecordDetails ?? options.RecordDetails;
    }
}
