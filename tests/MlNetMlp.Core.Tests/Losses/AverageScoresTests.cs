using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests;

/// <summary>What an ensemble makes of the outputs of its members.</summary>
public class AverageScoresTests
{
    /// <summary>The log-odds of mean probabilities, from 80-digit decimal arithmetic (Python's decimal), rounded to 17 digits.</summary>
    public static TheoryData<float[], double> LogOddsOfMeans => new()
    {
        { [1.0f, 2.0f], 1.4237640865169592 },
        { [0.0f, 0.5f, -3.0f], -0.44747306665224673 },
        { [-40.0f, -50.0f], -40.693101781660729 },
        { [100.0f, 90.0f, 80.0f], 81.098566887707833 },
        { [1000.0f, -1000.0f], 0 },
        { [1000.0f, 500.0f], 500.69314718055995 },
        { [-10000.0f, -20000.0f], -10000.69314718056 },
        { [88.7f, 89.3f, 5.0f], 6.1030941945720398 },
        { [1e-6f, -3e-6f], -1.0000000543176616e-06 },
        { [0.1f, 0.1f, 7.0f], 0.76766594594494642 },
    };

    [Theory]
    [MemberData(nameof(LogOddsOfMeans))]
    public void AverageScores_LogOdds_AreThoseOfTheMeanProbability(float[] logOdds, double expected)
    {
        float actual = Average(new SigmoidCrossEntropy(), logOdds, 1)[0];
        Assert.Equal(expected, actual, 1e-15 + 1e-7 * Math.Abs(expected));
        Assert.Equal(-actual, Average(new SigmoidCrossEntropy(), [.. logOdds.Select(z => -z)], 1)[0]);
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(-0.75f)]
    [InlineData(33.5f)]
    [InlineData(-200f)]
    [InlineData(1e30f)]
    [InlineData(float.MaxValue)]
    [InlineData(-float.MaxValue)]
    public void AverageScores_MembersThatAgree_HaveTheirScore(float score)
    {
        Assert.Equal(score, Average(new SigmoidCrossEntropy(), [score, score, score], 1)[0]);
        Assert.Equal(score, Average(new BinaryHinge(), [score, score, score], 1)[0]);
        Assert.Equal([score, score], Average(new SquaredError(), [score, score, score, score, score, score], 2));
    }

    [Fact]
    public void AverageScores_Classes_AreTheMeanProbabilities()
    {
        // The second member is sure of the third class, whatever the size of its outputs.
        float[] scores = Average(new SoftmaxCrossEntropy(), [0, 0, 0, -1e30f, 0, 1e30f], 3);
        Assert.Equal([1 / 6.0, 1 / 6.0, 4 / 6.0], scores.Select(score => (double)score), (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public void AverageScores_Margins_AreTheMeanMargins()
    {
        Assert.Equal([1.5f, -2f], Average(new MulticlassHinge(), [1, -3, 2, -1], 2));
        Assert.Equal([2f], Average(new BinaryHinge(), [100, -96], 1));
    }

    /// <summary>The loss and the metric of an ensemble are taken of logits whose scores are its scores.</summary>
    [Fact]
    public void AverageLogits_EveryLoss_HaveTheAveragedScores()
    {
        float[] outputs = [0.5f, -1, 2, 3, 0.25f, -4, -2, 1, 1];
        foreach (Loss loss in (Loss[])[new SoftmaxCrossEntropy(), new KullbackLeiblerDivergence(), new MulticlassHinge(), new SquaredMulticlassHinge(),
            new SquaredError(), new AbsoluteError(), new HuberLoss(), new CosineProximity(), new SoftmaxSquaredError(), new MulticlassSquaredError()])
        {
            float[] logits = AverageLogits(loss, outputs, 3);
            loss.ToScores(logits);
            Assert.All(Average(loss, outputs, 3).Zip(logits), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
        }

        foreach (Loss loss in (Loss[])[new SigmoidCrossEntropy(), new SigmoidSquaredError(), new BinaryHinge(), new PerceptronLoss()])
        {
            Assert.Equal(Average(loss, outputs, 1), AverageLogits(loss, outputs, 1));
        }
    }

    /// <summary>A probability of e^-1000, which no float holds, has its logarithm all the same: the mean of e^-1000 and e^-2000 is e^-1000 / 2.</summary>
    [Fact]
    public void AverageLogits_ClassesThatAllMembersRuleOut_AreFinite() =>
        Assert.Equal(-1000 - Math.Log(2), AverageLogits(new SoftmaxCrossEntropy(), [1000, 0, 2000, 0], 2)[1], 1e-4);

    private static float[] AverageLogits(Loss loss, float[] outputs, int columns)
    {
        float[] logits = new float[columns], work = [.. outputs];
        loss.AverageLogits(new MatrixSpan(work, outputs.Length / columns, columns), logits);
        return logits;
    }

    private static float[] Average(Loss loss, float[] outputs, int columns)
    {
        float[] scores = new float[columns], work = [.. outputs];
        loss.AverageScores(new MatrixSpan(work, outputs.Length / columns, columns), scores);
        return scores;
    }
}
