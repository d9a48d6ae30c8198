using Microsoft.ML.Runtime;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>A multilayer perceptron that predicts one number, or several at once.</summary>
/// <remarks>
/// The network has one linear output for each value of the label and minimises the squared error, or another
/// <see cref="Options.Loss"/>. Output column: <c>Score</c>, Single
/// for a Single label and a vector of Single for a vector, in the label's units. The label is a Single or a vector of Single of known
/// size; a vector with a missing value counts as a missing label.
/// </remarks>
/// <example>
/// <code>
/// var trainer = mlContext.Regression.Trainers.Mlp(new MlpRegressionTrainer.Options
/// {
///     LabelColumnName = "Fare",
///     Loss = new HuberLoss { Delta = 1.5f },
/// });
/// MlpPredictionTransformer model = trainer.Fit(trainData, validationData);
/// Console.WriteLine(model.Summary());
/// </code>
/// </example>
public sealed class MlpRegressionTrainer : MlpTrainerBase
{
    internal MlpRegressionTrainer(IHostEnvironment env, Options options)
        : base(env, options, MlpTask.Regression)
    {
    }

    /// <summary>The options of <see cref="MlpRegressionTrainer"/>.</summary>
    public sealed record Options : MlpTrainerOptions
    {
        /// <summary>All options at their defaults.</summary>
        public Options()
        {
        }

        /// <summary>
        /// A copy, to be changed by an object initializer. C# has <c>options with { NumberOfEpochs = 10 }</c>; other languages call this constructor,
        /// as in F#'s <c>MlpRegressionTrainer.Options(options, NumberOfEpochs = 10)</c>.
        /// </summary>
        /// <param name="original">The options to copy.</param>
        /// <exception cref="ArgumentNullException"><paramref name="original"/> is null.</exception>
        public Options(Options original)
            : base(original ?? throw new ArgumentNullException(nameof(original)))
            => Loss = original.Loss;

        /// <summary>
        /// What the training minimises: <see cref="SquaredError"/> (the default), <see cref="AbsoluteError"/> or <see cref="HuberLoss"/>; for
        /// labels that are vectors also <see cref="KullbackLeiblerDivergence"/> (the labels are shares with the sum 1, and so is
        /// <c>Score</c>) and <see cref="CosineProximity"/> (only the direction of the label counts, and of <c>Score</c>). The first three
        /// standardize labels, unless <see cref="DifferenceLoss.StandardizeTargets"/> is off.
        /// </summary>
        /// <exception cref="ArgumentNullException">The value is null.</exception>
        public RegressionLoss Loss
        {
            get;
            init => field = Require.NotNull(value, nameof(Loss));
        } = new SquaredError();

        internal override Loss TaskLoss => Loss;
    }
}
