using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Service;

/// <summary>The metrics of the service, of ASP.NET Core and of the runtime, for Prometheus and for a collector of OpenTelemetry.</summary>
internal static class Telemetry
{
    // The network scores a row in less than a millisecond, where ASP.NET Core's own boundaries begin with five.
    private static readonly double[] _seconds =
        [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    /// <summary>
    /// <c>GET /metrics</c> in the format of Prometheus; and where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> names a collector, metrics are sent there too,
    /// as OpenTelemetry's other variables say.
    /// </summary>
    public static void AddTelemetry(this WebApplicationBuilder builder) => builder.Services.AddOpenTelemetry()
        .ConfigureResource(resource => resource.AddService(builder.Configuration["OTEL_SERVICE_NAME"] ?? ServiceMetrics.MeterName))
        .WithMetrics(metrics =>
        {
            metrics.AddMeter(ServiceMetrics.MeterName, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime")
                .AddView("http.server.request.duration", new ExplicitBucketHistogramConfiguration { Boundaries = _seconds })
                .AddPrometheusExporter();
            if (!string.IsNullOrEmpty(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
            {
                metrics.AddOtlpExporter();
            }
        });
}
