using System.Runtime.InteropServices;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>Rows with what the network says of them, for <see cref="EpochMetric"/>; valid while the metric is computed.</summary>
public sealed class ScoredRows
{
    private readonly List<float> _scores = [], _targets = [], _weights = [];

    internal ScoredRows()
    {
    }

    /// <summary>The number of rows.</summary>
    public int Count => _weights.Count;

    /// <summary>The scores of a row, as <see cref="Networks.MlpModel"/> gives them; of two classes, the log-odds or the margin.</summary>
    /// <param name="row">Its number, from 0.</param>
    public ReadOnlySpan<float> Scores(int row) => RowOf(_scores, row);

    /// <summary>The targets of a row, in the units in which they were given.</summary>
    /// <param name="row">Its number, from 0.</param>
    public ReadOnlySpan<float> Targets(int row) => RowOf(_targets, row);

    /// <summary>The only target of a row, or the first: 0 or 1, the index of the class, or the value.</summary>
    /// <param name="row">Its number, from 0.</param>
    public float Target(int row) => Targets(row)[0];

    /// <summary>The example weight of a row.</summary>
    /// <param name="row">Its number, from 0.</param>
    public float Weight(int row) => _weights[row];

    /// <summary>The number of rows, in words.</summary>
    public override string ToString() => FormattableString.Invariant($"{Count} rows with scores");

    internal void Add(ReadOnlyMatrixSpan logits, RowBatch batch, Loss loss, TargetUnits units)
    {
        int outputs = logits.Columns;
        Span<float> scores = Append(_scores, logits.Values), targets = Append(_targets, batch.Targets);
        Append(_weights, batch.MetricWeights);
        if (loss.TargetsAreValues)
        {
            ToGiven(scores, units);
            ToGiven(targets, units);
        }

        for (int i = 0; i < logits.Rows; i++)
        {
            loss.ToScores(scores.Slice(i * outputs, outputs));
        }
    }

    internal void Add(ScoredRows other)
    {
        _scores.AddRange(other._scores);
        _targets.AddRange(other._targets);
        _weights.AddRange(other._weights);
    }

    private static void ToGiven(Span<float> values, TargetUnits units)
    {
        for (int i = 0; i < values.Length; i++)
        {
            int k = i % units.Scale.Length;
            values[i] = values[i] * units.Scale[k] + units.Offset[k];
        }
    }

    private static Span<float> Append(List<float> list, ReadOnlySpan<float> values)
    {
        int first = list.Count;
        list.AddRange(values);
        return CollectionsMarshal.AsSpan(list)[first..];
    }

    private ReadOnlySpan<float> RowOf(List<float> values, int row)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, Count);
        int width = values.Count / Count;
        return CollectionsMarshal.AsSpan(values).Slice(row * width, width);
    }
}
