namespace MlNetMlp;

/// <summary>Rows whose weights are multiplied by those of their classes; see <see cref="ClassWeights"/>.</summary>
internal sealed class ClassWeightedRows(IRowSource rows, ClassificationLoss loss, float[] factors) : ISparseRowSource
{
    private const int RowsAtOnce = 64;

    public int Count => rows.Count;

    public int FeatureCount => rows.FeatureCount;

    public int TargetCount => rows.TargetCount;

    public int ShuffleWindow => rows.ShuffleWindow;

    public bool CanGatherConcurrently => rows.CanGatherConcurrently;

    public bool IsSparse => rows.AsSparse() is not null;

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

        float[] factors = weights.Factors(Totals(classes, outputs, training, cancellationToken));
        CheckTargets(validation, classes, outputs, cancellationToken);
        return (new ClassWeightedRows(training, classes, factors), validation is null ? null : new ClassWeightedRows(validation, classes, factors));
    }

    public void Gather(ReadOnlySpan<int> numbers, Span<float> features, Span<float> targets, Span<float> weights)
    {
        rows.Gather(numbers, features, targets, weights);
        Multiply(numbers.Length, targets, weights);
    }

    public void Gather(ReadOnlySpan<int> numbers, SparseFeatures features, Span<float> targets, Span<float> weights)
    {
        rows.AsSparse()!.Gather(numbers, features, targets, weights);
        Multiply(numbers.Length, targets, weights);
    }

    private void Multiply(int count, ReadOnlySpan<float> targets, Span<float> weights)
    {
        for (int i = 0; i < count; i++)
        {
            weights[i] *= factors[loss.ClassOf(targets[i])];
        }
    }

    /// <summary>The weight of the rows of each class. Looks at every row once, so that reading need not doubt a target.</summary>
    private static double[] Totals(ClassificationLoss loss, int outputs, IRowSource source, CancellationToken cancellationToken)
    {
        var totals = new double[loss.ClassCount(outputs)];
        Visit(source, loss, outputs, (target, weight) => totals[loss.ClassOf(target)] += weight, cancellationToken);
        return totals;
    }

    private static void CheckTargets(IRowSource? source, ClassificationLoss loss, int outputs, CancellationToken cancellationToken)
    {
        if (source is not null)
        {
            Visit(source, loss, outputs, (_, _) => { }, cancellationToken);
        }
    }

    private static void Visit(IRowSource source, ClassificationLoss loss, int outputs, Action<float, float> visit, CancellationToken cancellationToken)
    {
        var block = new RowBlock(source, RowsAtOnce, cancellationToken);
        for (int first = 0; block.Read(first); first += block.Rows)
        {
            for (int i = 0; i < block.Rows; i++)
            {
                loss.CheckTargets(block.TargetsOf(i), outputs, first + i);
                visit(block.Targets[i], block.Weights[i]);
            }
        }
    }
}
