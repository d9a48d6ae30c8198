using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MlNetMlp.Hosting;
using Service;

namespace MlNetMlp.Service.Tests.Support;

/// <summary>The sample, running in this process behind a real server on a free port, with a folder of its own for its model.</summary>
internal sealed class RunningService : IAsyncDisposable
{
    /// <summary>The operator's key of every service here.</summary>
    public const string AdminKey = "a key for these tests";

    private readonly DirectoryInfo _folder;

    private RunningService(WebApplication app, DirectoryInfo folder)
    {
        App = app;
        _folder = folder;
        Client = new HttpClient { BaseAddress = Address };
        app.Services.GetRequiredService<ILoggerFactory>().AddProvider(Log);
    }

    public WebApplication App { get; }

    /// <summary>A client without the operator's key.</summary>
    public HttpClient Client { get; }

    /// <summary>The warnings and errors since the start.</summary>
    public LogRecorder Log { get; } = new();

    public Uri Address => new(App.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    public string ModelPath => Path.Combine(_folder.FullName, "model.zip");

    public MlpScoring Scoring => App.Services.GetRequiredService<MlpScoring>();

    /// <summary>Starts it and waits for its model.</summary>
    /// <param name="model">The file in its folder; null: there is none, none is trained, and nobody waits.</param>
    /// <param name="settings">Settings such as <c>Limits:MaximumRows=2</c>.</param>
    public static async Task<RunningService> StartAsync(byte[]? model, params string[] settings)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("mlnetmlp");
        string path = Path.Combine(folder.FullName, "model.zip");
        if (model is not null)
        {
            await File.WriteAllBytesAsync(path, model);
        }

        string[] own = ["urls=http://127.0.0.1:0", $"Model:Path={path}", "FirstModel:TrainIfMissing=false", "Model:PollInterval=00:00:00.02",
            "Limits:DrainDelay=0:0:0", $"Admin:Key={AdminKey}", "Logging:LogLevel:Default=Warning", "Logging:Console:LogLevel:Default=None"];
        WebApplication app = Program.Build([.. own.Concat(settings).Select(setting => "--" + setting)]);
        await app.StartAsync();
        var service = new RunningService(app, folder);
        if (model is not null)
        {
            await Eventually(() => service.Scoring.Current is not null, "The model is in service.");
        }

        return service;
    }

    /// <summary>Waits until something has become true.</summary>
    public static async Task Eventually(Func<bool> condition, string what)
    {
        for (int i = 0; !condition(); i++)
        {
            Assert.True(i < 1000, "Did not happen in time: " + what);
            await Task.Delay(10);
        }
    }

    public Task<HttpResponseMessage> PostAsync(string json) => Client.PostAsync("score", Json(json));

    /// <summary>Sends a request with the operator's key.</summary>
    public Task<HttpResponseMessage> SendAsOperatorAsync(HttpMethod method, string path, HttpContent? content = null)
    {
        var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", AdminKey);
        return Client.SendAsync(request);
    }

    /// <summary>Has the service read its file again.</summary>
    public Task<HttpResponseMessage> ReloadAsync() => SendAsOperatorAsync(HttpMethod.Post, "model/reload", Json(""));

    /// <summary>The answer to a request that is good.</summary>
    public async Task<JsonElement> ScoreAsync(string json)
    {
        using HttpResponseMessage response = await PostAsync(json);
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK, text);
        return JsonDocument.Parse(text).RootElement;
    }

    /// <summary>The problem document that a request is answered with.</summary>
    public static async Task<JsonElement> ProblemAsync(HttpResponseMessage response, HttpStatusCode status)
    {
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        JsonElement problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal((int)status, problem.GetProperty("status").GetInt32());
        return problem;
    }

    /// <summary>Puts a file in the place of the model as a whole.</summary>
    public void Replace(byte[] model)
    {
        string temporaryPath = ModelPath + ".new";
        File.WriteAllBytes(temporaryPath, model);
        File.Move(temporaryPath, ModelPath, overwrite: true);
    }

    public static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await App.StopAsync();
        await App.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
