using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace MlNetMlp.Hosting;

/// <summary>What is counted and traced of all models, under names after OpenTelemetry's conventions.</summary>
internal sealed class ScoringMetrics
{
    /// <summary>The name of the meter, and of the source of activities.</summary>
    public const string MeterName = "MlNetMlp.Hosting";

    /// <summary>The attribute with the name of the model.</summary>
    public const string ModelName = "mlnetmlp.model.name";

    private static readonly KeyValuePair<string, object?> _invalidRow = new("error.type", "invalid_row");

    // A small network scores a row in a microsecond.
    private static readonly double[] _seconds = [1e-6, 2.5e-6, 5e-6, 1e-5, 2.5e-5, 5e-5, 1e-4, 2.5e-4, 5e-4, 1e-3, 2.5e-3, 5e-3, 0.01, 0.025, 0.05, 0.1];

    private readonly Lock _lock = new();
    private readonly TimeProvider _clock;
    private readonly Counter<long> _rows, _rowsOutside, _slotsOutside, _reloads;
    private readonly Histogram<double> _duration;
    private MlpScoring[] _served = [];

    /// <param name="factory">Makes the meter; null: it belongs to nobody.</param>
    /// <param name="clock">The time.</param>
    public ScoringMetrics(IMeterFactory? factory, TimeProvider clock)
    {
        _clock = clock;
        Meter meter = factory?.Create(MeterName) ?? new Meter(MeterName);
        _rows = meter.CreateCounter<long>("mlnetmlp.scoring.rows", "{row}", "Rows that were scored; those that were refused have error.type.");
        _duration = meter.CreateHistogram("mlnetmlp.scoring.duration", "s", "The time that a row takes, from the columns of the pipeline to its outputs.",
            tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = _seconds });
        _rowsOutside = meter.CreateCounter<long>(
            "mlnetmlp.scoring.out_of_range.rows", "{row}", "Scored rows with a feature far outside of what the training saw.");
        _slotsOutside = meter.CreateCounter<long>(
            "mlnetmlp.scoring.out_of_range.slots", "{slot}", "Features of scored rows that are far outside of what the training saw.");
        _reloads = meter.CreateCounter<long>("mlnetmlp.model.reloads", "{model}", "Models put in service, and those refused, which have error.type.");
        meter.CreateObservableGauge("mlnetmlp.scoring.out_of_range.row_share", () => Of(model => model.ShareOfRowsOutside), "1",
            "The share of the rows, since the model was put in service, with a feature far outside of what the training saw.");
        meter.CreateObservableGauge("mlnetmlp.scoring.out_of_range.slot_share", () => Of(model => model.ShareOfSlotsOutside), "1",
            "The share of all features of those rows that are far outside of what the training saw.");
        meter.CreateObservableGauge("mlnetmlp.model.age", () => Of(model => (_clock.GetUtcNow() - model.ServedSince).TotalSeconds), "s",
            "The time since the model was put in service.");
    }

    public static ActivitySource Activities { get; } = new(MeterName);

    /// <summary>Whether somebody wants to know how long a row takes.</summary>
    public bool IsTimed => _duration.Enabled;

    /// <summary>Looks from now on at whatever is in service there.</summary>
    public void Observe(MlpScoring scoring)
    {
        lock (_lock)
        {
            _served = [.. _served, scoring];
        }
    }

    public void Scored(KeyValuePair<string, object?> model, long started)
    {
        _rows.Add(1, model);
        if (started != 0)
        {
            _duration.Record(Stopwatch.GetElapsedTime(started).TotalSeconds, model);
        }
    }

    public void Refused(KeyValuePair<string, object?> model) => _rows.Add(1, model, _invalidRow);

    public void Outside(KeyValuePair<string, object?> model, int slots)
    {
        if (slots > 0)
        {
            _rowsOutside.Add(1, model);
            _slotsOutside.Add(slots, model);
        }
    }

    public void Reloaded(string name) => _reloads.Add(1, new KeyValuePair<string, object?>(ModelName, name));

    public void ReloadFailed(string name, bool isSourceProblem) => _reloads.Add(1,
        new KeyValuePair<string, object?>(ModelName, name), new KeyValuePair<string, object?>("error.type", isSourceProblem ? "unreadable" : "invalid_model"));

    private IEnumerable<Measurement<double>> Of(Func<ServedModel, double?> value)
    {
        foreach (MlpScoring scoring in _served)
        {
            if (scoring.Current is { } model && value(model) is { } known)
            {
                yield return new Measurement<double>(known, new KeyValuePair<string, object?>(ModelName, model.Name));
            }
        }
    }
}
