using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Service;

/// <summary>Says whether the service is about to end, so that requests should no longer come here.</summary>
/// <remarks>
/// When the service is told to end, it first says no here and goes on answering for <see cref="LimitOptions.DrainDelay"/>, so that a load balancer
/// can look elsewhere. Only then does the server stop listening, wait for running requests, and exit.
/// </remarks>
internal sealed class Readiness(IOptions<LimitOptions> limits, TimeProvider clock) : IHealthCheck, IHostedLifecycleService
{
    private volatile bool _isDraining;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(_isDraining ? HealthCheckResult.Unhealthy("The service is about to end.") : HealthCheckResult.Healthy());

    /// <summary>Comes before the server stops listening, and holds that up.</summary>
    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        _isDraining = true;
        return Task.Delay(limits.Value.DrainDelay, clock, cancellationToken);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The state and its reason as a line of text.</summary>
    public static Task WriteAsync(HttpContext context, HealthReport report)
    {
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync($"{report.Status}: {string.Join(' ', report.Entries.Values.Select(entry => entry.Description).OfType<string>())}\n");
    }
}
