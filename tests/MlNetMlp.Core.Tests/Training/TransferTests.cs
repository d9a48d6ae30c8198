namespace MlNetMlp.Core.Tests;

/// <summary>A training that begins with the hidden layers of another network.</summary>
public sealed class TransferTests
{
    private static readonly MlpTrainingOptions _options = new()
    {
        NumberOfEpochs = 4,
        BatchSize = 8,
        NumberOfThreads = 1,
        NumericEmbedding = NumericEmbedding.PiecewiseLinear(4),
    };

    private static readonly HiddenLayer[] _layers = [new(6) { Normalization = Normalization.Batch }, new(5) { Activation = Activation.PRelu() }];

    private static readonly Lazy<MlpModel> _source = new(() => MlpTrainer.Train(Task(new SoftmaxCrossEntropy(), 3, _options)).Model);

    [Fact]
    public void LayerThatIsFrozen_StaysAsItWas_AndTheOthersLearn()
    {
        var loss = new SigmoidCrossEntropy();
        MlpTrainingOptions options = _options with
        {
            NumericEmbedding = null,
            TransferFrom = _source.Value,
            RateFactors = new() { FirstLayer = 0 },
        };
        MlpTrainingResult result = MlpTrainer.Train(Task(loss, 1, options, [_layers[0] with { Dropout = 0.2f }, _layers[1]]));

        Assert.Equal(_source.Value.Weights()["Hidden1.Weights"].Values.ToArray(), result.Model.Weights()["Hidden1.Weights"].Values.ToArray());
        Assert.NotEqual(_source.Value.Weights()["Hidden2.Weights"].Values.ToArray(), result.Model.Weights()["Hidden2.Weights"].Values.ToArray());
        Assert.True(result.History[^1].TrainingLoss < result.History[0].TrainingLoss);
        Assert.Equal(_source.Value.Architecture.Encoding, result.Model.Architecture.Encoding);
        Assert.Equal(_source.Value.Standardizer.Offset.ToArray(), result.Model.Standardizer.Offset.ToArray());
    }

    [Fact]
    public void HiddenLayers_AreThoseOfTheNetwork()
    {
        var loss = new SquaredError();
        double Start(MlpModel? from) => MlpTrainer.Train(Task(loss, 3, _options with { TransferFrom = from, NumberOfEpochs = 1, LearningRate = 1e-6f }))
            .History[0].TrainingLoss;
        MlpModel trained = MlpTrainer.Train(Task(loss, 3, _options)).Model;

        // At a rate of almost 0: the same new output weights behind other hidden layers.
        Assert.NotEqual(Start(null), Start(trained));
        Assert.Equal(Start(trained), Start(trained));
    }

    [Fact]
    public void OtherLayersOrFeatures_AreRefused()
    {
        Assert.Contains("it has 2 hidden layers, and the options ask for 1", Refused(_options, [_layers[0]]), StringComparison.Ordinal);
        Assert.Contains("Units of hidden layer 2 is 5 in it, and 7 in the options", Refused(_options, [_layers[0], new(7)]), StringComparison.Ordinal);
        Assert.Contains("shared members", Refused(_options with { Ensemble = Ensemble.Shared(2) }, _layers), StringComparison.Ordinal);
        Assert.Contains("one of them must be null", Assert.Throws<ArgumentException>(() => MlpTrainer.Train(
            Task(new SoftmaxCrossEntropy(), 3, _options with { TransferFrom = _source.Value }) with { InitialModel = _source.Value })).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Ensemble_BeginsWithNetworkAfterNetwork_AndASingleOneWithTheFirst()
    {
        MlpModel source = MlpTrainer.Train(Task(new SoftmaxCrossEntropy(), 3, _options with { Ensemble = Ensemble.Seeds(2) })).Model;
        MlpTrainingOptions options = _options with { TransferFrom = source, RateFactors = new() { FirstLayer = 0 } };
        MlpModel one = MlpTrainer.Train(Task(new SquaredError(), 3, options)).Model;
        MlpModel three = MlpTrainer.Train(Task(new SquaredError(), 3, options with { Ensemble = Ensemble.Seeds(3) })).Model;

        float[][] sources = [.. source.Networks.Select(FirstWeights)];
        Assert.NotEqual(sources[0], sources[1]);
        Assert.Equal([sources[0]], one.Networks.Select(FirstWeights));
        Assert.Equal([sources[0], sources[1], sources[0]], three.Networks.Select(FirstWeights));
        Assert.NotEqual(three.Networks[0].Values.ToArray(), three.Networks[2].Values.ToArray());

        static float[] FirstWeights(MlpModel network) => network.Weights()["Hidden1.Weights"].Values.ToArray();
    }

    [Fact]
    public void Checkpoint_KnowsEveryNetworkOfAnEnsemble()
    {
        MlpModel other = MlpTrainer.Train(Task(new SoftmaxCrossEntropy(), 3, _options with { Seed = 9 })).Model;
        MlpModel Pair(MlpModel second) => MlpModel.Average(
            [_source.Value, new MlpModel(_source.Value.Architecture, second.Loss, _source.Value.Standardizer, _source.Value.Targets, second.Values.ToArray())]);
        TrainingFingerprint Of(MlpModel model) =>
            Task(new SquaredError(), 3, _options with { TransferFrom = model }).Fingerprint(CancellationToken.None);

        Assert.Contains("TransferFrom", Assert.Single(Of(Pair(other)).DifferencesFrom(Of(Pair(_source.Value)))), StringComparison.Ordinal);
    }

    [Fact]
    public void Checkpoint_KnowsTheNetwork()
    {
        using var folder = new TemporaryFolder();
        MlpTrainingOptions options = _options with { TransferFrom = _source.Value, Checkpoint = new(folder.Path("c")) };
        MlpModel other = MlpTrainer.Train(Task(new SoftmaxCrossEntropy(), 3, _options with { Seed = 9 })).Model;
        using var source = new CancellationTokenSource();
        TrainingTask task = Task(new SquaredError(), 3, options) with
        {
            Progress = new ImmediateProgress<EpochReport>(_ => source.Cancel()),
            CancellationToken = source.Token,
        };
        MlpTrainer.Train(task);

        Assert.Contains("TransferFrom", Assert.Throws<CheckpointMismatchException>(() =>
            MlpTrainer.Train(Task(new SquaredError(), 3, options with { TransferFrom = other }))).Message, StringComparison.Ordinal);
        Assert.Equal(
            MlpTrainer.Train(Task(new SquaredError(), 3, options with { Checkpoint = null })).Model.Values.ToArray(),
            MlpTrainer.Train(Task(new SquaredError(), 3, options)).Model.Values.ToArray());
    }

    private static string Refused(MlpTrainingOptions options, HiddenLayer[] layers) => Assert.Throws<ArgumentException>(() =>
        MlpTrainer.Train(Task(new SquaredError(), 3, options with { TransferFrom = _source.Value }, layers))).Message;

    private static TrainingTask Task(Loss loss, int outputs, MlpTrainingOptions options, HiddenLayer[]? layers = null) =>
        new(new(4, outputs) { HiddenLayers = layers ?? _layers }, loss, SmallData.For(loss, 60)) { Options = options };
}
