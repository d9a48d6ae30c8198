using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using MlNetMlp.Service.Tests.Support;

namespace MlNetMlp.Service.Tests;

/// <summary>What is counted, for Prometheus and for a collector of OpenTelemetry.</summary>
[Collection(nameof(MetricsTests))]
public sealed partial class MetricsTests
{
    private const string Row = """{"District": "South", "Rooms": 5, "Age": 12}""";

    [Fact]
    public async Task Metrics_CountWhatHappened()
    {
        await using RunningService service = await RunningService.StartAsync(Models.Houses, "Limits:MaximumRows=3", "Model:PollInterval=01:00:00",
            "Model:AllowOtherColumns=true");
        await service.ScoreAsync($"[{Row},{Row},{Row}]");
        await service.ScoreAsync(Row);
        await service.PostAsync("{}");
        await service.PostAsync($"[{Row},{Row},{Row},{Row}]");
        service.Replace(Models.FirstDigits);
        await service.ReloadAsync();
        File.Delete(service.ModelPath);
        await service.ReloadAsync();

        // A request is counted when its answer has left, and a scrape is kept for a moment.
        Dictionary<string, double> metrics = await MetricsAsync(service);
        for (int i = 0; Requests(metrics, "/score").Sum() + Requests(metrics, "/model/reload").Sum() < 6 && i < 100; i++)
        {
            await Task.Delay(50);
            metrics = await MetricsAsync(service);
        }

        Assert.Equal([2, 1, 1], Requests(metrics, "/score", 200, 400, 413));
        Assert.Equal([1, 1], Requests(metrics, "/model/reload", 200, 409));
        Assert.Equal(2, One(metrics, "http_server_request_duration_seconds_bucket", "http_route=\"/score\"", "code=\"200\"", "le=\"+Inf\""));
        Assert.InRange(One(metrics, "http_server_request_duration_seconds_bucket", "http_route=\"/score\"", "code=\"200\"", "le=\"0.00025\""), 0, 2);
        // The rows of a request that is refused because of a later one have been scored.
        Assert.Equal(7, All(metrics, "mlnetmlp_scoring_rows_total").Sum() - One(metrics, "mlnetmlp_scoring_rows_total", "error_type=\"invalid_row\""));
        Assert.Equal(1, One(metrics, "mlnetmlp_scoring_rows_total", "error_type=\"invalid_row\""));
        Assert.Equal(7, One(metrics, "mlnetmlp_scoring_duration_seconds_count"));
        Assert.Equal(2, All(metrics, "mlnetmlp_model_reloads_total").Sum() - One(metrics, "mlnetmlp_model_reloads_total", "error_type=\"unreadable\""));
        Assert.Equal(1, One(metrics, "mlnetmlp_model_reloads_total", "error_type=\"unreadable\""));
        Assert.InRange(One(metrics, "mlnetmlp_model_age_seconds"), 0.0001, 60);
        Assert.True(One(metrics, "dotnet_process_memory_working_set_bytes") > 1e6);
        Assert.DoesNotContain(metrics.Keys, name => name.Contains("/metrics", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Metrics_CollectorIsNamed_GetsThem()
    {
        var received = new ConcurrentQueue<string>();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        await using WebApplication collector = builder.Build();
        collector.Urls.Add("http://127.0.0.1:0");
        collector.MapPost("/v1/metrics", async (HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            received.Enqueue(Encoding.Latin1.GetString(body.ToArray()));
        });
        await collector.StartAsync();

        await using RunningService service = await RunningService.StartAsync(Models.Houses, $"OTEL_EXPORTER_OTLP_ENDPOINT={collector.Urls.Single()}",
            "OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf", "OTEL_METRIC_EXPORT_INTERVAL=100", "OTEL_SERVICE_NAME=houses");
        await service.ScoreAsync(Row);

        // Names are texts in protobuf too.
        await RunningService.Eventually(() => received.Any(text => text.Contains("mlnetmlp.scoring.rows", StringComparison.Ordinal)
            && text.Contains("http.server.request.duration", StringComparison.Ordinal) && text.Contains("houses", StringComparison.Ordinal)),
            "The collector gets the metrics.");
    }

    /// <summary>How often an address was answered: with each status that is given, or with any.</summary>
    private static IEnumerable<double> Requests(Dictionary<string, double> metrics, string route, params int[] statuses) => statuses.Length == 0
        ? All(metrics, "http_server_request_duration_seconds_count", $"http_route=\"{route}\"")
        : statuses.Select(status => One(metrics, "http_server_request_duration_seconds_count", $"http_route=\"{route}\"", $"code=\"{status}\""));

    private static double One(Dictionary<string, double> metrics, string name, params string[] labels) => Assert.Single(All(metrics, name, labels));

    private static IEnumerable<double> All(Dictionary<string, double> metrics, string name, params string[] labels) => metrics
        .Where(metric => metric.Key.Split('{')[0] == name && labels.All(label => metric.Key.Contains(label, StringComparison.Ordinal)))
        .Select(metric => metric.Value);

    /// <summary>Reads the text format, of which every line has to be one.</summary>
    private static async Task<Dictionary<string, double>> MetricsAsync(RunningService service)
    {
        using HttpResponseMessage response = await service.SendAsOperatorAsync(HttpMethod.Get, "metrics");
        Assert.Equal("text/plain", response.Content.Headers.ContentType?.MediaType);
        string text = await response.Content.ReadAsStringAsync();
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        var metrics = new Dictionary<string, double>();
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            Match sample = Sample().Match(line);
            Assert.True(sample.Success || line[0] == '#', line);
            if (sample.Success)
            {
                metrics.Add(sample.Groups[1].Value, double.Parse(sample.Groups[2].Value, CultureInfo.InvariantCulture));
            }
        }

        return metrics;
    }

    [GeneratedRegex("^([a-zA-Z_:][a-zA-Z0-9_:]*(?:\\{[a-zA-Z_]\\w*=\"(?:[^\"\\\\]|\\\\.)*\"(?:,[a-zA-Z_]\\w*=\"(?:[^\"\\\\]|\\\\.)*\")*\\})?) (\\S+)")]
    private static partial Regex Sample();

    /// <summary>OpenTelemetry listens to meters by name, whichever service of the process they belong to: no other one runs meanwhile.</summary>
    [CollectionDefinition(nameof(MetricsTests), DisableParallelization = true)]
    public sealed class Alone;
}
