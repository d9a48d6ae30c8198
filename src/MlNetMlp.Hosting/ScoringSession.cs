using System.Diagnostics;
using MlNetMlp.Serving;

namespace MlNetMlp.Hosting;

/// <summary>
/// One model for one caller at a time, from <see cref="MlpScoring.Rent"/> to <see cref="Dispose"/>: a row to fill, score and read again and again, whose
/// scoring is counted and timed.
/// </summary>
/// <remarks>Not to be used after <see cref="Dispose"/>, which gives it to the next caller. Nothing is allocated for a row.</remarks>
public sealed class ScoringSession : IDisposable
{
    private readonly ScoringMetrics _metrics;
    private readonly KeyValuePair<string, object?> _model;
    private Activity? _activity;
    private long _rows, _refused;
    private int _isRented;

    internal ScoringSession(ServedModel model, ScoringMetrics metrics)
    {
        (Model, _metrics) = (model, metrics);
        _model = new(ScoringMetrics.ModelName, model.Name);
        Row = model.Scorer.CreateRow();
    }

    /// <summary>The model, the same to the end of the session, whatever takes its place meanwhile.</summary>
    public ServedModel Model { get; }

    /// <summary>The row: set its columns, call <see cref="Score"/>, read the outputs.</summary>
    public ScoringRow Row { get; }

    /// <summary>Computes all outputs of <see cref="Row"/>, and counts the row.</summary>
    /// <exception cref="InvalidRowException">The row is refused, see <see cref="ScoringRow.Score"/>; it is counted as refused.</exception>
    public void Score()
    {
        long started = _metrics.IsTimed ? Stopwatch.GetTimestamp() : 0;
        try
        {
            Row.Score();
        }
        catch (InvalidRowException)
        {
            CountRefused();
            throw;
        }

        _rows++;
        _metrics.Scored(_model, started);
        if (Model.Ranges is { } ranges)
        {
            int slots = Row.CountOutside(ranges);
            Model.CountOutside(slots);
            _metrics.Outside(_model, slots);
        }
    }

    /// <summary>Counts a row that was refused before <see cref="Score"/> was called, for example because of a column that the model does not have.</summary>
    public void CountRefused()
    {
        _refused++;
        _metrics.Refused(_model);
    }

    /// <summary>Gives the row back.</summary>
    public void Dispose()
    {
        // A second time it may already be somebody else's.
        if (Interlocked.Exchange(ref _isRented, 0) == 0)
        {
            return;
        }

        if (_activity is not null)
        {
            _activity.SetTag("mlnetmlp.scoring.rows", _rows).SetTag("mlnetmlp.scoring.refused_rows", _refused);
            _activity.Dispose();
            _activity = null;
        }

        Row.Clear();
        Model.Return(this);
    }

    internal void Begin()
    {
        (_rows, _refused, _isRented) = (0, 0, 1);
        _activity = ScoringMetrics.Activities.StartActivity(Model.ActivityName);
        _activity?.SetTag(ScoringMetrics.ModelName, Model.Name).SetTag("mlnetmlp.model.version", Model.Version);
    }

    /// <summary>The model.</summary>
    public override string ToString() => $"A session of {Model}";
}
