using System.Net;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.ML;
using MlNetMlp.Hosting;
using MlNetMlp.Service.Tests.Support;
using Service;

namespace MlNetMlp.Service.Tests;

/// <summary>Another model takes the place of the one in service without a failed or torn request, and a bad file never does.</summary>
public sealed class SwapTests
{
    private static readonly Digit _digit = Digit.All[0];

    [Fact]
    public async Task Reload_UnderLoad_NoRequestFailsAndEachAnswerIsOfOneModel()
    {
        await using RunningService service = await RunningService.StartAsync(Models.FirstDigits, "Model:PollInterval=01:00:00");
        var expected = new Dictionary<string, string>();
        foreach (byte[] model in new[] { Models.OtherDigits, Models.FirstDigits })
        {
            service.Replace(model);
            await service.ReloadAsync();
            expected[service.Scoring.Current!.Version] = (await service.ScoreAsync(_digit.Json)).GetRawText();
        }

        string rows = $"[{string.Join(",", Enumerable.Repeat(_digit.Json, 20))}]";
        using var end = new CancellationTokenSource();
        Task<int>[] clients = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(Load))];
        for (int i = 0; i < 20; i++)
        {
            service.Replace(i % 2 == 0 ? Models.OtherDigits : Models.FirstDigits);
            JsonElement answer = await (await service.ReloadAsync()).Content.ReadFromJsonAsync<JsonElement>();
            Assert.True(answer.GetProperty("isNew").GetBoolean());
        }

        await end.CancelAsync();
        int[] requests = await Task.WhenAll(clients);
        Assert.All(requests, count => Assert.True(count > 0));

        async Task<int> Load()
        {
            int count = 0;
            for (; !end.IsCancellationRequested || count == 0; count++)
            {
                using HttpResponseMessage response = await service.PostAsync(rows);
                string version = Assert.Single(response.Headers.GetValues(ScoreEndpoint.VersionHeader));
                Assert.Equal($"[{string.Join(",", Enumerable.Repeat(expected[version], 20))}]", await response.Content.ReadAsStringAsync());
            }

            return count;
        }
    }

    [Fact]
    public async Task Reload_AnotherModel_TheOldOneIsCollectedAfterItsLastRequest()
    {
        await using RunningService service = await RunningService.StartAsync(Models.FirstDigits, "Model:PollInterval=01:00:00");
        await service.ScoreAsync(_digit.Json);
        (WeakReference model, WeakReference scorer) = Current(service);

        service.Replace(Models.OtherDigits);
        await service.ReloadAsync();
        await service.ScoreAsync(_digit.Json);

        await RunningService.Eventually(() =>
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return !model.IsAlive && !scorer.IsAlive;
        }, "The old model is collected.");
    }

    [Fact]
    public async Task File_Replaced_IsNoticed()
    {
        await using RunningService service = await RunningService.StartAsync(Models.FirstDigits);
        string first = service.Scoring.Current!.Version;

        service.Replace(Models.OtherDigits);
        await RunningService.Eventually(() => service.Scoring.Current!.Version != first, "The other model is in service.");

        await service.ScoreAsync(_digit.Json);
    }

    [Fact]
    public async Task File_WrittenInPieces_NeverGetsInBeforeItIsWhole()
    {
        await using RunningService service = await RunningService.StartAsync(Models.FirstDigits);
        string first = service.Scoring.Current!.Version;

        File.WriteAllBytes(service.ModelPath, Models.OtherDigits[..(Models.OtherDigits.Length / 2)]);
        using HttpResponseMessage refused = await service.ReloadAsync();
        await RunningService.ProblemAsync(refused, HttpStatusCode.UnprocessableEntity);
        await Task.Delay(100); // Several looks at the half file.
        Assert.Equal(first, service.Scoring.Current.Version);
        await service.ScoreAsync(_digit.Json);

        await using (FileStream file = File.Open(service.ModelPath, FileMode.Append))
        {
            file.Write(Models.OtherDigits.AsSpan(Models.OtherDigits.Length / 2));
        }

        await RunningService.Eventually(() => service.Scoring.Current.Version != first, "The whole file is in service.");
    }

    [Theory]
    [InlineData("not a model")]
    [InlineData("")]
    public async Task Reload_FileThatIsNoModel_Is422AndTheOldOneStays(string content)
    {
        await using RunningService service = await RunningService.StartAsync(Models.FirstDigits);
        string first = service.Scoring.Current!.Version;
        File.WriteAllText(service.ModelPath, content);

        using HttpResponseMessage response = await service.ReloadAsync();

        JsonElement problem = await RunningService.ProblemAsync(response, HttpStatusCode.UnprocessableEntity);
        Assert.NotEmpty(problem.GetProperty("detail").GetString()!);
        Assert.Equal(first, service.Scoring.Current.Version);
        await service.ScoreAsync(_digit.Json);
    }

    [Fact]
    public async Task Reload_SmallFileThatAsksForMuch_Is422AndTheOldOneStays()
    {
        await using RunningService service = await RunningService.StartAsync(Models.FirstDigits, "Model:PollInterval=01:00:00");
        string first = service.Scoring.Current!.Version;
        service.Replace(Bomb.Of(Models.OtherDigits));

        using HttpResponseMessage response = await service.ReloadAsync();

        JsonElement problem = await RunningService.ProblemAsync(response, HttpStatusCode.UnprocessableEntity);
        Assert.Contains("too large", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(first, service.Scoring.Current.Version);
        await service.ScoreAsync(_digit.Json);
    }

    [Fact]
    public async Task Reload_ModelWithoutItsColumns_Is422AndSaysWhy()
    {
        await using RunningService service = await RunningService.StartAsync(Models.FirstDigits);
        var mlContext = new MLContext();
        ITransformer model = mlContext.Model.Load(new MemoryStream(Models.Houses), out _);
        using var file = new MemoryStream();
        mlContext.Model.Save(model, null, file);
        service.Replace(file.ToArray());

        using HttpResponseMessage response = await service.ReloadAsync();

        JsonElement problem = await RunningService.ProblemAsync(response, HttpStatusCode.UnprocessableEntity);
        Assert.Contains("schema", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        await service.ScoreAsync(_digit.Json);
    }

    [Fact]
    public async Task Reload_NoFile_Is409AndTheOldOneStays()
    {
        await using RunningService service = await RunningService.StartAsync(Models.FirstDigits);
        File.Delete(service.ModelPath);

        using HttpResponseMessage response = await service.ReloadAsync();

        JsonElement problem = await RunningService.ProblemAsync(response, HttpStatusCode.Conflict);
        Assert.Equal("There is no file model.zip.", problem.GetProperty("detail").GetString());
        await service.ScoreAsync(_digit.Json);
    }

    [Fact]
    public async Task Reload_FileThatCannotBeRead_Is409AndOnlyTheLogSaysWhereItLies()
    {
        await using RunningService service = await RunningService.StartAsync(Models.FirstDigits, "Model:PollInterval=01:00:00");
        await using var locked = new FileStream(service.ModelPath, FileMode.Open, FileAccess.ReadWrite, FileShare.None);

        using HttpResponseMessage response = await service.ReloadAsync();

        JsonElement problem = await RunningService.ProblemAsync(response, HttpStatusCode.Conflict);
        Assert.Equal("The file model.zip cannot be read; the log says why.", problem.GetProperty("detail").GetString());
        Assert.DoesNotContain(Path.GetDirectoryName(service.ModelPath)!, problem.GetRawText(), StringComparison.Ordinal);
        string line = Assert.Single(service.Log.Lines);
        Assert.Contains(service.ModelPath, line, StringComparison.Ordinal);
        Assert.Contains(nameof(IOException), line, StringComparison.Ordinal);
        await service.ScoreAsync(_digit.Json);
    }

    [Fact]
    public async Task Reload_SameFile_ChangesNothing()
    {
        await using RunningService service = await RunningService.StartAsync(Models.FirstDigits);
        ServedModel first = service.Scoring.Current!;
        service.Replace(Models.FirstDigits);

        JsonElement answer = await (await service.ReloadAsync()).Content.ReadFromJsonAsync<JsonElement>();

        Assert.False(answer.GetProperty("isNew").GetBoolean());
        Assert.Same(first, service.Scoring.Current);
    }

    [Fact]
    public async Task Start_WithoutAFile_TrainsOne()
    {
        await using RunningService service = await RunningService.StartAsync(null, "FirstModel:TrainIfMissing=true");
        await RunningService.Eventually(() => service.Scoring.Current is not null, "A model is trained.");

        int right = 0;
        foreach (Digit digit in Digit.All.Take(50))
        {
            right += (await service.ScoreAsync(digit.Json)).GetProperty("PredictedLabel").GetUInt32() == digit.Number ? 1 : 0;
        }

        Assert.InRange(right, 48, 50);
        Assert.Equal(["model.zip"], Directory.GetFiles(Path.GetDirectoryName(service.ModelPath)!).Select(Path.GetFileName));
    }

    // Of its own, so that no local variable keeps the model.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (WeakReference Model, WeakReference Scorer) Current(RunningService service)
    {
        ServedModel model = service.Scoring.Current!;
        return (new WeakReference(model), new WeakReference(model.Scorer));
    }
}
