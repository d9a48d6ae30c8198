using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using MlNetMlp.Service.Tests.Support;

namespace MlNetMlp.Service.Tests;

/// <summary>What those who run the service look at: health, the description, and how it ends.</summary>
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
        await RunningService.ProblemAsync(await service.SendAsOperatorAsync(HttpMethod.Get, "model"), HttpStatusCode.ServiceUnavailable);
        Assert.Equal(HttpStatusCode.OK, (await service.Client.GetAsync("openapi.json")).StatusCode);

        service.Replace(Models.Houses);
        await RunningService.Eventually(() => service.Scoring.Current is not null, "The file is noticed.");

        Assert.StartsWith("Healthy", await service.Client.GetStringAsync("health/ready"), StringComparison.Ordinal);
        await service.ScoreAsync(Row);
    }

    [Fact]
    public async Task Stop_WithRequestsRunning_SaysSoAndLetsThemEnd()
    {
        await using RunningService service = await RunningService.StartAsync(Models.Houses, "Limits:DrainDelay=00:00:03");
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
        JsonElement types = row.GetProperty("properties").GetProperty("Rooms").GetProperty("type");
        Assert.Equal(["null", "number"], types.EnumerateArray().Select(type => type.GetString()).Order(StringComparer.Ordinal));
        Assert.Equal(["District", "Rooms", "Age"], row.GetProperty("required").EnumerateArray().Select(name => name.GetString()));
        Assert.Equal("boolean", schemas.GetProperty("Answer").GetProperty("properties").GetProperty("PredictedLabel").GetProperty("type").GetString());
        JsonElement body = document.GetProperty("paths").GetProperty("/score").GetProperty("post").GetProperty("requestBody").GetProperty("content");
        JsonElement oneRow = body.GetProperty("application/json").GetProperty("schema").GetProperty("oneOf")[0];
        Assert.Equal("#/components/schemas/Row", oneRow.GetProperty("$ref").GetString());
        Assert.Equal("3.1", document.GetProperty("openapi").GetString()![..3]);
        foreach (Match reference in Reference().Matches(document.GetRawText()))
        {
            Assert.True(schemas.TryGetProperty(reference.Groups[1].Value, out _), reference.Value);
        }
    }

    [Fact]
    public async Task OpenApi_OnlyTheOperatorsAddressesTakeAKey()
    {
        await using RunningService service = await RunningService.StartAsync(Models.Houses);

        JsonElement document = await service.Client.GetFromJsonAsync<JsonElement>("openapi.json");

        Assert.Equal("bearer", document.GetProperty("components").GetProperty("securitySchemes").GetProperty("Admin").GetProperty("scheme").GetString());
        Dictionary<string, bool> takesKey = document.GetProperty("paths").EnumerateObject().ToDictionary(
            path => path.Name, path => path.Value.EnumerateObject().Single().Value.TryGetProperty("security", out _));
        Assert.Equal(new Dictionary<string, bool> { ["/score"] = false, ["/model"] = true, ["/model/reload"] = true }, takesKey);
    }

    [Fact]
    public async Task OpenApi_AfterASwap_NamesTheColumnsOfTheNewModel()
    {
        await using RunningService service = await RunningService.StartAsync(Models.FirstDigits, "Model:AllowOtherColumns=true");
        await service.Client.GetStringAsync("openapi.json");
        service.Replace(Models.Houses);
        Assert.Equal(HttpStatusCode.OK, (await service.ReloadAsync()).StatusCode);

        JsonElement document = await service.Client.GetFromJsonAsync<JsonElement>("openapi.json");

        Assert.True(document.GetProperty("components").GetProperty("schemas").GetProperty("Row").GetProperty("properties").TryGetProperty("District", out _));
        Assert.Equal(service.Scoring.Current!.Version, document.GetProperty("info").GetProperty("version").GetString());
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
}
