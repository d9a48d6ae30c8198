namespace MlNetMlp;

/// <summary>The targets of some rows as a tree compares them: numbers to mean 0 and variance 1, classes as one number each that is 1 for its rows.</summary>
internal sealed class SampledTargets
{
    private readonly float[] _weights;
    private readonly float[] _amounts;
    private readonly int[]? _classes;

    private SampledTargets(int outputs, float[] weights, float[] amounts, int[]? classes) =>
        (Outputs, _weights, _amounts, _classes) = (outputs, weights, amounts, classes);

    /// <summary>The number of sums.</summary>
    public int Outputs { get; }

    /// <param name="loss">What they are for.</param>
    /// <param name="targets">[rows, targets].</param>
    /// <param name="weights">[rows]; a row without weight does not count.</param>
    public static SampledTargets Of(Loss loss, float[] targets, float[] weights)
    {
        int count = targets.Length / weights.Length;
        if (loss is ClassificationLoss classification)
        {
            int[] classes = [.. weights.Select((weight, i) => weight > 0 ? classification.ClassOf(targets[i]) : 0)];
            return new(classes.Max() + 1, weights, weights, classes);
        }

        var moments = new ColumnMoments(count, isSparse: false);
        for (int i = 0; i < weights.Length; i++)
        {
            moments.Add(targets.AsSpan(i * count, count), weights[i]);
        }

        float[] means = moments.Means(), deviations = moments.Deviations(), amounts = new float[targets.Length];
        for (int i = 0; i < amounts.Length; i++)
        {
            int k = i % count;
            float weight = weights[i / count];
            amounts[i] = weight > 0 && deviations[k] > 0 ? weight * ((targets[i] - means[k]) / deviations[k]) : 0;
        }

        return new(count, weights, amounts, null);
    }

    /// <summary>Adds a row to weighted sums, or takes it away.</summary>
    /// <param name="row">The row.</param>
    /// <param name="sign">1 or -1.</param>
    /// <param name="sums">[<see cref="Outputs"/>].</param>
    /// <param name="weight">The sum of the weights.</param>
    /// <param name="squares">The sum of the squares of the sums.</param>
    public void Add(int row, int sign, Span<double> sums, ref double weight, ref double squares)
    {
        weight += sign * _weights[row];
        if (_classes is not null)
        {
            Add(sign * _amounts[row], ref sums[_classes[row]], ref squares);
            return;
        }

        for (int k = 0; k < sums.Length; k++)
        {
            Add(sign * _amounts[(row * sums.Length) + k], ref sums[k], ref squares);
        }
    }

    private static void Add(float amount, ref double sum, ref double squares)
    {
        squares += amount * ((2 * sum) + amount);
        sum += amount;
    }
}
