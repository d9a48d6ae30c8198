using Microsoft.Extensions.Options;

namespace Service;

/// <summary>The section <c>Limits</c> of the settings: what a request may cost, and how the service ends.</summary>
internal sealed class LimitOptions : IValidateOptions<LimitOptions>
{
    public const string Section = "Limits";

    /// <summary>The rows of a request; more are answered with 413.</summary>
    public int MaximumRows { get; set; } = 1_000;

    /// <summary>The bytes of a request's body; more are answered with 413.</summary>
    public int MaximumBodyBytes { get; set; } = 1 << 20;

    /// <summary>The requests that are scored at the same time; those beyond are answered with 429 at once.</summary>
    public int MaximumConcurrentRequests { get; set; } = 64;

    /// <summary>The time for a request, from its first to its last byte; longer ones are answered with 504.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long the service answers requests after it was told to end, while <c>/health/ready</c> already says no and the load balancer
    /// looks elsewhere.
    /// </summary>
    public TimeSpan DrainDelay { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long running requests have to come to their end after that.</summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(30);

    public ValidateOptionsResult Validate(string? name, LimitOptions options)
    {
        var check = new SettingsCheck(Section);
        check.Range(options.MaximumRows, 1, 1_000_000, nameof(MaximumRows));
        check.Range(options.MaximumBodyBytes, 2, 1 << 30, nameof(MaximumBodyBytes));
        check.Range(options.MaximumConcurrentRequests, 1, 100_000, nameof(MaximumConcurrentRequests));
        check.Range(options.Timeout, TimeSpan.FromMilliseconds(10), TimeSpan.FromHours(1), nameof(Timeout));
        check.Range(options.DrainDelay, TimeSpan.Zero, TimeSpan.FromHours(1), nameof(DrainDelay));
        check.Range(options.DrainTimeout, TimeSpan.Zero, TimeSpan.FromHours(1), nameof(DrainTimeout));
        return check.Result;
    }
}
