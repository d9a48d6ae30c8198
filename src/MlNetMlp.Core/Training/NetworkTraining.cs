using System.Diagnostics;

namespace MlNetMlp;

/// <summary>The training of one network, with everything checked and measured.</summary>
/// <param name="Architecture">The shape.</param>
/// <param name="Loss">What is minimised.</param>
/// <param name="Training">The rows to learn from.</param>
/// <param name="Validation">The rows to look at, or null.</param>
/// <param name="ValidationWeight">The sum of their weights.</param>
/// <param name="Options">How to train.</param>
/// <param name="Setup">What was measured over the training rows.</param>
/// <param name="Initial">The network to continue from, or null.</param>
/// <param name="Clock">Runs since the training began.</param>
/// <param name="Member">The network's number in its ensemble, from 1.</param>
/// <param name="Members">The number of networks that are to be trained.</param>
internal sealed record NetworkTraining(
    MlpArchitecture Architecture,
    Loss Loss,
    IRowSource Training,
    IRowSource? Validation,
    double ValidationWeight,
    MlpTrainingOptions Options,
    TrainingSetup Setup,
    MlpModel? Initial,
    Stopwatch Clock,
    int Member = 1,
    int Members = 1)
{
    /// <summary>
    /// Whether <see cref="Initial"/> may turn out to be the best network: a model that was given may, the snapshot before must not become
    /// one twice.
    /// </summary>
    public bool InitialMayBeBest { get; init; } = true;

    /// <summary>Looked at before every mini-batch.</summary>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>
    /// Looked at where rows are read before the first epoch; see
    /// <see cref="CheckpointKeeper.Preparing(MlpTrainingOptions, CancellationToken)"/>.
    /// </summary>
    public CancellationToken Preparing { get; init; }

    /// <summary>
    /// Whether a cancelled training whose first epoch is not over returns what was learned until then: not where it throws, nor for a member of an
    /// ensemble that has others.
    /// </summary>
    public bool KeepsUnfinished => !Options.ThrowOnCancellation && Member == 1;
}
