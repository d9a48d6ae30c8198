using Microsoft.ML.Runtime;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>A multilayer perceptron for binary classification.</summary>
/// <remarks>
/// The network has one output, the log-odds <c>s</c> of the positive class, and minimises the cross-entropy
/// <c>-log p</c> of <c>p = 1 / (1 + exp(-s))</c> for positive rows and <c>-log(1 - p)</c> for negative ones, or another
/// <see cref="Options.Loss"/>. Output columns: <c>PredictedLabel</c> (Boolean, <c>s > 0</c>), <c>Score</c> (Single, <c>s</c>) and
/// <c>Probability</c> (Single, <c>p</c>). The label is a Boolean. With <see cref="BinaryHinge"/> or <see cref="PerceptronLoss"/> the score is
/// not a log-odds: <c>Probability</c> is still <c>1 / (1 + exp(-s))</c>, which keeps the order of the rows and the threshold of one half, but is
/// not calibrated; metrics of probabilities, such as the log-loss, then say little.
/// </remarks>
/// <example>
/// <code>
/// var pipeline = mlContext.Transforms.Categorical.OneHotEncoding("Occupation")
///     .Append(mlContext.Transforms.Concatenate("Features", "Occupation", "Age"))
///     .Append(mlContext.BinaryClassification.Trainers.Mlp(new MlpBinaryTrainer.Options
///     {
///         Effort = Effort.Best,
///         Loss = new SigmoidCrossEntropy { ClassWeights = ClassWeights.Balanced },
///     }));
/// ITransformer model = pipeline.Fit(trainData);
/// Console.WriteLine(mlContext.BinaryClassification.Evaluate(model.Transform(testData)).AreaUnderRocCurve);
/// </code>
/// </example>
public sealed class MlpBinaryTrainer : MlpTrainerBase
{
    internal MlpBinaryTrainer(IHostEnvironment env, Options options)
        : base(env, options, MlpTask.Binary)
    {
    }

    /// <summary>The options of <see cref="MlpBinaryTrainer"/>.</summary>
    public sealed record Options : MlpTrainerOptions
    {
        /// <summary>All options at their defaults.</summary>
        public Options()
        {
        }

        /// <summary>
        /// A copy, to be changed by an object initializer. C# has <c>options with { NumberOfEpochs = 10 }</c>; other languages call this constructor,
        /// as in F#'s <c>MlpBinaryTrainer.Options(options, NumberOfEpochs = 10)</c>.
        /// </summary>
        /// <param name="original">The options to copy.</param>
        /// <exception cref="ArgumentNullException"><paramref name="original"/> is null.</exception>
        public Options(Options original)
            : base(original ?? throw new ArgumentNullException(nameof(original)))
            => Loss = original.Loss;

        /// <summary>
        /// What the training minimises: <see cref="SigmoidCrossEntropy"/> (the default), <see cref="SigmoidSquaredError"/>, <see cref="BinaryHinge"/> or
        /// <see cref="PerceptronLoss"/>. Only the first two make <c>Probability</c> a probability.
        /// </summary>
        /// <exception cref="ArgumentNullException">The value is null.</exception>
        public BinaryLoss Loss
        {
            get;
            init => field = Require.NotNull(value, nameof(Loss));
        } = new SigmoidCrossEntropy();

        internal override Loss TaskLoss => Loss;
    }
}
