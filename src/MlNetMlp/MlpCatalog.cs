using Microsoft.ML.Data;
using MlNetMlp;

namespace Microsoft.ML;

/// <summary>Multilayer perceptrons in the trainer catalogs of an <see cref="MLContext"/>.</summary>
/// <example>
/// The short form takes the names of columns and what is changed most; <see cref="MlpTrainerOptions"/> has all options.
/// <code>
/// var pipeline = mlContext.Transforms.Concatenate("Features", "Area", "Rooms", "Age")
///     .Append(mlContext.Regression.Trainers.Mlp(labelColumnName: "Price"));
/// ITransformer model = pipeline.Fit(trainData);
/// Console.WriteLine(mlContext.Regression.Evaluate(model.Transform(testData), labelColumnName: "Price").RSquared);
/// </code>
/// </example>
public static class MlpCatalog
{
    /// <summary>A multilayer perceptron for binary classification; see <see cref="MlpBinaryTrainer"/>.</summary>
    /// <param name="catalog">The catalog, <c>mlContext.BinaryClassification.Trainers</c>.</param>
    /// <param name="labelColumnName">The label column, Boolean.</param>
    /// <param name="featureColumnName">The feature column, a vector of Single of known size.</param>
    /// <param name="exampleWeightColumnName">The column with the weight of each row, Single; null: all rows count the same.</param>
    /// <param name="hiddenUnits">
    /// The number of units of each hidden layer, from the features to the score; null: as <see cref="Effort.Balanced"/> chooses; empty: none, a linear
    /// model.
    /// </param>
    /// <param name="numberOfEpochs">The number of passes over the training rows, at least 1; null: as <see cref="Effort.Balanced"/> chooses.</param>
    /// <param name="learningRate">
    /// The learning rate at the start, greater than 0, which falls to 0 along a cosine; null: as <see cref="Effort.Balanced"/> chooses.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="catalog"/> is null.</exception>
    /// <exception cref="ArgumentException">A column name is null or empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range.</exception>
    public static MlpBinaryTrainer Mlp(
        this BinaryClassificationCatalog.BinaryClassificationTrainers catalog,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        string? exampleWeightColumnName = null,
        int[]? hiddenUnits = null,
        int? numberOfEpochs = null,
        float? learningRate = null) =>
        catalog.Mlp((MlpBinaryTrainer.Options)new MlpBinaryTrainer.Options
        {
            LabelColumnName = labelColumnName,
            FeatureColumnName = featureColumnName,
            ExampleWeightColumnName = exampleWeightColumnName,
        }.With(hiddenUnits, numberOfEpochs, learningRate));

    /// <summary>A multilayer perceptron for binary classification; see <see cref="MlpBinaryTrainer"/>.</summary>
    /// <param name="catalog">The catalog, <c>mlContext.BinaryClassification.Trainers</c>.</param>
    /// <param name="options">All options of the trainer.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">Two options contradict each other.</exception>
    public static MlpBinaryTrainer Mlp(this BinaryClassificationCatalog.BinaryClassificationTrainers catalog, MlpBinaryTrainer.Options options) =>
        new(Hosting.EnvironmentOf(catalog), options);

    /// <summary>A multilayer perceptron for multiclass classification; see <see cref="MlpMulticlassTrainer"/>.</summary>
    /// <param name="catalog">The catalog, <c>mlContext.MulticlassClassification.Trainers</c>.</param>
    /// <param name="labelColumnName">The label column, a key: what <c>MapValueToKey</c> makes.</param>
    /// <param name="featureColumnName">The feature column, a vector of Single of known size.</param>
    /// <param name="exampleWeightColumnName">The column with the weight of each row, Single; null: all rows count the same.</param>
    /// <param name="hiddenUnits">
    /// The number of units of each hidden layer, from the features to the scores; null: two layers of 128; empty: none, a linear model.
    /// </param>
    /// <param name="numberOfEpochs">The number of passes over the training rows, at least 1; null: as <see cref="Effort.Balanced"/> chooses.</param>
    /// <param name="learningRate">
    /// The learning rate at the start, greater than 0, which falls to 0 along a cosine; null: as <see cref="Effort.Balanced"/> chooses.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="catalog"/> is null.</exception>
    /// <exception cref="ArgumentException">A column name is null or empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range.</exception>
    public static MlpMulticlassTrainer Mlp(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        string? exampleWeightColumnName = null,
        int[]? hiddenUnits = null,
        int? numberOfEpochs = null,
        float? learningRate = null) =>
        catalog.Mlp((MlpMulticlassTrainer.Options)new MlpMulticlassTrainer.Options
        {
            LabelColumnName = labelColumnName,
            FeatureColumnName = featureColumnName,
            ExampleWeightColumnName = exampleWeightColumnName,
        }.With(hiddenUnits, numberOfEpochs, learningRate));

    /// <summary>A multilayer perceptron for multiclass classification; see <see cref="MlpMulticlassTrainer"/>.</summary>
    /// <param name="catalog">The catalog, <c>mlContext.MulticlassClassification.Trainers</c>.</param>
    /// <param name="options">All options of the trainer.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">Two options contradict each other.</exception>
    public static MlpMulticlassTrainer Mlp(this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        MlpMulticlassTrainer.Options options) =>
        new(Hosting.EnvironmentOf(catalog), options);

