using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.ML;
using MlNetMlp.Hosting.Tests.Support;
using MlNetMlp.Serving;

namespace MlNetMlp.Hosting.Tests;

/// <summary>Models by dependency injection: registered, named, bound to settings, checked at the start.</summary>
public sealed class ScoringTests : IDisposable
{
    private static readonly byte[] _first = House.Train(1), _numbers = House.Train(1, withText: false);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Score_ModelOfAFile_HasTheBitsOfAPredictionEngine()
    {
        string path = _folder.Path("model.zip");
        File.WriteAllBytes(path, _first);
        await using RunningHost host = await RunningHost.StartAsync((services, _) => services.AddMlpScoring(path));
        var mlContext = new MLContext();
        PredictionEngine<House, HousePrice> engine =
            mlContext.Model.CreatePredictionEngine<House, HousePrice>(mlContext.Model.Load(path, out _));

        using ScoringSession session = host.Scoring.Rent();
        foreach (House house in House.Many.Take(20))
        {
            Fill(session.Row, house);
            session.Score();
            Assert.Equal(engine.Predict(house).Score, session.Row.Get<float>("Score"));
        }
    }

    [Fact]
    public async Task Models_WithNames_AreKeyedServices()
    {
        await using RunningHost host = await RunningHost.StartAsync((services, _) => services
            .AddMlpScoring(_ => new MemorySource(_first))
            .AddMlpScoring(_ => new MemorySource(_numbers), name: "numbers"));

        MlpScoring named = host.Services.GetRequiredKeyedService<MlpScoring>("numbers");

        Assert.Equal("numbers", named.Name);
        Assert.Equal("numbers", named.Current!.Name);
        Assert.DoesNotContain(named.Current.Scorer.Inputs, input => input.Name == nameof(House.District));
        Assert.Contains(host.Scoring.Current!.Scorer.Inputs, input => input.Name == nameof(House.District));
        Assert.Same(host.Scoring, host.Services.GetRequiredKeyedService<MlpScoring>(""));
    }

    [Fact]
    public void Model_NameThatIsTaken_IsRefused()
    {
        IServiceCollection services = new ServiceCollection().AddMlpScoring("a.zip").AddMlpScoring("a.zip", name: "a");

        Assert.Contains("without a name", Assert.Throws<InvalidOperationException>(() => services.AddMlpScoring("b.zip")).Message, StringComparison.Ordinal);
        Assert.Contains("'a'", Assert.Throws<InvalidOperationException>(() => services.AddMlpScoring("b.zip", name: "a")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_OfASection_AreBound()
    {
        File.WriteAllBytes(_folder.Path("model.zip"), _first);
        await using RunningHost host = await RunningHost.StartAsync(
            (services, configuration) => services.AddMlpScoring(configuration.GetSection("Fares"), "fares"),
            ("Fares:Path", _folder.Path("model.zip")), ("Fares:Outputs:0", "Features"), ("Fares:RangeTolerance", "2"), ("Fares:PollInterval", "00:00:03"));

        MlpScoring scoring = host.Services.GetRequiredKeyedService<MlpScoring>("fares");

        Assert.Equal(["Features"], scoring.Current!.Scorer.Outputs.Select(output => output.Name));
        Assert.Equal(TimeSpan.FromSeconds(3), scoring.PollInterval);

        // Rooms are from 1 to 8, and two widths of that range more on both sides.
        Assert.Equal((1 - 14f, 8 + 14f), (scoring.Current.Ranges!.Lower[2], scoring.Current.Ranges.Upper[2]));
    }

    [Theory]
    [InlineData("Path", " ", "Fares:Path is empty; it has to be the path of a file.")]
    [InlineData("PollInterval", "00:00:00.001", "Fares:PollInterval is 00:00:00.0010000; it has to be from 00:00:00.0100000 to 1.00:00:00.")]
    [InlineData("RangeTolerance", "-1", "Fares:RangeTolerance is -1; it has to be from 0 to 1000.")]
    [InlineData("RangeTolerance", "NaN", "Fares:RangeTolerance is NaN; it has to be from 0 to 1000.")]
    public async Task Start_SettingOutOfRange_NamesItAndWhatIsAllowed(string key, string value, string message)
    {
        (string, string?) other = key == "Path" ? ("Fares:PollInterval", "00:00:01") : ("Fares:Path", "model.zip");
        OptionsValidationException exception = await Assert.ThrowsAsync<OptionsValidationException>(() => RunningHost.StartAsync(
            (services, configuration) => services.AddMlpScoring(configuration.GetSection("Fares")), other, ($"Fares:{key}", value)));

        Assert.Equal([message], exception.Failures);
    }

    [Fact]
    public async Task Start_SettingThatIsNone_NamesIt() => Assert.Contains("Pth", (await Assert.ThrowsAsync<InvalidOperationException>(() =>
        RunningHost.StartAsync((services, configuration) => services.AddMlpScoring(configuration.GetSection("Fares")), ("Fares:Pth", "a.zip")))).Message,
        StringComparison.Ordinal);

    [Fact]
    public async Task Rent_NoModelYet_SaysSo()
    {
        await using RunningHost host = await RunningHost.StartAsync((services, _) => services.AddMlpScoring(_folder.Path("missing.zip"), name: "fares"));
        MlpScoring scoring = host.Services.GetRequiredKeyedService<MlpScoring>("fares");

        Assert.Null(scoring.Current);
        Assert.Contains("'fares'", Assert.Throws<InvalidOperationException>(scoring.Rent).Message, StringComparison.Ordinal);
        Assert.Contains(host.Log.Entries, entry => entry.Text.Contains("There is no model 'fares' yet", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Session_GivenBackTwice_IsNotGivenToTwoCallers()
    {
        await using RunningHost host = await RunningHost.StartAsync((services, _) => services.AddMlpScoring(_ => new MemorySource(_first)));
        ScoringSession session = host.Scoring.Rent();
        session.Row.Set("Rooms", 1f);
        session.Dispose();
        session.Dispose();

        using ScoringSession one = host.Scoring.Rent(), other = host.Scoring.Rent();

        Assert.Same(session, one);
        Assert.NotSame(one, other);

        // No value of an earlier caller is left.
        one.Row.Set("District", "North");
        one.Row.Set("Age", 1f);
        Assert.Equal("Rooms", Assert.Throws<InvalidRowException>(one.Score).ColumnName);
    }

    [Fact]
    public async Task Score_ManyRows_AllocatesNothing()
    {
        await using RunningHost host = await RunningHost.StartAsync((services, _) => services.AddMlpScoring(_ => new MemorySource(_numbers)));
        Assert.NotNull(host.Scoring.Current!.Ranges);

        long bytes = Allocations.Of(() =>
        {
            for (int i = 0; i < 100; i++)
            {
                using ScoringSession session = host.Scoring.Rent();
                session.Row.Set(0, 1f + i);
                session.Row.Set(1, 7f);
                session.Score();
                session.Row.Get<float>(0);
            }
        });

        Assert.Equal(0, bytes);
    }

    internal static void Fill(ScoringRow row, House house)
    {
        row.Set(nameof(House.District), house.District);
        row.Set(nameof(House.Rooms), house.Rooms);
        row.Set(nameof(House.Age), house.Age);
    }
}
