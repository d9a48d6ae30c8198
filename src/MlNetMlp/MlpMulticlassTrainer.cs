using Microsoft.ML.Runtime;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>A multilayer perceptron for multiclass classification.</summary>
/// <remarks>
/// The network has one output for each value of the label's key, made into probabilities by the softmax
/// <c>p_c = exp(s_c) / sum exp(s_j)</c>, and minimises the cross-entropy <c>-log p_y</c> of the true class y, or another
/// <see cref="Options.Loss"/>. Output columns:
/// <c>PredictedLabel</c> (the key of the most probable class, the first of them in a tie) and <c>Score</c> (a vector of Single, the
/// probabilities, with the class names as slot names). The label is a key, as <c>MapValueToKey</c> makes it. Classes that no training
/// row has are allowed; they come out with small probabilities. With <see cref="MulticlassHinge"/> or <see cref="SquaredMulticlassHinge"/>
/// <c>Score</c> has the outputs themselves, margins of any size and sign: the greatest one wins, but metrics of probabilities, such as
/// the log-loss, mean nothing.
/// </remarks>
/// <example>
/// <code>
/// var pipeline = mlContext.Transforms.Conversion.MapValueToKey("Label", "Species")
///     .Append(mlContext.Transforms.Concatenate("Features", "SepalLength", "SepalWidth", "PetalLength", "PetalWidth"))
///     .Append(mlContext.MulticlassClassification.Trainers.Mlp())
///     .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
/// ITransformer model = pipeline.Fit(trainData);
/// Console.WriteLine(mlContext.MulticlassClassification.Evaluate(model.Transform(testData)).MicroAccuracy);
/// </code>
/// </example>
public sealed class MlpMulticlassTrainer : MlpTrainerBase
{
    internal MlpMulticlassTrainer(IHostEnvironment env, Options options)
        : base(env, options, MlpTask.Multiclass)
    {
    }

    /// <summary>The options of <see cref="MlpMulticlassTrainer"/>.</summary>
    public sealed record Options : MlpTrainerOptions
    {
        /// <summary>All options at their defaults.</summary>
        public Options()
        {
        }

        /// <summary>
        /// A copy, to be changed by an object initializer. C# has <c>options with { NumberOfEpochs = 10 }</c>; other languages call this constructor,
        /// as in F#'s <c>MlpMulticlassTrainer.Options(options, NumberOfEpochs = 10)</c>.
        /// </summary>
        /// <param name="original">The options to copy.</param>
        /// <exception cref="ArgumentNullException"><paramref name="original"/> is null.</exception>
        public Options(Options original)
            : base(original ?? throw new ArgumentNullException(nameof(original)))
            => Loss = original.Loss;

        /// <summary>
        /// What the training minimises: <see cref="SoftmaxCrossEntropy"/> (the default), <see cref="SoftmaxSquaredError"/>,
        /// <see cref="MulticlassSquaredError"/>, <see cref="MulticlassHinge"/> or <see cref="SquaredMulticlassHinge"/>. Only the first two make <c>Score</c>
        /// probabilities.
        /// </summary>
        /// <exception cref="ArgumentNullException">The value is null.</exception>
        public MulticlassLoss Loss
        {
            get;
            init => field = Require.NotNull(value, nameof(Loss));
        } = new SoftmaxCrossEntropy();

        internal override Loss TaskLoss => Loss;
    }
}
