using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MlNetMlp.Hosting;

/// <summary>Healthy with a model in service, degraded if a later one was refused, and before there is one what the registration says.</summary>
internal sealed class MlpScoringHealthCheck(MlpScoring scoring) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (scoring.Current is not { } model)
        {
            return Task.FromResult(new HealthCheckResult(context.Registration.FailureStatus, $"There is no model yet. {scoring.Refusal}".TrimEnd()));
        }

        var data = new Dictionary<string, object> { ["version"] = model.Version, ["servedSince"] = model.ServedSince, ["checkedRows"] = model.CheckedRows };
        if (model is { ShareOfRowsOutside: { } rows, ShareOfSlotsOutside: { } slots })
        {
            (data["shareOfRowsOutside"], data["shareOfSlotsOutside"]) = (rows, slots);
        }

        return Task.FromResult(scoring.Refusal is { } refusal
            ? HealthCheckResult.Degraded($"Model {model.Version} stays in service. {refusal}", data: data)
            : HealthCheckResult.Healthy($"Model {model.Version} is in service.", data));
    }
}
