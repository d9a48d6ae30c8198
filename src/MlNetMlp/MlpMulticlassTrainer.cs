using Microsoft.ML.Runtime;
using MlNetMlp.Internal;

namespace MlNetMlp;

/// <summary>A multilayer perceptron that tells any number of classes apart.</summary>
/// <remarks>
/// The network has one output for each value of the label's key, made into probabilities by the softmax
/// <c>p_c = exp(s_c) / sum exp(s_j)</c>, and minimises the cross-entropy <c>-log p_y</c> of the true class y. Output columns:
/// <c>PredictedLabel</c> (the key of the most probable class, the first of them in a tie) and <c>Score</c> (a vector of Single, the
/// probabilities, with the class names as slot names). The label is a key, as <c>MapValueToKey</c> makes it. Classes that no training
/// row has are allowed; they come out with small probabilities.
/// </remarks>
public sealed class MlpMulticlassTrainer : MlpTrainerBase
{
    internal MlpMulticlassTrainer(IHostEnvironment env, Options options)
        : base(env, options, MlpTask.Multiclass)
    {
    }

    /// <summary>The options of <see cref="MlpMulticlassTrainer"/>.</summary>
    public sealed record Options : MlpTrainerOptions;
}
