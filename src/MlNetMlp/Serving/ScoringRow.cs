using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetMlp.Serving;

/// <summary>A row to fill, score and read again and again, by one caller at a time. Made by <see cref="RowScorer.CreateRow"/>.</summary>
/// <remarks>
/// <para>
/// Set the columns that <see cref="ScoringInput.IsRequired"/> names, in any order; call <see cref="Score"/>; read the outputs. The first column that is
/// set after that begins the next row, for which all of them have to be set again: no value of one row ever reaches another.
/// </para>
/// <para>
/// Nothing is allocated for a row after the first ones, apart from what the transforms of the pipeline allocate. Columns are named, or given by their
/// index in <see cref="RowScorer.Inputs"/> and <see cref="RowScorer.Outputs"/>, which saves looking up the name.
/// </para>
/// </remarks>
public sealed partial class ScoringRow : IDisposable
{
    private readonly TextStore _texts = new();
    private readonly InputSlot[] _inputs;
    private readonly OutputSlot[] _outputs;
    private readonly InputRow _row;
    private readonly DataViewRow _scored;
    private readonly ValueGetter<VBuffer<float>>? _getFeatures;
    private VBuffer<float> _features;
    private long _number;
    private bool _isScored;
    private bool _isDisposed;

    internal ScoringRow(RowScorer scorer, IRowToRowMapper mapper)
    {
        Scorer = scorer;
        _inputs = [.. scorer.Inputs.Select(input => input.Format.CreateInput(input, _texts))];
        var slots = new InputSlot?[scorer.InputSchema.Count];
        foreach (InputSlot slot in _inputs)
        {
            slots[slot.Input.Column.Index] = slot;
        }

        _row = new InputRow(scorer.InputSchema, slots);
        IEnumerable<DataViewSchema.Column> columns = scorer.Outputs.Select(output => mapper.OutputSchema[output.Column.Index]);
        DataViewSchema.Column? features = scorer.Features is { } known ? mapper.OutputSchema[known.Index] : null;
        _scored = mapper.GetRow(_row, [.. features is null ? columns : columns.Append(features.Value)]);
        _getFeatures = features is null ? null : _scored.GetGetter<VBuffer<float>>(features.Value);
        _outputs = [.. scorer.Outputs.Select(output => output.Format.CreateOutput(output, _scored))];
    }

    /// <summary>The scorer that created the row, with the descriptions of all columns.</summary>
    public RowScorer Scorer { get; }

    /// <summary>Computes all outputs.</summary>
    /// <exception cref="InvalidRowException">
    /// A required column is not set, which is found before anything is computed; or the network refuses a feature, such as an infinite one.
    /// The columns that are set stay set, so that the row can be corrected and scored again.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The row is disposed.</exception>
    public void Score()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        foreach (InputSlot slot in _inputs)
        {
            if (slot.Row != _number && slot.Input.IsRequired)
            {
                throw Incomplete();
            }
        }

        _isScored = false;
        _row.MoveNext();
        try
        {
            foreach (OutputSlot output in _outputs)
            {
                output.Compute();
            }
        }
        catch (RefusedRowException exception)
        {
            // Without a number: the caller has this one row only, and may have a number of its own for it.
            throw new InvalidRowException(null, $"{char.ToUpperInvariant(exception.Finding[0])}{exception.Finding[1..]}", exception);
        }

        _isScored = true;
    }

    /// <summary>
    /// The number of slots of the network's feature vector that lie outside of given ranges, for the row that was scored; those of the training rows, and wider
    /// ones, come from <see cref="RowScorer.FeatureRanges"/>.
    /// </summary>
    /// <param name="ranges">The ranges of as many features.</param>
    /// <exception cref="ArgumentNullException"><paramref name="ranges"/> is null.</exception>
    /// <exception cref="ArgumentException">They are of another number of features.</exception>
    /// <exception cref="InvalidOperationException">The row has not been scored, or <see cref="RowScorer.FeatureRanges"/> is null.</exception>
    public int CountOutside(FeatureRanges ranges)
    {
        ArgumentNullException.ThrowIfNull(ranges);
        if (_getFeatures is null || !_isScored)
        {
            throw new InvalidOperationException(_isScored
                ? "The model does not know which values it was trained with, or does not show the features of its network."
                : "The row is not scored: set its columns and call Score.");
        }

        _getFeatures(ref _features);
        if (_features.Length != ranges.Lower.Length)
        {
            throw new ArgumentException($"The ranges are of {ranges.Lower.Length} features; the network has {_features.Length}.", nameof(ranges));
        }

        return _features.IsDense
            ? ranges.CountOutside(_features.GetValues())
            : ranges.CountOutside(_features.GetIndices(), _features.GetValues());
    }

    /// <summary>Starts the next row, with no column set.</summary>
    public void Clear()
    {
        _number++;
        _isScored = false;
        _texts.Clear();
    }

    /// <summary>Releases what the transforms of the pipeline have bound. The model is not affected.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        _scored.Dispose();
    }

    private InvalidRowException Incomplete()
    {
        ScoringInput[] missing = [.. _inputs.Where(slot => slot.Row != _number && slot.Input.IsRequired).Select(slot => slot.Input)];
        return new InvalidRowException(missing[0].Name, missing.Length == 1
            ? $"The column '{missing[0].Name}' is not set; it takes {missing[0].Allowed}."
            : $"The columns {ColumnNames.List(missing.Select(input => input.Name))} are not set; '{missing[0].Name}' takes {missing[0].Allowed}.");
    }

    /// <summary>The columns that it takes and gives.</summary>
    public override string ToString() => Scorer.ToString();
}
