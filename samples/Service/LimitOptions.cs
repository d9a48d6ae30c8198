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

    /// <summary>The connections that are open at the same time, whatever they do; those beyond are closed at once.</summary>
    public int MaximumConnections { get; set; } = 500;

    /// <summary>
    /// The bytes per second that a body has to arrive with, and an answer to be read with, after five seconds; slower ones are broken off, a body with 408.
    /// </summary>
    public int MinimumBytesPerSecond { get; set; } = 1_000;

    /// <summary>The requests that are scored at the same time; those beyond are answered with 429 at once. Those that still arrive do not count.</summary>
    public int MaximumConcurrentRequests { get; set; } = 64;

    /// <summary>
    /// The time for a request, from its first byte to the last one of the answer. One whose body has not arrived by then is answered with 408,
    /// one that has not been scored with 504.
    /// </summary>
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
        check.Range(options.MaximumConnections, 1, 100_000, nameof(MaximumConnections));
        check.Range(options.MinimumBytesPerSecond, 1, 1 << 30, nameof(MinimumBytesPerSecond));
        check.Range(options.MaximumConcurrentRequests, 1, 100_000, nameof(MaximumConcurrentRequests));
        check.Range(options.Timeout, TimeSpan.FromMilliseconds(10), TimeSpan.FromHours(1), nameof(Timeout));
        check.Range(options.DrainDelay, TimeSpan.Zero, TimeSpan.FromHours(1), nameof(DrainDelay));
        check.Range(options.DrainTimeout, TimeSpan.Zero, TimeSpan.FromHours(1), nameof(DrainTimeout));
        return check.Result;
    }
}
