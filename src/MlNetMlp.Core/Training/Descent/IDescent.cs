using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>The way to smaller losses: what an epoch does to the parameters. Used by one thread.</summary>
internal interface IDescent
{
    /// <summary>The learning rate, or length, of the last step.</summary>
    float LearningRate { get; }

    /// <summary>The Euclidean norm of the last step's gradient, before clipping.</summary>
    double GradientNorm { get; }

    /// <summary>What the penalties on weights add to the loss for the parameters as they are.</summary>
    double WeightPenalty { get; }

    /// <summary>What the penalties on activations added to the mean loss of the last epoch.</summary>
    double ActivityPenalty { get; }

    /// <summary>True once another epoch would bring nothing.</summary>
    bool HasConverged { get; }

    /// <summary>The number of steps so far, over all epochs; set where a run is resumed.</summary>
    long Steps { get; set; }

    /// <summary>
    /// All that is carried from epoch to epoch, beside the parameters and the number of steps. Written back into a new descent, it continues
    /// this one bit for bit.
    /// </summary>
    IReadOnlyList<OptimizerState> State { get; }

    /// <summary>Runs an epoch.</summary>
    /// <param name="epoch">Its number, from 0.</param>
    /// <param name="rateFactor">What the scheduled rate is multiplied by; of no meaning where there is no rate.</param>
    /// <param name="random">Its random numbers.</param>
    /// <param name="monitoredLosses">The monitored losses of the epochs before, for schedules that go by them.</param>
    /// <param name="cancellationToken">Looked at before every mini-batch.</param>
    /// <exception cref="TrainingDivergedException">A loss is not finite.</exception>
    EpochResult RunEpoch(
        int epoch, float rateFactor, SeededRandom random, ReadOnlySpan<double> monitoredLosses, CancellationToken cancellationToken);

    /// <summary>What to say where the training diverged in epoch number <paramref name="epoch"/>, from 1.</summary>
    /// <param name="epoch">The epoch.</param>
    /// <param name="what">What is no longer finite, for example <c>the loss</c>.</param>
    TrainingDivergedException Diverged(int epoch, string what);
}
