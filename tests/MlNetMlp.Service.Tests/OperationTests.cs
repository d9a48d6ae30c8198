using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using MlNetMlp.Service.Tests.Support;

namespace MlNetMlp.Service.Tests;

/// <summary>What those who run the service look at: health, metrics, the description, and how it ends.</summary>
public sealed partial class OperationTests
{
    private const string Row = """{"District": "South", "Rooms": 5, "Age": 12}""";

    [Fact]
    public async Task Ready_OnlyWithAModel()
    {
        await using RunningService service = await RunningService.StartAsync(null);

        Assert.Equal(HttpStatusCode.OK, (await service.Client.GetAsync("health/live")).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await service.Client.GetAsync("health/ready")).StatusCode);
        await RunningService.ProblemAsync(await service.PostAsync(Row), HttpStatusCode.ServiceUnavailable);
        await RunningService.ProblemAsync(await service.Client.GetAsync("model"), HttpStatusCode.ServiceUnavailable);
        Assert.Equal(HttpStatusCode.OK, (await service.Client.GetAsync("openapi.json")).StatusCode);

        service.Replace(Models.Houses);
        await RunningService.Eventually(() => service.Holder.Current is not null, "The file is noticed.");

        Assert.StartsWith("Healthy", await service.Client.GetStringAsync("health/ready"), StringComparison.Ordinal);
        await service.ScoreAsync(Row);
    }

    [Fact]
    public async Task Stop_WithRequestsRunning_SaysSoAndLetsThemEnd()
    {
        await using RunningService service = await RunningService.StartAsync(Models.Houses, "Limits:DrainDelay=00:00:00.5");
        using var content = new UnfinishedContent(Row);
        Task<HttpResponseMessage> running = service.Client.PostAsync("score", content);
        await content.Begun;

        Task stop = service.App.StopAsync();

        // Not ready, and yet answering: a load balancer has time to look elsewhere.
        using HttpResponseMessage ready = await service.Client.GetAsync("health/ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Contains("about to end", await ready.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await service.ScoreAsync(Row);

        await RunningService.Eventually(() => !CanConnect(service), "It no longer listens.");
        Assert.False(stop.IsCompleted);
        content.Finish();
        Assert.Equal(HttpStatusCode.OK, (await running).StatusCode);
        await stop.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task OpenApi_NamesTheColumnsOfTheModel()
    {
        await using RunningService service = await RunningService.StartAsync(Models.Houses);

        JsonElement document = await service.Client.GetFromJsonAsync<JsonElement>("openapi.json");

        JsonElement schemas = document.GetProperty("components").GetProperty("schemas");
        JsonElement row = schemas.GetProperty("Row");
        Assert.Equal("string", row.GetProperty("properties").GetProperty("District").GetProperty("type").GetString());
        Assert.Equal(["number", "null"], row.GetProperty("properties").GetProperty("Rooms").GetProperty("type").EnumerateArray().Select(type =>
            type.GetString()));
        Assert.Equal(["District", "Rooms", "Age"], row.GetProperty("required").EnumerateArray().Select(name => name.GetString()));
        Assert.Equal("boolean", schemas.GetProperty("Answer").GetProperty("properties").GetProperty("PredictedLabel").GetProperty("type").GetString());
        foreach (Match reference in Reference().Matches(document.GetRawText()))
        {
            Assert.True(schemas.TryGetProperty(reference.Groups[1].Value, out _), reference.Value);
        }
    }

    [Fact]
    public async Task OpenApi_NamesTheClasses()
    {
        await using RunningService service = await RunningService.StartAsync(Models.FirstDigits);

        JsonElement schemas = (await service.Client.GetFromJsonAsync<JsonElement>("openapi.json")).GetProperty("components").GetProperty("schemas");

        Assert.Equal(64, schemas.GetProperty("Row").GetProperty("properties").GetProperty("Pixels").GetProperty("minItems").GetInt32());
        JsonElement score = schemas.GetProperty("Answer").GetProperty("properties").GetProperty("Score");
        Assert.Equal("0123456789", string.Concat(score.GetProperty("properties").EnumerateObject().Select(property => property.Name)));
    }

    [Fact]
    public async Task Metrics_CountWhatHappened()
    {
        await using RunningService service = await RunningService.StartAsync(Models.Houses, "Limits:MaximumRows=3", "Model:PollInterval=01:00:00");
        await service.ScoreAsync($"[{Row},{Row},{Row}]");
        await service.ScoreAsync(Row);
        await service.PostAsync("{}");
        await service.PostAsync($"[{Row},{Row},{Row},{Row}]");
        service.Replace(Models.FirstDigits);
        await service.Client.PostAsync("model/reload", null);
        File.Delete(service.ModelPath);
        await service.Client.PostAsync("model/reload", null);

        // A request is counted when its answer has left, which may be a moment later than it is read here.
        Dictionary<string, double> metrics = await MetricsAsync(service);
        for (int i = 0; metrics["mlnetmlp_service_request_duration_seconds_count"] < 4 && i < 100; i++)
        {
            await Task.Delay(10);
            metrics = await MetricsAsync(service);
        }

        Assert.Equal(4, metrics["mlnetmlp_service_request_duration_seconds_count"]);
        Assert.Equal(4, metrics["mlnetmlp_service_request_duration_seconds_bucket{le=\"+Inf\"}"]);
        Assert.Equal(2, metrics["mlnetmlp_service_requests_total{outcome=\"ok\"}"]);
        Assert.Equal(1, metrics["mlnetmlp_service_requests_total{outcome=\"bad_input\"}"]);
        Assert.Equal(1, metrics["mlnetmlp_service_requests_total{outcome=\"too_large\"}"]);
        Assert.Equal(4, metrics["mlnetmlp_service_rows_total"]);
        Assert.Equal(2, metrics["mlnetmlp_service_model_swaps_total{outcome=\"swapped\"}"]);
        Assert.Equal(1, metrics["mlnetmlp_service_model_swaps_total{outcome=\"refused\"}"]);
        Assert.InRange(metrics["mlnetmlp_service_model_age_seconds"], 0.0001, 60);
        Assert.True(metrics["dotnet_process_memory_working_set_bytes"] > 1e6);
    }

    /// <summary>Reads the text format, of which every line has to be one.</summary>
    private static async Task<Dictionary<string, double>> MetricsAsync(RunningService service)
    {
        string text = await service.Client.GetStringAsync("metrics");
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        var metrics = new Dictionary<string, double>();
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            Match sample = Sample().Match(line);
            Assert.True(sample.Success || Comment().IsMatch(line), line);
            if (sample.Success)
            {
                metrics.Add(sample.Groups[1].Value, double.Parse(sample.Groups[2].Value, CultureInfo.InvariantCulture));
            }
        }

        return metrics;
    }

    private static bool CanConnect(RunningService service)
    {
        using var client = new System.Net.Sockets.TcpClient();
        try
        {
            client.Connect(service.Address.Host, service.Address.Port);
            return true;
        }
        catch (System.Net.Sockets.SocketException)
        {
            return false;
        }
    }

    [GeneratedRegex("#/components/schemas/(\\w+)")]
    private static partial Regex Reference();

    [GeneratedRegex("^([a-zA-Z_:][a-zA-Z0-9_:]*(?:\\{[a-zA-Z_]\\w*=\"(?:[^\"\\\\]|\\\\.)*\"(?:,[a-zA-Z_]\\w*=\"(?:[^\"\\\\]|\\\\.)*\")*\\})?) (\\S+)$")]
    private static partial Regex Sample();

    [GeneratedRegex("^# (HELP [a-zA-Z_:][a-zA-Z0-9_:]* .*|TYPE [a-zA-Z_:][a-zA-Z0-9_:]* (counter|gauge|histogram))$")]
    private static partial Regex Comment();
}
