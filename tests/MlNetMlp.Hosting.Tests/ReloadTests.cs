using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using MlNetMlp.Hosting.Tests.Support;

namespace MlNetMlp.Hosting.Tests;

/// <summary>Another model takes the place of the one in service without a lost or torn row, and a bad one never does.</summary>
public sealed class ReloadTests : IDisposable
{
    private static readonly byte[] _first = House.Train(1), _second = House.Train(2), _numbers = House.Train(1, withText: false);

    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.Path("model.zip");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task File_Replaced_IsTakenIntoService()
    {
        await using RunningHost host = await StartAsync(_first);
        ServedModel first = host.Scoring.Current!;
        using ScoringSession begun = host.Scoring.Rent();

        Replace(_second);
        await RunningHost.Eventually(() => host.Scoring.Current != first, "The other model is in service.");

        Assert.NotEqual(first.Version, host.Scoring.Current!.Version);
        Assert.Equal(Scores(first), Scores(begun));
        Assert.NotEqual(Scores(first), Scores(host.Scoring.Current));
        Assert.Contains(host.Log.Entries, entry => entry.Event.Name == "ModelSwapped" && Equals(entry.Values["Version"], host.Scoring.Current.Version));
    }

    [Fact]
    public async Task Reload_UnderLoad_EverySessionHasOneModel()
    {
        var source = new MemorySource(_first);
        await using RunningHost host = await RunningHost.StartAsync(
            (services, _) => services.AddMlpScoring(_ => source, options => options.PollInterval = TimeSpan.FromHours(1)));
        var expected = new Dictionary<string, float[]> { [host.Scoring.Current!.Version] = Scores(host.Scoring.Current) };
        source.Replace(_second, "second");
        ServedModel second = (await host.Scoring.ReloadAsync()).Model;
        expected[second.Version] = Scores(second);

        using var end = new CancellationTokenSource();
        Task<int>[] callers = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(Score))];
        for (int i = 0; i < 20; i++)
        {
            source.Replace(i % 2 == 0 ? _first : _second, $"{i}");
            Assert.True((await host.Scoring.ReloadAsync()).IsNew);
        }

        await end.CancelAsync();
        Assert.All(await Task.WhenAll(callers), count => Assert.True(count > 0));

        int Score()
        {
            int count = 0;
            for (; !end.IsCancellationRequested || count == 0; count++)
            {
                using ScoringSession session = host.Scoring.Rent();
                Assert.Equal(expected[session.Model.Version], Scores(session));
            }

            return count;
        }
    }

    [Fact]
    public async Task Reload_SameModel_ChangesNothing()
    {
        await using RunningHost host = await StartAsync(_first);
        ServedModel first = host.Scoring.Current!;
        Replace(_first);

        ModelReload reload = await host.Scoring.ReloadAsync();

        Assert.False(reload.IsNew);
        Assert.Same(first, reload.Model);
    }

    [Fact]
    public async Task Reload_NoModel_IsRefusedAndSeenInHealth()
    {
        await using RunningHost host = await StartAsync(_first);
        Assert.Equal(HealthStatus.Healthy, (await HealthAsync(host)).Status);
        ServedModel first = host.Scoring.Current!;
        File.WriteAllText(Path, "no model");

        ModelLoadException exception = await Assert.ThrowsAsync<ModelLoadException>(() => host.Scoring.ReloadAsync());

        Assert.False(exception.IsSourceProblem);
        Assert.Same(first, host.Scoring.Current);
        HealthReportEntry entry = await HealthAsync(host);
        Assert.Equal(HealthStatus.Degraded, entry.Status);
        Assert.Equal(first.Version, entry.Data["version"]);
        Assert.Contains(exception.Message, entry.Description, StringComparison.Ordinal);

        Replace(_second);
        await host.Scoring.ReloadAsync();
        Assert.Equal(HealthStatus.Healthy, (await HealthAsync(host)).Status);
    }

    [Fact]
    public async Task Reload_OtherColumns_IsRefusedUnlessAllowed()
    {
        var source = new MemorySource(_first);
        await using RunningHost host = await RunningHost.StartAsync((services, _) => services
            .AddMlpScoring(_ => source, options => options.PollInterval = TimeSpan.FromHours(1))
            .AddMlpScoring(_ => source, options => (options.PollInterval, options.AllowOtherColumns) = (TimeSpan.FromHours(1), true), "any"));
        source.Replace(_numbers, "numbers");

        string message = (await Assert.ThrowsAsync<ModelLoadException>(() => host.Scoring.ReloadAsync())).Message;

        Assert.Contains("there is no column 'District'", message, StringComparison.Ordinal);
        Assert.True((await host.Services.GetRequiredKeyedService<MlpScoring>("any").ReloadAsync()).IsNew);
    }

    [Fact]
    public async Task Start_WithoutAModel_IsUnhealthyUntilThereIsOne()
    {
        await using RunningHost host = await StartAsync(null);
        Assert.Equal(HealthStatus.Unhealthy, (await HealthAsync(host)).Status);

        Replace(_first);
        await RunningHost.Eventually(() => host.Scoring.Current is not null, "The file is noticed.");

        Assert.Equal(HealthStatus.Healthy, (await HealthAsync(host)).Status);
    }

    [Fact]
    public async Task Source_AwayForAWhile_IsAskedAgain()
    {
        var source = new MemorySource(_first);
        await using RunningHost host = await RunningHost.StartAsync(
            (services, _) => services.AddMlpScoring(_ => source, options => options.PollInterval = TimeSpan.FromMilliseconds(10)));
        ServedModel first = host.Scoring.Current!;
        source.FailWith(new HttpRequestException("The storage is away."));
        await RunningHost.Eventually(() => host.Log.Entries.Any(entry => entry.Event.Name == "SourceUnreachable"), "The failure is in the log.");
        Assert.True((await Assert.ThrowsAsync<ModelLoadException>(() => host.Scoring.ReloadAsync())).IsSourceProblem);
        Assert.Same(first, host.Scoring.Current);

        source.Replace(_second, "second");
        source.FailWith(null);
        await RunningHost.Eventually(() => host.Scoring.Current != first, "The other model is in service.");
    }

    private static async Task<HealthReportEntry> HealthAsync(RunningHost host) =>
        (await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries["model"];

    private static float[] Scores(ServedModel model)
    {
        using ScoringSession session = model.Rent();
        return Scores(session);
    }

    private static float[] Scores(ScoringSession session) => [.. House.Many.Take(10).Select(house =>
    {
        ScoringTests.Fill(session.Row, house);
        session.Score();
        return session.Row.Get<float>("Score");
    })];

    private async Task<RunningHost> StartAsync(byte[]? model)
    {
        if (model is not null)
        {
            File.WriteAllBytes(Path, model);
        }

        return await RunningHost.StartAsync((services, _) => services
            .AddMlpScoring(Path, options => options.PollInterval = TimeSpan.FromMilliseconds(10)).AddHealthChecks().AddMlpScoring());
    }

    /// <summary>As a whole, as <c>SaveAtomically</c> does.</summary>
    private void Replace(byte[] model)
    {
        File.WriteAllBytes(Path + ".new", model);
        File.Move(Path + ".new", Path, overwrite: true);
    }
}
