using MlNetMlp.Numerics;

namespace MlNetMlp.Diagnostics;

/// <summary>
/// Compares the gradients of back-propagation with differences of the loss, for a network and options as they are: layers, loss, class weights,
/// penalties, dropout and noise, which are drawn once, and batch normalization in training mode.
/// </summary>
/// <remarks>
/// <para>
/// The relative error of an element is <c>|a - n| / max(|a|, |n|, floor)</c>, with the floor a tenth of the largest gradient of its parameter, or a
/// thousandth of the largest of all, or the size of rounding errors: below that, single precision says nothing.
/// </para>
/// <para>
/// A new network starts with biases of zero and gains of one, where errors could hide; the check moves parameters that are all the same by
/// normal numbers of deviation 0.1. A given model is checked as it is. Places at kinks, such as those of <see cref="Activation.Relu"/> and
/// <see cref="BinaryHinge"/>, are found and left out. The penalty L1 and weight decay act behind the gradient and are no part of it.
/// </para>
/// </remarks>
public static class GradientCheck
{
    /// <summary>A tenth: elements that are far smaller than others of their parameter do not matter to the training either.</summary>
    private const double FloorOfParameter = 0.1;

    private const double FloorOfAll = 1e-3;

    /// <summary>What a single-precision pass loses of the objective, as a part of it: a few units of the last place, averaged over rows.</summary>
    private const double Rounding = 1.0 / (1 << 22);

    /// <summary>Checks the gradients of a network on some of the training rows.</summary>
    /// <param name="task">
    /// What is to be trained; all training rows are read, to standardize as the training would. The parameters are those of
    /// <see cref="TrainingTask.InitialModel"/>, or of a new network if there is none. Validation rows and progress are ignored.
    /// </param>
    /// <param name="options">How much to check. Null: the defaults.</param>
    /// <exception cref="ArgumentNullException"><paramref name="task"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// The rows do not fit the architecture or the loss, there are none, all weights are zero, or the model has another shape.
    /// </exception>
    /// <exception cref="InvalidFeatureException">The options refuse a feature value.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static GradientCheckReport Run(TrainingTask task, GradientCheckOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(task);
        options ??= new GradientCheckOptions();
        TrainingTask given = task with { Validation = null };
        TrainingChecks.Check(given);
        TrainingChecks.RefuseSparseRows(given);
        CancellationToken cancellationToken = given.CancellationToken;
        TrainingTask weighted = given.WithClassWeights(cancellationToken);
        (IRowSource rows, Loss loss) = (weighted.Rows, weighted.Loss);
        TrainingSetup setup = TrainingSetup.Of(weighted, cancellationToken);
        SeededRandom random = new SeededRandom(given.Options.SeedOrDefault).At(DiagnosticsAddress.GradientCheck);

        int[] numbers = RowSample.Draw(rows.Count, options.Rows, random.At(0));
        var reader = new BatchReader(rows, setup.Standardizer, loss.TargetsAreValues ? setup.Targets : null, rows.Count / setup.TotalWeight);
        RowBatch batch = reader.CreateBatch(numbers.Length);
        cancellationToken.ThrowIfCancellationRequested();
        reader.Gather(numbers, batch);
        using ThreadTeam team = given.StartThreads();
        var trained = new MlpNetwork(setup.Architecture, numbers.Length, groups: given.Groups);
        if (given.InitialModel is { } model)
        {
            trained.Parameters.Restore(model.Values);
        }
        else
        {
            trained.Initialize(random.At(1));
            Disturb(trained.Parameters, random.At(2));
        }

        var objective = new NetworkObjective(trained, loss, batch, given.Penalties, random.At(3), team);
        return new GradientCheckReport
        {
            Parameters = Compare(objective, options, random.At(4), cancellationToken),
            Network = given.ToString(),
            Rows = numbers.Length,
            Objective = objective.Value(),
            Tolerance = options.Tolerance,
        };
    }

    /// <summary>Compares the gradient that an objective claims to have with the one that it has.</summary>
    internal static IReadOnlyList<ParameterGradientCheck> Compare(
        DifferentiableObjective objective, GradientCheckOptions check, SeededRandom random, CancellationToken cancellationToken)
    {
        objective.Differentiate();
        float[] gradients = objective.Parameters.Gradients.Span.ToArray();
        double center = objective.Value(), rounding = Rounding * Math.Abs(center), smallest = FloorOfAll * Largest(gradients);
        var results = new List<ParameterGradientCheck>();
        foreach (Parameter parameter in objective.Parameters.Layout.Parameters.Where(parameter => parameter.Trainable))
        {
            ReadOnlySpan<float> gradient = gradients.AsSpan(parameter.Offset, parameter.Length);
            double floor = Math.Max(FloorOfParameter * Largest(gradient), smallest);
            var differences = new ElementDifferences(objective, parameter, center, rounding, check.Tolerance, floor);
            int kinks = 0, compared = 0;
            (int Index, double Error, double Numeric) worst = (0, -1, 0);
            foreach (int index in RowSample.Draw(parameter.Length, check.ElementsPerParameter, random.At(parameter.Offset)))
            {
                cancellationToken.ThrowIfCancellationRequested();
                (double numeric, double error, bool isKink) = differences.Compare(index, gradient[index]);
                kinks += isKink ? 1 : 0;
                compared += isKink ? 0 : 1;
                worst = !isKink && error > worst.Error ? (index, error, numeric) : worst;
            }

            GradientCheckVerdict verdict = worst.Error > check.Tolerance ? GradientCheckVerdict.Failed
                : kinks > compared ? GradientCheckVerdict.Inconclusive : GradientCheckVerdict.Passed;
            results.Add(new ParameterGradientCheck
            {
                Name = parameter.Name,
                Rows = parameter.Rows,
                Columns = parameter.Columns,
                Verdict = verdict,
                Compared = compared,
                Kinks = kinks,
                LargestError = Math.Max(worst.Error, 0),
                Row = worst.Index / parameter.Columns,
                Column = worst.Index % parameter.Columns,
                Analytic = gradient[worst.Index],
                Numeric = worst.Numeric,
            });
        }

        return results;
    }

    /// <summary>Moves what is all the same, such as biases of zero: there an error can be hidden by symmetry.</summary>
    private static void Disturb(ParameterVector parameters, SeededRandom random)
    {
        foreach (Parameter parameter in parameters.Layout.Parameters.Where(parameter => parameter.Trainable))
        {
            Span<float> values = parameters.Value(parameter);
            if (!values.ContainsAnyExcept(values[0]))
            {
                random.At(parameter.Offset).FillNormal(values, values[0], 0.1f);
            }
        }
    }

    private static double Largest(ReadOnlySpan<float> values)
    {
        double largest = 0;
        foreach (float value in values)
        {
            largest = Math.Max(largest, Math.Abs(value));
        }

        return largest;
    }
}
