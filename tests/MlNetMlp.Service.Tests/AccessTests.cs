using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using MlNetMlp.Hosting;
using MlNetMlp.Service.Tests.Support;
using Service;

namespace MlNetMlp.Service.Tests;

/// <summary>Who gets an answer to what: names of the service, the operator's key, pages of other sites.</summary>
public sealed class AccessTests
{
    [Theory]
    [InlineData("GET", "model")]
    [InlineData("POST", "model/reload")]
    [InlineData("GET", "metrics")]
    public async Task OperatorsAddress_WithoutTheKey_Is401(string method, string path)
    {
        await using RunningService service = await RunningService.StartAsync(Models.FirstDigits, "Model:PollInterval=01:00:00");
        ServedModel model = service.Scoring.Current!;
        service.Replace(Models.OtherDigits);

        foreach (string? authorization in new[]
        {
            null, "Bearer", "Bearer a key", $"Bearer {RunningService.AdminKey}.", $"Basic {RunningService.AdminKey}", RunningService.AdminKey,
        })
        {
            var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = method == "POST" ? RunningService.Json("") : null };
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
            using HttpResponseMessage response = await service.Client.SendAsync(request);

            JsonElement problem = await RunningService.ProblemAsync(response, HttpStatusCode.Unauthorized);
            Assert.Contains("Admin:Key", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
            Assert.Equal("Bearer", response.Headers.WwwAuthenticate.Single().Scheme);
        }

        Assert.Same(model, service.Scoring.Current);
        using HttpResponseMessage answer = await service.SendAsOperatorAsync(new HttpMethod(method), path, method == "POST" ? RunningService.Json("") : null);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("Bearer ")]
    [InlineData("Bearer")]
    [InlineData(null)]
    public async Task OperatorsAddress_NoKeyIsSet_IsClosed(string? authorization)
    {
        await using RunningService service = await RunningService.StartAsync(Models.FirstDigits, "Admin:Key=");
        var request = new HttpRequestMessage(HttpMethod.Get, "model");
        request.Headers.TryAddWithoutValidation("Authorization", authorization);

        using HttpResponseMessage response = await service.Client.SendAsync(request);

        await RunningService.ProblemAsync(response, HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("POST", "score")]
    [InlineData("POST", "model/reload")]
    [InlineData("GET", "metrics")]
    [InlineData("GET", "health/live")]
    [InlineData("GET", "openapi.json")]
    public async Task AnyAddress_ByANameThatIsNotTheServices_Is400(string method, string path)
    {
        await using RunningService service = await RunningService.StartAsync(Models.FirstDigits);
        var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = method == "POST" ? RunningService.Json(Digit.All[0].Json) : null };
        request.Headers.Host = "evil.example";
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", RunningService.AdminKey);

        using HttpResponseMessage response = await service.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task AnyAddress_ByANameOfTheSettings_IsAnswered()
    {
        await using RunningService service = await RunningService.StartAsync(Models.FirstDigits, "AllowedHosts=digits.example;127.0.0.1");
        var request = new HttpRequestMessage(HttpMethod.Get, "health/live");
        request.Headers.Host = "digits.example";

        using HttpResponseMessage response = await service.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("text/plain")] // what a form of another site can send
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData(null)]
    public async Task Reload_NotSaidToBeJson_Is415AndChangesNothing(string? contentType)
    {
        await using RunningService service = await RunningService.StartAsync(Models.FirstDigits, "Model:PollInterval=01:00:00");
        ServedModel model = service.Scoring.Current!;
        service.Replace(Models.OtherDigits);
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes("{}"));
        content.Headers.ContentType = contentType is null ? null : new MediaTypeHeaderValue(contentType);

        using HttpResponseMessage response = await service.SendAsOperatorAsync(HttpMethod.Post, "model/reload", content);

        await RunningService.ProblemAsync(response, HttpStatusCode.UnsupportedMediaType);
        Assert.Same(model, service.Scoring.Current);
    }

    [Fact]
    public async Task Score_ScriptOfAnotherSite_IsNotAllowedToSendJson()
    {
        await using RunningService service = await RunningService.StartAsync(Models.FirstDigits);
        var question = new HttpRequestMessage(HttpMethod.Options, "score");
        question.Headers.Add("Origin", "http://evil.example");
        question.Headers.Add("Access-Control-Request-Method", "POST");
        question.Headers.Add("Access-Control-Request-Headers", "content-type");

        using HttpResponseMessage response = await service.Client.SendAsync(question);

        Assert.False(response.IsSuccessStatusCode);
        Assert.DoesNotContain(response.Headers, header => header.Key.StartsWith("Access-Control-Allow", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("", HttpStatusCode.OK)]
    [InlineData("docs/", HttpStatusCode.OK)]
    [InlineData("openapi.json", HttpStatusCode.OK)]
    [InlineData("health/ready", HttpStatusCode.OK)]
    [InlineData("nothing", HttpStatusCode.NotFound)]
    [InlineData("model", HttpStatusCode.Unauthorized)]
    public async Task AnyAnswer_HasTheHeadersThatKeepABrowserSafe(string path, HttpStatusCode status)
    {
        await using RunningService service = await RunningService.StartAsync(Models.FirstDigits);

        using HttpResponseMessage response = await service.Client.GetAsync(path);

        Assert.Equal(status, response.StatusCode);
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("no-referrer", Assert.Single(response.Headers.GetValues("Referrer-Policy")));
        Assert.Equal("same-origin", Assert.Single(response.Headers.GetValues("Cross-Origin-Resource-Policy")));
        string policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'self'", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.False(response.Headers.Contains("Server"));
    }
}
