using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Service;

/// <summary>The metrics of the model, of ASP.NET Core and of the runtime, for Prometheus, and with traces for a collector of OpenTelemetry.</summary>
internal static class Telemetry
{
    /// <summary>The name of the meter, and of the source of activities, of the package MlNetMlp.Hosting.</summary>
    private const string Scoring = "MlNetMlp.Hosting";

    // The network scores a row in less than a millisecond, where ASP.NET Core's own boundaries begin with five.
    private static readonly double[] _seconds =
        [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    /// <summary>
    /// <c>GET /metrics</c> in the format of Prometheus; and where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> names a collector, metrics and traces are sent there too,
    /// as OpenTelemetry's other variables say.
    /// </summary>
    public static void AddTelemetry(this WebApplicationBuilder builder) => builder.Services.AddOpenTelemetry()
        .ConfigureResource(resource => resource.AddService(builder.Configuration["OTEL_SERVICE_NAME"] ?? "MlNetMlp.Service"))
        .WithMetrics(metrics =>
        {
            metrics.AddMeter(Scoring, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime")
                .AddView("http.server.request.duration", new ExplicitBucketHistogramConfiguration { Boundaries = _seconds })
                .AddPrometheusExporter();
            if (!string.IsNullOrEmpty(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
            {
                metrics.AddOtlpExporter();
            }
        })
        .WithTracing(traces =>
        {
            if (!string.IsNullOrEmpty(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
            {
                traces.AddSource(Scoring, "Microsoft.AspNetCore").AddOtlpExporter();
            }
        });
}
