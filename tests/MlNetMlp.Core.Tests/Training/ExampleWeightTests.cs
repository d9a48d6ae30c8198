namespace MlNetMlp.Core.Tests;

/// <summary>Full-batch gradient descent, where the meaning of a weight is exact.</summary>
public class ExampleWeightTests
{
    private const int Rows = 12;

    private static readonly MlpTrainingOptions _options = new()
    {
        NumberOfEpochs = 30,
        BatchSize = 1000,
        Optimizer = new Sgd(),
        LearningRate = 0.2f,
        L2Regularization = 0.01f,
        Shuffle = false,
        NumberOfThreads = 1,
    };

    /// <summary>What looks at several rows at once, in every way in which it can.</summary>
    public static TheoryData<Normalization> AcrossRows =>
    [
        new BatchNormalization(), new BatchNormalization { Statistics = BatchStatistics.TrainingSet },
        new BatchRenormalization { WarmupSteps = 5, ScaleRampSteps = 10, ShiftRampSteps = 10, Momentum = 0.1f },
    ];

    public static TheoryData<Loss, int> Losses => new() { { new SoftmaxCrossEntropy(), 3 }, { new SigmoidCrossEntropy(), 1 }, { new SquaredError(), 2 } };

    [Theory]
    [MemberData(nameof(Losses))]
    public void Train_RowOfWeightTwo_CountsAsTwoRows(Loss loss, int outputs) =>
        AssertSame(loss, outputs, row => [row == 3 ? 2 : row == 7 ? 3 : 1], row => row == 3 ? [1, 1] : row == 7 ? [1, 1, 1] : [1]);

    [Theory]
    [MemberData(nameof(Losses))]
    public void Train_RowOfWeightZero_CountsAsNone(Loss loss, int outputs) =>
        AssertSame(loss, outputs, row => [row is 0 or 5 ? 0 : 1], row => row is 0 or 5 ? [] : [1]);

    [Theory]
    [MemberData(nameof(Losses))]
    public void Train_AllWeightsScaled_ChangesNothing(Loss loss, int outputs) => AssertSame(loss, outputs, row => [0.001f * (1 + row % 3)],
        row => [1000f * (1 + row % 3)]);

    /// <summary>The scores, where the statistics of training and of scoring come together.</summary>
    [Theory]
    [MemberData(nameof(AcrossRows))]
    public void Train_NormalizedOverRows_CountsWeightsAsRows(Normalization normalization)
    {
        var loss = new SoftmaxCrossEntropy();
        float[] one = Scores(row => [row % 3]), repeated = Scores(row => [.. Enumerable.Repeat(1f, row % 3)]), unweighted = Scores(_ => [1]);
        Assert.All(one.Zip(repeated), pair => Assert.Equal(pair.Second, pair.First, 4e-5f));
        Assert.True(one.Zip(unweighted, (a, b) => Math.Abs(a - b)).Max() > 0.05);

        float[] Scores(Func<int, float[]> weights)
        {
            MlpModel model = Train(loss, 3, weights, normalization).Model;
            float[] scores = new float[Rows * 3];
            model.Predict([.. Enumerable.Range(0, Rows).SelectMany(row => SmallData.Row(loss, row, 4, 3).Features)], scores, Rows);
            return scores;
        }
    }

    /// <summary>Weights that are no counts: their unit must not matter where it cannot, and never may they count for less than no row.</summary>
    [Theory]
    [MemberData(nameof(AcrossRows))]
    public void Train_NormalizedOverRowsOfEqualTinyWeights_LearnsTheBitsOfNone(Normalization normalization)
    {
        var loss = new SquaredError();
        Assert.Equal(Bits.Of(Train(loss, 2, _ => [1], normalization).Model.Values), Bits.Of(Train(loss, 2, _ => [1e-3f], normalization).Model.Values));
    }

    /// <summary>Weights whose sum has no inverse in single precision.</summary>
    [Theory]
    [InlineData(float.Epsilon)]
    [InlineData(1e-39f)]
    [InlineData(3e38f)]
    public void Train_EqualWeightsOfAnySize_LearnTheBitsOfNone(float weight)
    {
        var loss = new SquaredError();
        Assert.Equal(Bits.Of(Train(loss, 2, _ => [1]).Model.Values), Bits.Of(Train(loss, 2, _ => [weight]).Model.Values));
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public void Train_OtherWeights_ChangeTheModel(Loss loss, int outputs)
    {
        MlpTrainingResult one = Train(loss, outputs, _ => [1]), other = Train(loss, outputs, row => [row == 3 ? 2 : 1]);
        Assert.True(one.Model.Values.ToArray().Zip(other.Model.Values.ToArray(), (a, b) => Math.Abs(a - b)).Max() > 1e-3);
    }

    private static void AssertSame(Loss loss, int outputs, Func<int, float[]> weights, Func<int, float[]> otherWeights)
    {
        MlpTrainingResult one = Train(loss, outputs, weights), other = Train(loss, outputs, otherWeights);
        Assert.All(one.History.Zip(other.History), pair => Assert.Equal(pair.Second.TrainingLoss, pair.First.TrainingLoss, 1e-5));
        Assert.All(one.History.Zip(other.History), pair => Assert.Equal(pair.Second.ValidationLoss!.Value, pair.First.ValidationLoss!.Value, 1e-5));
        Assert.All(one.History.Zip(other.History), pair => Assert.Equal(pair.Second.ValidationMetric!.Value, pair.First.ValidationMetric!.Value, 1e-4));
        Assert.All(one.Model.Values.ToArray().Zip(other.Model.Values.ToArray()), pair => Assert.Equal(pair.Second, pair.First, 2e-5f));
        Assert.All(one.Model.Standardizer.Offset.ToArray().Zip(other.Model.Standardizer.Offset.ToArray()),
            pair => Assert.Equal(pair.Second, pair.First, 1e-6f));
        Assert.All(one.Model.Standardizer.Scale.ToArray().Zip(other.Model.Standardizer.Scale.ToArray()), pair => Assert.Equal(pair.Second, pair.First, 1e-6f));
    }

    /// <summary>Row i is added once for each weight of it; training and validation see the same.</summary>
    private static MlpTrainingResult Train(Loss loss, int outputs, Func<int, float[]> weights, Normalization? normalization = null)
    {
        var rows = new InMemoryRows(4, loss.TargetCount(outputs));
        for (int i = 0; i < Rows; i++)
        {
            (float[] x, float[] y) = SmallData.Row(loss, i, 4, outputs);
            Array.ForEach(weights(i), weight => rows.Add(x, y, weight));
        }

        var architecture = new MlpArchitecture(4, outputs) { HiddenLayers = [new(5) { Activation = Activation.Tanh, Normalization = normalization }] };
        return MlpTrainer.Train(new(architecture, loss, rows) { Validation = rows, Options = _options });
    }
}
