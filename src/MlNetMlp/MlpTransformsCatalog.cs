using MlNetMlp;

namespace Microsoft.ML;

/// <summary>Networks and their input preparation as transforms, in the catalog <c>mlContext.Transforms</c>.</summary>
public static class MlpTransformsCatalog
{
    /// <summary>The activations of a hidden layer of a trained network as features for other trainers.</summary>
    /// <param name="catalog">The catalog, <c>mlContext.Transforms</c>.</param>
    /// <param name="network">The network, trained here or imported.</param>
    /// <param name="layer">The number of the hidden layer, from 1; 0 for what the first layer sees. See <see cref="MlpModel.Features"/>.</param>
    /// <param name="outputColumnName">The column to add, a vector of Single.</param>
    /// <param name="featureColumnName">The column of the network's features, a vector of Single.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">A name is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The network has no such layer.</exception>
    /// <example>
    /// <code>
    /// var pipeline = mlContext.Transforms.MlpFeatures(model.GetMlp().Model.Network, layer: 1, "Learned")
    ///     .Append(mlContext.Regression.Trainers.Sdca("Label", "Learned"));
    /// </code>
    /// </example>
    public static MlpFeaturesEstimator MlpFeatures(
        this TransformsCatalog catalog, MlpModel network, int layer, string outputColumnName = "MlpFeatures", string featureColumnName = "Features") =>
        new(Hosting.EnvironmentOf(catalog), network, layer, outputColumnName, featureColumnName);

    /// <summary>
    /// A network that is trained with a label, and of which only a hidden layer is kept. Layer 0 with <see cref="MlpTrainingOptions.CategoricalEmbedding"/>
    /// makes vectors of categories: an entity embedding that was learned from the label.
    /// </summary>
    /// <param name="catalog">The catalog, <c>mlContext.Transforms</c>.</param>
    /// <param name="trainer">The trainer, with its columns.</param>
    /// <param name="layer">The number of the hidden layer, from 1; 0 for what the first layer sees. See <see cref="MlpModel.Features"/>.</param>
    /// <param name="outputColumnName">The column to add, a vector of Single.</param>
    /// <remarks>
    /// The features know the labels of the rows that the network learned from. A trainer behind them that is evaluated on these rows, or cross-validated on
    /// them, has too good a metric, unless the whole pipeline is fitted in every fold. Guo and Berkhahn, Entity Embeddings of
    /// Categorical Variables, 2016.
    /// </remarks>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">A name is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The options of the trainer have no such layer.</exception>
    /// <example>
    /// <code>
    /// var embedding = mlContext.Regression.Trainers.Mlp(new MlpRegressionTrainer.Options { CategoricalEmbedding = new() });
    /// var pipeline = mlContext.Transforms.MlpFeatures(embedding, layer: 0, "Embedded")
    ///     .Append(mlContext.Regression.Trainers.Sdca("Label", "Embedded"));
    /// </code>
    /// </example>
    public static MlpFeaturesEstimator MlpFeatures(
        this TransformsCatalog catalog, MlpTrainerBase trainer, int layer, string outputColumnName = "MlpFeatures") =>
        new(Hosting.EnvironmentOf(catalog), trainer, layer, outputColumnName);

    /// <summary>Encodes every number of a vector piecewise-linearly; see <see cref="PiecewiseLinearEncodingEstimator"/>.</summary>
    /// <param name="catalog">The catalog, <c>mlContext.Transforms</c>.</param>
    /// <param name="outputColumnName">The column to add, a vector of Single.</param>
    /// <param name="inputColumnName">The column with the numbers, a vector of Single of known size. Null: <paramref name="outputColumnName"/>.</param>
    /// <param name="bins">The most bins of a number, from 2 to 256. Default 16.</param>
    /// <exception cref="ArgumentNullException"><paramref name="catalog"/> is null.</exception>
    /// <exception cref="ArgumentException">A name is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bins"/> is outside its range.</exception>
    /// <example>
    /// <code>
    /// var pipeline = mlContext.Transforms.PiecewiseLinearEncoding("Encoded", "Features")
    ///     .Append(mlContext.Regression.Trainers.Sdca("Label", "Encoded"));
    /// </code>
    /// </example>
    public static PiecewiseLinearEncodingEstimator PiecewiseLinearEncoding(
        this TransformsCatalog catalog, string outputColumnName, string? inputColumnName = null, int bins = 16) =>
        new(Hosting.EnvironmentOf(catalog), outputColumnName, inputColumnName, bins);
}
