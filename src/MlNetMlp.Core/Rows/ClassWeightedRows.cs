namespace MlNetMlp;

/// <summary>
/// Rows whose weights are multiplied by those of their classes, but for metrics; see <see cref="ClassWeights"/>.
/// </summary>
internal sealed class ClassWeightedRows(IRowSource rows, ClassificationLoss loss, float[] factors) : IDerivedRows
{
    private const int RowsAtOnce = 64;

    /// <summary>The rows with the weights that they have by themselves.</summary>
    public IRowSource Source => rows;

    /// <summary>What the weights of the rows of each class are multiplied by.</summary>
    public IReadOnlyList<float> Factors => factors;

    public int Count => rows.Count;

    public int FeatureCount => rows.FeatureCount;

    public int TargetCount => rows.TargetCount;

    public bool IsSparse => rows.IsSparse;

    public int ShuffleWindow => rows.ShuffleWindow;

    public bool CanGatherConcurrently => rows.CanGatherConcurrently;

    /// <summary>Weights the training rows and, by the same factors, the validation rows, if the loss asks for it.</summary>
    /// <exception cref="ArgumentException">A target names no class, or there is another number of weights than of classes.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static (IRowSource Training, IRowSource? Validation) Apply(
        Loss loss, int outputs, IRowSource training, IRowSource? validation, CancellationToken cancellationToken)
    {
        if (loss is not ClassificationLoss { ClassWeights: { } weights } classes)
        {
            return (training, validation);
        }

        // All rows are looked at once, so that reading need not doubt a target.
        float[] factors = weights.Factors(Totals(classes, outputs, training, cancellationToken));
        if (validation is null)
        {
            return (new ClassWeightedRows(training, classes, factors), null);
        }

        Totals(classes, outputs, validation, cancellationToken);
        return (new ClassWeightedRows(training, classes, factors), new ClassWeightedRows(validation, classes, factors));
    }

    /// <summary>The weights of the parts of distributions, with a mean of 1 over all shares of the rows.</summary>
    /// <exception cref="ArgumentException">There is another number of weights than of parts.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static float[] FactorsOfShares(KullbackLeiblerDivergence loss, IRowSource rows, CancellationToken cancellationToken)
    {
        double[] totals = Totals(loss, rows.TargetCount, rows, cancellationToken);
        float[] factors = loss.ClassWeights!.Factors(totals);
        double mean = totals.Zip(factors, (total, factor) => total * factor).Sum() / totals.Sum();
        return mean > 0 && double.IsFinite(mean) ? Array.ConvertAll(factors, factor => (float)(factor / mean)) : factors;
    }

    /// <summary>The weight of the rows of each class, or of the parts of distributions; classes are checked.</summary>
    /// <exception cref="ArgumentException">A target names no class.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static double[] Totals(Loss loss, int outputs, IRowSource source, CancellationToken cancellationToken) => source is IRemoteRows remote
        ? remote.ClassTotals(loss, outputs, cancellationToken)
        : loss is ClassificationLoss classes ? OfClasses(classes, outputs, source, cancellationToken) : OfShares(source, cancellationToken);

    public (IRowSource Source, int Row) OriginOf(int row) => (rows, row);

    public void Gather(ReadOnlySpan<int> numbers, RowBatch batch)
    {
        int first = batch.Count;
        rows.Gather(numbers, batch);
        Span<float> weights = batch.Weights, targets = batch.Targets;
        batch.SetMetricWeights(first, weights[first..]);
        for (int i = first; i < weights.Length; i++)
        {
            weights[i] *= factors[loss.ClassOf(targets[i])];
        }
    }

    private static double[] OfShares(IRowSource source, CancellationToken cancellationToken)
    {
        double[] totals = new double[source.TargetCount];
        foreach ((_, RowBatch block) in source.InBlocks(RowsAtOnce, cancellationToken))
        {
            for (int i = 0; i < block.Count; i++)
            {
                ReadOnlySpan<float> shares = block.TargetsOf(i);
                for (int k = 0; k < totals.Length; k++)
                {
                    totals[k] += (double)block.Weights[i] * shares[k];
                }
            }
        }

        return totals;
    }

    private static double[] OfClasses(ClassificationLoss loss, int outputs, IRowSource source, CancellationToken cancellationToken)
    {
        var totals = new double[loss.ClassCount(outputs)];
        foreach ((int first, RowBatch block) in source.InBlocks(RowsAtOnce, cancellationToken))
        {
            for (int i = 0; i < block.Count; i++)
            {
                loss.CheckTargets(block.TargetsOf(i), outputs, RowOrigin.Of(source, first + i).Row);
                totals[loss.ClassOf(block.Targets[i])] += block.Weights[i];
            }
        }

        return totals;
    }
}
