using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests;

/// <summary>The gradient of the penalty is checked with those of all layers, by <see cref="GradientTests"/>.</summary>
public sealed class ActivityPenaltyTests
{
    private static readonly float[] _weights = [1, 0.5f, 3];

    [Fact]
    public void Sum_Training_CountsTheMagnitudesWithTheWeightsOfTheRows()
    {
        var layer = new ActivityPenaltyLayer(2, 0.25f);
        float[] output = Forward(layer, PassMode.Training, _weights);
        Assert.Equal([1, -2, 0, 4, -0.5f, 0], output);
        Assert.Equal(0.25 * (1 * 3 + 0.5 * 4 + 3 * 0.5), layer.Penalty, 1e-12);
        Forward(layer, PassMode.Training, default);
        Assert.Equal(0.25 * 7.5, layer.Penalty, 1e-12);
        Forward(layer, PassMode.Scoring, _weights);
        Assert.Equal(0, layer.Penalty);
    }

    [Fact]
    public void Backward_ActivationOfZero_AddsNothing()
    {
        using var team = new ThreadTeam(1);
        float[] input = [0, -0f, 2, -2], output = new float[4], above = [5, 5, 5, 5], below = new float[4];
        var layer = new ActivityPenaltyLayer(4, 3);
        var pass = new Pass(PassMode.Training, new ParameterVector(new ParameterLayout()), team, default);
        layer.Forward(pass, new ReadOnlyMatrixSpan(input, 1, 4), new MatrixSpan(output, 1, 4));
        layer.Backward(pass, new ReadOnlyMatrixSpan(input, 1, 4), new ReadOnlyMatrixSpan(output, 1, 4), new MatrixSpan(above, 1, 4),
            new MatrixSpan(below, 1, 4));
        Assert.Equal([5, 5, 8, 2], below);
    }

    [Fact]
    public void Train_WithPenalty_SilencesUnits()
    {
        var loss = new SoftmaxCrossEntropy();
        InMemoryRows rows = SmallData.For(loss, 200);
        double free = ActiveShare(0), penalised = ActiveShare(0.05f);

        // A rectified unit is active for about half of the rows.
        Assert.InRange(free, 0.3, 0.7);
        Assert.InRange(penalised, 0.01, free / 3);

        double ActiveShare(float lambda)
        {
            var architecture = new MlpArchitecture(4, 3) { HiddenLayers = [new(30) { ActivityRegularization = lambda }] };
            MlpTrainingOptions options = new() { NumberOfEpochs = 60, BatchSize = 20, LearningRate = 0.02f, NumberOfThreads = 1 };
            MlpModel model = MlpTrainer.Train(new(architecture, loss, rows) { Options = options }).Model;
            ParameterVector parameters = model.RestoreParameters();
            float[] prepared = new float[200 * 4];
            model.Standardizer.Apply(rows.Read().Features, prepared, 200);
            float[] weights = parameters.Value(parameters.Layout.Parameters[0]).ToArray(), biases = parameters.Value(parameters.Layout.Parameters[1]).ToArray();
            return prepared.Chunk(4)
                .SelectMany(row => Enumerable.Range(0, 30).Select(unit => biases[unit] + row.Select((value, k) => value * weights[k * 30 + unit]).Sum()))
                .Average(sum => sum > 0 ? 1.0 : 0);
        }
    }

    [Fact]
    public void Train_FromAFittedModel_ReportsTheLossWithoutThePenaltyButStopsByBoth()
    {
        // The data loss of the penalised network rises while it learns to be silent, from a model that fits: the sum falls.
        var loss = new SquaredError();
        InMemoryRows rows = SmallData.For(loss, 30);
        var architecture = new MlpArchitecture(4, 3) { HiddenLayers = [new(8) { Activation = Activation.Tanh, ActivityRegularization = 2 }] };
        MlpTrainingOptions options = new() { NumberOfEpochs = 300, BatchSize = 30, Optimizer = new Sgd(), LearningRate = 0.1f, NumberOfThreads = 1 };
        MlpArchitecture free = architecture with { HiddenLayers = [architecture.HiddenLayers[0] with { ActivityRegularization = 0 }] };
        MlpModel fitted = MlpTrainer.Train(new(free, loss, rows) { Options = options }).Model;
        var start = new MlpModel(architecture, loss, fitted.Standardizer, fitted.Targets, fitted.Values.ToArray());

        MlpTrainingResult result = MlpTrainer.Train(new(architecture, loss, rows)
        {
            Options = options with { NumberOfEpochs = 20, LearningRate = 0.01f, EarlyStopping = new() { Patience = 20 } },
            InitialModel = start,
        });
        double[] losses = [.. result.History.Select(report => report.TrainingLoss)];
        MlpTrainingResult unpenalised = MlpTrainer.Train(new(free, loss, rows)
        {
            Options = options with { NumberOfEpochs = 1, LearningRate = 0.01f },
            InitialModel = fitted,
        });
        Assert.Equal(unpenalised.History[0].TrainingLoss, losses[0], 1e-9);
        Assert.True(losses[^1] > losses[0] + 0.01);
        Assert.Equal(20, result.BestEpoch);
    }

    private static float[] Forward(ActivityPenaltyLayer layer, PassMode mode, ReadOnlyMemory<float> weights)
    {
        using var team = new ThreadTeam(1);
        float[] output = new float[6];
        var pass = new Pass(mode, new ParameterVector(new ParameterLayout()), team, default) { RowWeights = weights };
        layer.Forward(pass, new ReadOnlyMatrixSpan([1, -2, 0, 4, -0.5f, 0], 3, 2), new MatrixSpan(output, 3, 2));
        return output;
    }
}
