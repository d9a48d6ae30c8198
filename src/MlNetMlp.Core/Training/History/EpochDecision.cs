using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>What a callback wants after an epoch: go on, stop, keep the model as it is, change the learning rate, or several of these.</summary>
public sealed record EpochDecision : ISettings
{
    /// <summary>The training goes on as if nobody had been asked.</summary>
    public static EpochDecision Continue { get; } = new();

    /// <summary>No further epoch of this network.</summary>
    public static EpochDecision Stop { get; } = new() { StopsTraining = true };

    /// <summary>The model of this epoch is kept, and the training goes on.</summary>
    public static EpochDecision Keep { get; } = new() { KeepsModel = true };

    /// <summary>
    /// Whether the training of this network ends, as <see cref="TrainingEnd.StoppedByCallback"/>; of an ensemble, the next member begins. Default false.
    /// </summary>
    public bool StopsTraining { get; init; }

    /// <summary>
    /// Whether the model of this epoch is the one to return, unless a later one is kept. From the first that is kept on, the callback alone chooses, and no
    /// longer the loss. Default false.
    /// </summary>
    public bool KeepsModel { get; init; }

    /// <summary>
    /// What the scheduled rate of all further epochs of this network is multiplied by, beside the factors of earlier decisions; greater than 0. Default 1.
    /// With <see cref="Lbfgs"/>, which has no rate, it must be 1.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a finite number greater than 0.</exception>
    public float LearningRateFactor
    {
        get;
        init => field = Require.Positive(value, nameof(LearningRateFactor));
    } = 1;

    /// <summary>The training goes on with another rate; see <see cref="LearningRateFactor"/>.</summary>
    /// <param name="factor">What the rate is multiplied by from now on, greater than 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="factor"/> is not a finite number greater than 0.</exception>
    public static EpochDecision MultiplyLearningRate(float factor) => new() { LearningRateFactor = factor };

    /// <summary>The name, and what is not as it is by default.</summary>
    public override string ToString() => SettingsText.Of(this);
}
