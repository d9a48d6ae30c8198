using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using MlNetMlp.Hosting.Tests.Support;
using MlNetMlp.Serving;

namespace MlNetMlp.Hosting.Tests;

/// <summary>What is counted and traced, under the names that the documentation gives.</summary>
public sealed class TelemetryTests
{
    private static readonly byte[] _model = House.Train(1);

    [Fact]
    public async Task Metrics_TellRowsRefusalsTimesAndInputsOutOfRange()
    {
        var source = new MemorySource(_model);
        await using RunningHost host = await RunningHost.StartAsync((services, _) => services.AddMlpScoring(_ => source, name: "houses"));
        var counted = new Dictionary<string, double>();
        using MeterListener listener = Listen(host, counted);

        using (ScoringSession session = host.Services.GetRequiredKeyedService<MlpScoring>("houses").Rent())
        {
            // Half a width of the range is added on both sides: of rooms, from 1 to 8, 3.5; of the age, from 0 to 39, 19.5.
            Score(session, rooms: 3, age: 20);
            Score(session, rooms: 11, age: -19);
            Score(session, rooms: 12, age: 5);
            Score(session, rooms: -3, age: 59);
            Score(session, rooms: float.NaN, age: 7);
            session.Row.Set("District", "North");
            Assert.Throws<InvalidRowException>(session.Score);
            session.CountRefused();
        }

        listener.RecordObservableInstruments();
        Assert.Equal(5, counted["mlnetmlp.scoring.rows houses"]);
        Assert.Equal(2, counted["mlnetmlp.scoring.rows houses invalid_row"]);
        Assert.Equal(5, counted["mlnetmlp.scoring.duration houses count"]);
        Assert.InRange(counted["mlnetmlp.scoring.duration houses"], 1e-7, 5);
        Assert.Equal(2, counted["mlnetmlp.scoring.out_of_range.rows houses"]);
        Assert.Equal(3, counted["mlnetmlp.scoring.out_of_range.slots houses"]);
        Assert.Equal(2 / 5.0, counted["mlnetmlp.scoring.out_of_range.row_share houses"], 1e-12);

        // Two districts, rooms and age.
        Assert.Equal(3 / 20.0, counted["mlnetmlp.scoring.out_of_range.slot_share houses"], 1e-12);
        Assert.InRange(counted["mlnetmlp.model.age houses"], 0, 600);
    }

    [Fact]
    public async Task Metrics_TellReloads()
    {
        var source = new MemorySource(_model);
        await using RunningHost host = await RunningHost.StartAsync((services, _) => services.AddMlpScoring(_ => source));
        var counted = new Dictionary<string, double>();
        using MeterListener listener = Listen(host, counted);

        source.Replace(House.Train(2), "first");
        await host.Scoring.ReloadAsync();
        source.Replace([1, 2, 3], "first");
        await Assert.ThrowsAsync<ModelLoadException>(() => host.Scoring.ReloadAsync());
        source.FailWith(new IOException());
        await Assert.ThrowsAsync<ModelLoadException>(() => host.Scoring.ReloadAsync());

        Assert.Equal(1, counted["mlnetmlp.model.reloads "]);
        Assert.Equal(1, counted["mlnetmlp.model.reloads  invalid_model"]);
        Assert.Equal(1, counted["mlnetmlp.model.reloads  unreadable"]);
    }

    [Fact]
    public async Task Ranges_NobodyLooks_CountsNothing()
    {
        await using RunningHost host = await RunningHost.StartAsync(
            (services, _) => services.AddMlpScoring(_ => new MemorySource(_model), options => options.RangeTolerance = null));

        using ScoringSession session = host.Scoring.Rent();
        Score(session, rooms: 1000, age: 1);

        Assert.Equal(0, session.Model.CheckedRows);
        Assert.Null(session.Model.ShareOfRowsOutside);
    }

    [Fact]
    public async Task Activities_TellSessions()
    {
        await using RunningHost host = await RunningHost.StartAsync((services, _) => services.AddMlpScoring(_ => new MemorySource(_model), name: "traced"));
        var ended = new List<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "MlNetMlp.Hosting",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                lock (ended)
                {
                    ended.Add(activity);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);

        using (ScoringSession session = host.Services.GetRequiredKeyedService<MlpScoring>("traced").Rent())
        {
            Score(session, rooms: 3, age: 20);
            Score(session, rooms: 4, age: 20);
            session.CountRefused();
        }

        Activity activity;
        lock (ended)
        {
            activity = Assert.Single(ended, one => one.DisplayName == "score traced");
        }

        Assert.Equal("traced", activity.GetTagItem("mlnetmlp.model.name"));
        Assert.Equal(12, ((string)activity.GetTagItem("mlnetmlp.model.version")!).Length);
        Assert.Equal((2L, 1L), (activity.GetTagItem("mlnetmlp.scoring.rows"), activity.GetTagItem("mlnetmlp.scoring.refused_rows")));
    }

    private static void Score(ScoringSession session, float rooms, float age)
    {
        session.Row.Set("District", "North");
        session.Row.Set("Rooms", rooms);
        session.Row.Set("Age", age);
        session.Score();
    }

    /// <summary>Adds up what the meter of a host tells, by instrument, model and error; of a histogram the number, too.</summary>
    private static MeterListener Listen(RunningHost host, Dictionary<string, double> counted)
    {
        IMeterFactory factory = host.Services.GetRequiredService<IMeterFactory>();
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == "MlNetMlp.Hosting" && instrument.Meter.Scope == factory)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.Start();
        return listener;

        void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            string name = instrument.Name;
            foreach (KeyValuePair<string, object?> tag in tags)
            {
                Assert.Contains(tag.Key, (string[])["mlnetmlp.model.name", "error.type"]);
                name += $" {tag.Value}";
            }

            counted[name] = counted.GetValueOrDefault(name) + value;
            if (instrument is Histogram<double>)
            {
                counted[name + " count"] = counted.GetValueOrDefault(name + " count") + 1;
            }
        }
    }
}
