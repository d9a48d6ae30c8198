using MlNetMlp.Numerics;

namespace MlNetMlp.Diagnostics;

/// <summary>
/// Trains a network for some mini-batches, each with a higher learning rate than the one before, and looks at what the loss does: it stays where the rate
/// is too low, falls where it is right, and rises where it is too high.
/// </summary>
/// <remarks>
/// The rates are <c>from (to / from)^(i / (steps - 1))</c>. It ends before the last rate where the loss is no longer finite, or where its running mean is
/// higher than at the beginning and more than four times as high as it has been. Everything else is as in the training that was asked for, but an ensemble has
/// one network only. (Leslie N. Smith, Cyclical Learning Rates for Training Neural Networks, 2017, section 3.3.)
/// </remarks>
public static class LearningRateFinder
{
    /// <summary>How much of the running mean a step keeps, and how much higher it must be than it was for the search to end.</summary>
    private const double Kept = 0.9, Explosion = 4;

    /// <summary>So many losses are what the beginning is.</summary>
    private const int Beginning = 5;

    /// <summary>Tries the rates.</summary>
    /// <param name="task">What is to be trained; its schedule, its epochs, progress and callbacks are of no meaning, and nothing of it is changed.</param>
    /// <param name="options">Which rates. Null: the defaults.</param>
    /// <exception cref="ArgumentNullException"><paramref name="task"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// The optimizer finds its steps without a rate, the lowest rate is not below the highest, or the parts of the task do not fit each other.
    /// </exception>
    /// <exception cref="InvalidFeatureException">The options refuse a feature value.</exception>
    /// <exception cref="TrainingDivergedException">The loss is not finite at the first rate.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static LearningRateCurve Run(TrainingTask task, LearningRateFinderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(task);
        options ??= new LearningRateFinderOptions();
        if (task.Options.Optimizer is not MiniBatchOptimizer optimizer)
        {
            throw new ArgumentException($"Optimizer is {task.Options.Optimizer}, which finds its steps by itself: there is no learning rate to find.");
        }

        if (!(options.From < options.To))
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"{nameof(options.From)} is {options.From} and {nameof(options.To)} is {options.To}; the first rate must be below the last."));
        }

        TrainingChecks.Check(task);
        CancellationToken cancellationToken = task.CancellationToken;
        TrainingTask weighted = task.WithClassWeights(cancellationToken);
        TrainingSetup setup = TrainingSetup.Of(weighted with { Validation = null }, cancellationToken);
        weighted = weighted with { Architecture = setup.Architecture };
        using ThreadTeam team = task.StartThreads();
        var propagation = new Propagation(weighted, setup, team);
        if (task.InitialModel is { } initial)
        {
            propagation.Network.Parameters.Restore(initial.Values);
        }

        List<(float Rate, double Loss)> losses = Losses(weighted, optimizer, propagation, options, team);
        return losses.Count > 0
            ? new LearningRateCurve(losses)
            : throw new TrainingDivergedException(1, "the loss", options.From);
    }

    private static List<(float Rate, double Loss)> Losses(
        TrainingTask task, MiniBatchOptimizer optimizer, Propagation propagation, LearningRateFinderOptions options, ThreadTeam team)
    {
        var update = new ParameterUpdate(propagation.Network.Parameters, optimizer, task, propagation.BatchSize, propagation.Batches, team);
        SeededRandom epochs = new SeededRandom(task.Options.SeedOrDefault).At(TrainingRandom.Epochs);
        var losses = new List<(float Rate, double Loss)>();

        // Decay, dropout and penalties stay as they are at the beginning of their schedules.
        var start = new ScheduleMoment(0, task.Options.NumberOfEpochs, []);
        propagation.At(start);
        update.At(start);
        float decay = optimizer.WeightDecay.RateAt(start, propagation.BatchSize);
        double mean = 0, lowest = double.PositiveInfinity;
        for (int step = 0; step < options.Steps; step++)
        {
            task.CancellationToken.ThrowIfCancellationRequested();
            (int epoch, int number) = Math.DivRem(step, propagation.Batches);
            if (number == 0)
            {
                propagation.StartEpoch(epoch);
            }

            float rate = (float)(options.From * Math.Pow((double)options.To / options.From, step / (options.Steps - 1.0)));
            RowBatch batch = propagation.Gather(number);
            double loss = propagation.ForwardAndBackward(batch, epochs.At(epoch).At(number), 1f / batch.Count) / batch.Count;
            if (!double.IsFinite(loss))
            {
                break;
            }

            losses.Add((rate, loss));

            // As if there had been such losses before the first: divided by the share of what was seen.
            mean = Kept * mean + (1 - Kept) * loss;
            double running = mean / (1 - Math.Pow(Kept, step + 1));
            lowest = Math.Min(lowest, running);
            if (step >= Beginning && running > Math.Max(Explosion * lowest, losses.Take(Beginning).Average(first => first.Loss)))
            {
                break;
            }

            update.Apply(rate, decay, step + 1, wantsNorm: false);
        }

        return losses;
    }
}
