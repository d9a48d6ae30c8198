using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using MlNetMlp.Orleans.Tests.Support;

namespace MlNetMlp.Orleans.Tests;

/// <summary>What a silo tells of its training runs.</summary>
public sealed class TrainingMetricsTests
{
    [Fact]
    public async Task Instruments_CountTheTrainingsOfASearch()
    {
        var changes = new ConcurrentBag<(string Name, long Change)>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == "MlNetMlp.Orleans")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<int>((instrument, change, tags, _) =>
            changes.Add((instrument.Name + (tags.Length > 0 ? $" {tags[0].Value}" : ""), change)));
        listener.SetMeasurementEventCallback<long>((instrument, change, _, _) => changes.Add((instrument.Name, change)));
        listener.Start();
        await using Silos silos = await Silos.Start(1);
        using OrleansRunner runner = silos.Runner();

        SmallSearch.Run(runner, trials: 5);

        // Other tests run beside this one.
        Assert.True(Sum("mlnetmlp.trainings.finished done") >= 5);
        Assert.True(changes.Count(change => change is ("mlnetmlp.trainings.running", 1)) >= 5);
        Assert.Contains(changes, change => change.Name == "mlnetmlp.rows.held" && change.Change > 1000);

        long Sum(string name) => changes.Where(change => change.Name == name).Sum(change => change.Change);
    }
}
