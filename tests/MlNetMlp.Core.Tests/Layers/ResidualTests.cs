namespace MlNetMlp.Core.Tests;

/// <summary>Formulas and gradients are checked with all other layers, see <see cref="GradientTests"/>; here is what is its own.</summary>
public class ResidualTests
{
    [Fact]
    public void Predict_LayersWithoutWeights_PassTheirInputsOn()
    {
        // Thirty layers that add nothing: the scores are those of the linear model behind them.
        var linear = new MlpArchitecture(7, 3);
        MlpModel deep = RandomModels.Create(linear with { HiddenLayers = [.. Enumerable.Repeat(new HiddenLayer(7) { Residual = true }, 30)] },
            new SquaredError());
        MlpModel flat = RandomModels.Create(linear, new SquaredError());
        ParameterVector deepParameters = deep.RestoreParameters(), flatParameters = flat.RestoreParameters();
        deepParameters.Values.Span.Clear();
        foreach (Parameter parameter in flatParameters.Layout.Parameters)
        {
            flatParameters.Value(parameter).CopyTo(deepParameters.Value(deepParameters.Layout.Parameters.Single(other => other.Name == parameter.Name)));
        }

        var model = new MlpModel(deep.Architecture, deep.Loss, flat.Standardizer, flat.Targets, deepParameters.Snapshot());
        float[] features = RandomModels.Features(flat, 150);
        Assert.Equal(Bits.Of(RandomModels.Scores(flat, features)), Bits.Of(RandomModels.Scores(model, features)));
    }

    [Fact]
    public void Train_BatchNormalizationInside_CollectsItsStatistics()
    {
        var loss = new SoftmaxCrossEntropy();
        var normalization = new BatchNormalization { Statistics = BatchStatistics.TrainingSet };
        var architecture = new MlpArchitecture(4, 3) { HiddenLayers = [new(4) { Normalization = normalization, Residual = true }] };
        ParameterVector parameters = MlpTrainer.Train(new(architecture, loss, SmallData.For(loss, 100))
        {
            Options = new() { NumberOfEpochs = 1, NumberOfThreads = 1 },
        })
            .Model.RestoreParameters();
        Assert.DoesNotContain(0, parameters.Value(parameters.Layout.Parameters.Single(parameter => parameter.Name == "Hidden1.Normalization.Mean")).ToArray());
    }

    [Fact]
    public void Train_FortyLayers_LearnWithTheConnectionsOnly()
    {
        var loss = new SoftmaxCrossEntropy();
        InMemoryRows rows = SmallData.For(loss, 300, features: 8);
        Assert.InRange(Accuracy(residual: true), 0.85, 1);
        Assert.InRange(Accuracy(residual: false), 0, 0.7);

        double Accuracy(bool residual)
        {
            HiddenLayer layer = new(8) { Activation = Activation.Sigmoid, Residual = residual };
            var architecture = new MlpArchitecture(8, 3) { HiddenLayers = [.. Enumerable.Repeat(layer, 40)] };
            MlpTrainingOptions options = new() { NumberOfEpochs = 30, NumberOfThreads = 1, LearningRate = Schedule.Cosine(3e-3f) };
            return Evaluation.Accuracy(MlpTrainer.Train(new(architecture, loss, rows) { Options = options }).Model, rows);
        }
    }
}