    /// <summary>A multilayer perceptron that predicts one number or several; see <see cref="MlpRegressionTrainer"/>.</summary>
    /// <param name="catalog">The catalog, <c>mlContext.Regression.Trainers</c>.</param>
    /// <param name="labelColumnName">The label column, Single or a vector of Single of known size.</param>
    /// <param name="featureColumnName">The feature column, a vector of Single of known size.</param>
    /// <param name="exampleWeightColumnName">The column with the weight of each row, Single; null: all rows count the same.</param>
    /// <param name="hiddenUnits">
    /// The number of units of each hidden layer, from the features to the score; null: as <see cref="Effort.Balanced"/> chooses; empty: none, a linear
    /// model.
    /// </param>
    /// <param name="numberOfEpochs">The number of passes over the training rows, at least 1; null: as <see cref="Effort.Balanced"/> chooses.</param>
    /// <param name="learningRate">
    /// The learning rate at the start, greater than 0, which falls to 0 along a cosine; null: as <see cref="Effort.Balanced"/> chooses.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="catalog"/> is null.</exception>
    /// <exception cref="ArgumentException">A column name is null or empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range.</exception>
    public static MlpRegressionTrainer Mlp(
        this RegressionCatalog.RegressionTrainers catalog,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        string? exampleWeightColumnName = null,
        int[]? hiddenUnits = null,
        int? numberOfEpochs = null,
        float? learningRate = null) =>
        catalog.Mlp((MlpRegressionTrainer.Options)new MlpRegressionTrainer.Options
        {
            LabelColumnName = labelColumnName,
            FeatureColumnName = featureColumnName,
            ExampleWeightColumnName = exampleWeightColumnName,
        }.With(hiddenUnits, numberOfEpochs, learningRate));

    /// <summary>A multilayer perceptron that predicts one number or several; see <see cref="MlpRegressionTrainer"/>.</summary>
    /// <param name="catalog">The catalog, <c>mlContext.Regression.Trainers</c>.</param>
    /// <param name="options">All options of the trainer.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">Two options contradict each other.</exception>
    public static MlpRegressionTrainer Mlp(this RegressionCatalog.RegressionTrainers catalog, MlpRegressionTrainer.Options options) =>
        new(Hosting.EnvironmentOf(catalog), options);

    /// <summary>
    /// A network for two classes that is there already, such as one from an ONNX file, as a step of a pipeline; see <see cref="MlpScoringEstimator"/>.
    /// </summary>
    /// <param name="catalog">The catalog, <c>mlContext.BinaryClassification</c>.</param>
    /// <param name="network">The network, with a loss for two classes, such as <see cref="SigmoidCrossEntropy"/>.</param>
    /// <param name="featureColumnName">The feature column, a vector of Single with as many slots as the network has features.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">The network has a loss for another task; a name is empty.</exception>
    public static MlpScoringEstimator ApplyMlp(this BinaryClassificationCatalog catalog, MlpModel network, string featureColumnName = "Features") =>
        new(Hosting.EnvironmentOf(catalog), MlpTask.Binary, network, null, featureColumnName);

    /// <summary>
    /// A network for several classes that is there already, such as one from an ONNX file, as a step of a pipeline; see <see cref="MlpScoringEstimator"/>.
    /// </summary>
    /// <param name="catalog">The catalog, <c>mlContext.MulticlassClassification</c>.</param>
    /// <param name="network">The network, with a loss for several classes, such as <see cref="SoftmaxCrossEntropy"/>.</param>
    /// <param name="classNames">
    /// The names of the classes in the order of the network's outputs: <c>MapKeyToValue</c> makes them of <c>PredictedLabel</c>, and a training that
    /// continues refuses a label whose keys stand for others. Null: there are none; then the keys of a label have to be in the order of the outputs.
    /// </param>
    /// <param name="featureColumnName">The feature column, a vector of Single with as many slots as the network has features.</param>
    /// <exception cref="ArgumentNullException">An argument other than <paramref name="classNames"/> is null.</exception>
    /// <exception cref="ArgumentException">The network has a loss for another task or another number of outputs; a name is empty.</exception>
    public static MlpScoringEstimator ApplyMlp(
        this MulticlassClassificationCatalog catalog, MlpModel network, IReadOnlyList<string>? classNames = null, string featureColumnName = "Features") =>
        new(Hosting.EnvironmentOf(catalog), MlpTask.Multiclass, network, classNames, featureColumnName);

    /// <summary>
    /// A network for values that is there already, such as one from an ONNX file, as a step of a pipeline; see <see cref="MlpScoringEstimator"/>.
    /// </summary>
    /// <param name="catalog">The catalog, <c>mlContext.Regression</c>.</param>
    /// <param name="network">
    /// The network, with a loss for values, such as <see cref="SquaredError"/>; with one output, <c>Score</c> is a Single, else a vector.
    /// </param>
    /// <param name="featureColumnName">The feature column, a vector of Single with as many slots as the network has features.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">The network has a loss for another task; a name is empty.</exception>
    public static MlpScoringEstimator ApplyMlp(this RegressionCatalog catalog, MlpModel network, string featureColumnName = "Features") =>
        new(Hosting.EnvironmentOf(catalog), MlpTask.Regression, network, null, featureColumnName);
}
