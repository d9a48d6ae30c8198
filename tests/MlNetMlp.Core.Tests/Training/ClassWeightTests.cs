namespace MlNetMlp.Core.Tests;

public class ClassWeightTests
{
    private static readonly MlpTrainingOptions _options = new() { NumberOfEpochs = 3, BatchSize = 8, LearningRate = 0.01f, Seed = 3, NumberOfThreads = 1 };

    public static TheoryData<ClassificationLoss, int> Losses => new()
    {
        { new SoftmaxCrossEntropy { LabelSmoothing = 0.1f }, 3 }, { new MulticlassHinge(), 3 }, { new SquaredMulticlassHinge(), 3 },
        { new SoftmaxSquaredError(), 3 }, { new MulticlassSquaredError(), 3 }, { new SigmoidSquaredError(), 1 },
        { new SigmoidCrossEntropy(), 1 }, { new BinaryHinge(), 1 }, { new PerceptronLoss(), 1 },
    };

    [Theory]
    [InlineData(new double[] { 6, 3, 1 }, new float[] { 10f / 18, 10f / 9, 10f / 3 })]
    [InlineData(new double[] { 1.5, 4.5 }, new float[] { 2, 6f / 9 })]
    [InlineData(new double[] { 6, 0, 2 }, new float[] { 8f / 12, 1, 2 })]
    [InlineData(new double[] { 0, 7 }, new float[] { 1, 1 })]
    public void Balanced_Totals_AreDividedByClassesAndCounts(double[] totals, float[] expected)
    {
        float[] factors = ClassWeights.Balanced.Factors(totals);
        Assert.Equal(expected, factors);
        Assert.Equal(totals.Sum(), totals.Zip(factors, (total, factor) => total * factor).Sum(), 1e-5);
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public void Train_Balanced_IsTrainingWithRowWeights(ClassificationLoss loss, int outputs)
    {
        int classes = loss.ClassCount(outputs);
        double[] totals = new double[classes];
        foreach (int row in Enumerable.Range(0, 50))
        {
            totals[(int)SmallData.Row(loss, row, 4, outputs).Targets[0]] += Weight(row);
        }

        AssertSame(loss, outputs, ClassWeights.Balanced, [.. totals.Select(total => (float)(totals.Sum() / (classes * total)))]);
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public void Train_GivenWeights_IsTrainingWithRowWeights(ClassificationLoss loss, int outputs)
    {
        float[] weights = [0.5f, 4, 2];
        AssertSame(loss, outputs, ClassWeights.Of(weights.AsSpan(0, loss.ClassCount(outputs))), weights);
    }

    /// <summary>
    /// Counted by hand: example weights count, class weights do not, in validation rows and, with a rate of almost nothing, in training rows.
    /// </summary>
    [Theory]
    [MemberData(nameof(Losses))]
    public void Metrics_WithClassWeights_ArePlainAccuracies(ClassificationLoss loss, int outputs)
    {
        ClassificationLoss weighted = loss with { ClassWeights = ClassWeights.Of(new[] { 0.5f, 9, 2 }.AsSpan(0, loss.ClassCount(outputs))) };
        InMemoryRows rows = Weighted(weighted, outputs, 1), validation = Weighted(weighted, outputs, 2);
        MlpTrainingResult result = MlpTrainer.Train(new(new MlpArchitecture(4, outputs) { HiddenLayers = [new(5)] }, weighted, rows)
        {
            Validation = validation,
            Options = _options with { NumberOfEpochs = 1, LearningRate = 1e-12f },
        });

        Assert.Equal(Accuracy(result.Model, weighted, outputs, 2), result.History[0].ValidationMetric!.Value, 1e-9);
        Assert.Equal(Accuracy(result.Model, weighted, outputs, 1), result.History[0].TrainingMetric, 1e-9);

        static InMemoryRows Weighted(ClassificationLoss loss, int outputs, int seed)
        {
            var rows = new InMemoryRows(4, 1);
            for (int i = 0; i < 50; i++)
            {
                (float[] x, float[] y) = SmallData.Row(loss, i, 4, outputs, seed);
                rows.Add(x, y, Weight(i));
            }

            return rows;
        }

        static double Accuracy(MlpModel model, ClassificationLoss loss, int outputs, int seed)
        {
            double right = 0, all = 0;
            for (int i = 0; i < 50; i++)
            {
                (float[] x, float[] y) = SmallData.Row(loss, i, 4, outputs, seed);
                float[] scores = RandomModels.Scores(model, x);
                int predicted = outputs == 1 ? scores[0] > 0 ? 1 : 0 : Array.IndexOf(scores, scores.Max());
                right += predicted == (int)y[0] ? Weight(i) : 0;
                all += Weight(i);
            }

            return right / all;
        }
    }

    [Fact]
    public void Train_OtherClassWeights_ChangeTheModel()
    {
        Loss plain = new SigmoidCrossEntropy(), weighted = new SigmoidCrossEntropy { ClassWeights = ClassWeights.Of(1, 2) };
        Assert.NotEqual(SmallData.Saved(Train(plain, 1, _ => 1).Model), SmallData.Saved(Train(weighted, 1, _ => 1).Model));
    }

    [Fact]
    public void Train_WithClassWeights_GivesAModelThatContinuesWithAnyOrNone()
    {
        Loss plain = new SoftmaxCrossEntropy(), weighted = new SoftmaxCrossEntropy { ClassWeights = ClassWeights.Balanced };
        MlpModel model = Train(weighted, 3, _ => 1).Model;
        Assert.Equal(plain, model.Loss);
        Assert.NotEmpty(SmallData.Saved(model));
        Assert.NotEmpty(Train(weighted, 3, _ => 1, model).History);
        Assert.NotEmpty(Train(plain, 3, _ => 1, model).History);
    }

    [Fact]
    public void Train_OtherNumberOfClassWeights_IsRefused()
    {
        Loss loss = new SoftmaxCrossEntropy { ClassWeights = ClassWeights.Of(1, 2) };
        Assert.Contains("There are 2 ClassWeights, but 3 classes", Assert.Throws<ArgumentException>(() => Train(loss, 3, _ => 1)).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Train_TargetWithoutClass_IsRefusedAsWithoutClassWeights(bool validation)
    {
        var loss = new SoftmaxCrossEntropy { ClassWeights = ClassWeights.Balanced };
        InMemoryRows good = SmallData.For(loss, 20), bad = SmallData.For(loss, 20);
        bad.Add([1, 2, 3, 4], [7]);
        string message = Assert.Throws<ArgumentException>(() =>
            MlpTrainer.Train(new(new MlpArchitecture(4, 3), loss, validation ? good : bad)
            {
                Validation = validation ? bad : null,
                Options = _options,
            })).Message;
        Assert.Contains("Row 20 (from 0): the target is 7", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_UnsuitableWeights_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => ClassWeights.Of(1));
        Assert.Throws<ArgumentException>(() => ClassWeights.Of(0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => ClassWeights.Of(1, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => ClassWeights.Of(1, float.NaN));
    }

    [Fact]
    public void Equals_SameWeights_AreEqual()
    {
        Assert.Equal(ClassWeights.Of(1, 2), ClassWeights.Of(1, 2));
        Assert.Equal(ClassWeights.Of(1, 2).GetHashCode(), ClassWeights.Of(1, 2).GetHashCode());
        Assert.NotEqual(ClassWeights.Of(1, 2), ClassWeights.Of(2, 1));
        Assert.NotEqual(ClassWeights.Of(1, 1), ClassWeights.Balanced);
        Assert.NotEqual(new BinaryHinge(), new BinaryHinge { ClassWeights = ClassWeights.Balanced });
    }

    /// <summary>The same bits, history included, as if the weights of the rows had been multiplied by hand.</summary>
    private static void AssertSame(ClassificationLoss loss, int outputs, ClassWeights weights, float[] factors)
    {
        MlpTrainingResult one = Train(loss with { ClassWeights = weights }, outputs, _ => 1);
        MlpTrainingResult other = Train(loss, outputs, target => factors[(int)target]);
        Assert.Equal(SmallData.Saved(other.Model), SmallData.Saved(one.Model));
        Assert.Equal(other.History.Select(epoch => (epoch.TrainingLoss, epoch.ValidationLoss)),
            one.History.Select(epoch => (epoch.TrainingLoss, epoch.ValidationLoss)));
    }

    private static float Weight(int row) => 1 + row % 3;

    private static MlpTrainingResult Train(Loss loss, int outputs, Func<float, float> factor, MlpModel? initial = null)
    {
        var architecture = new MlpArchitecture(4, outputs) { HiddenLayers = [new(5)] };
        return MlpTrainer.Train(new(architecture, loss, Rows(0, 50)) { Validation = Rows(50, 30), Options = _options, InitialModel = initial });

        InMemoryRows Rows(int first, int count)
        {
            var rows = new InMemoryRows(4, 1);
            foreach (int row in Enumerable.Range(first, count))
            {
                (float[] x, float[] y) = SmallData.Row(loss, row, 4, outputs);
                rows.Add(x, y, Weight(row) * factor(y[0]));
            }

            return rows;
        }
    }

    /// <summary>Rows whose whole share is one part are rows of that class, so both losses learn the same, whatever the scale of the weights.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Train_WeightsOfShares_AreThoseOfClasses(bool isBalanced)
    {
        ClassWeights weights = isBalanced ? ClassWeights.Balanced : ClassWeights.Of(2, 10, 1);
        InMemoryRows classes = new(4, 1), shares = new(4, 3);
        for (int i = 0; i < 40; i++)
        {
            float[] features = [MathF.Sin(i), MathF.Cos(i), i % 3, i % 7];
            int c = i % 4 == 0 ? 0 : i % 4 == 1 ? 1 : 2;
            classes.Add(features, [c], 1 + i % 2);
            shares.Add(features, [c == 0 ? 1 : 0, c == 1 ? 1 : 0, c == 2 ? 1 : 0], 1 + i % 2);
        }

        // By class weights, features are standardized, too.
        MlpTrainingOptions options = _options with { Optimizer = new Sgd(), FeatureScaling = FeatureScaling.None };
        var architecture = new MlpArchitecture(4, 3) { HiddenLayers = [new(6)] };
        MlpModel one = MlpTrainer.Train(new(architecture, new SoftmaxCrossEntropy { ClassWeights = weights }, classes) { Options = options }).Model;
        MlpModel other = MlpTrainer.Train(new(architecture, new KullbackLeiblerDivergence { ClassWeights = weights }, shares) { Options = options }).Model;
        Assert.All(one.Values.ToArray().Zip(other.Values.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        Assert.Equal(new KullbackLeiblerDivergence(), other.Loss);

        MlpModel without = MlpTrainer.Train(new(architecture, new KullbackLeiblerDivergence(), shares) { Options = options }).Model;
        Assert.Contains(without.Values.ToArray().Zip(other.Values.ToArray()), pair => Math.Abs(pair.First - pair.Second) > 1e-2);
        Assert.Throws<ArgumentException>(() => MlpTrainer.Train(
            new(architecture, new KullbackLeiblerDivergence { ClassWeights = ClassWeights.Of(1, 2) }, shares) { Options = options }));
    }
}
