using Microsoft.ML.Runtime;
using MlNetMlp.Internal;

namespace MlNetMlp;

/// <summary>A multilayer perceptron that tells two classes apart.</summary>
/// <remarks>
/// The network has one output, the log-odds <c>s</c> of the positive class, and minimises the cross-entropy
/// <c>-log p</c> of <c>p = 1 / (1 + exp(-s))</c> for positive rows and <c>-log(1 - p)</c> for negative ones. Output columns:
/// <c>PredictedLabel</c> (Boolean, <c>s > 0</c>), <c>Score</c> (Single, <c>s</c>) and <c>Probability</c> (Single, <c>p</c>).
/// The label is a Boolean.
/// </remarks>
public sealed class MlpBinaryTrainer : MlpTrainerBase
{
    internal MlpBinaryTrainer(IHostEnvironment env, Options options)
        : base(env, options, MlpTask.Binary)
    {
    }

    /// <summary>The options of <see cref="MlpBinaryTrainer"/>.</summary>
    public sealed record Options : MlpTrainerOptions;
}
