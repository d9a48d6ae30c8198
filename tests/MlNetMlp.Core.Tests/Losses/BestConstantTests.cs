using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests;

public class BestConstantTests
{
    /// <summary>Worked out by hand: loss, targets of four rows of the weights 1, 2, 0 and 1, outputs.</summary>
    public static TheoryData<Loss, float[], double[]> HandComputed => new()
    {
        // The classes have the weights 1, 3 and 0 of 4; the last one counts as a third of a fifth row.
        { new SoftmaxCrossEntropy(), [0, 1, 2, 1], [Math.Log(0.25), Math.Log(0.75), Math.Log(1.0 / 15)] },
        { new SoftmaxCrossEntropy { LabelSmoothing = 0.3f }, [0, 1, 2, 1], [Math.Log(0.275), Math.Log(0.625), Math.Log(0.1)] },
        { new SigmoidCrossEntropy(), [1, 0, 1, 0], [Math.Log(1.0 / 3)] },
        { new SigmoidCrossEntropy(), [0.5f, 0.25f, 1, 0], [Math.Log(0.25 / 0.75)] },

        { new SigmoidCrossEntropy { LabelSmoothing = 0.2f }, [1, 0, 1, 0], [Math.Log(0.3 / 0.7)] },

        // A class without rows: half a row of five.
        { new SigmoidCrossEntropy(), [0, 0, 1, 0], [Math.Log(0.1 / 0.9)] },
        { new SquaredError(), [1, 4, 100, -3], [1.5] },
        { new SquaredError(), [1, 0, 4, 8, 9, 9, -3, 2], [1.5, 4.5] },
        { new AbsoluteError(), [1, 4, 100, 5], [4] },

        // Between 1.5 and 2 the slopes are z - 1.25, twice z - 1.5, and -0.75.
        { new HuberLoss { Delta = 0.75f }, [1.25f, 1.5f, 100, 9], [5 / 3.0] },
        { new KullbackLeiblerDivergence(), [1, 0, 0.5f, 0.5f, 0, 1, 0, 1], [Math.Log(0.5), Math.Log(0.5)] },
        { new CosineProximity(), [3, 4, 5, 0, 9, 9, 0, 2], [(0.6 + 2) / 4, (0.8 + 1) / 4] },
        { new BinaryHinge(), [1, 0, 1, 0], [-1] },
        { new MulticlassHinge(), [0, 1, 2, 1], [0, 1, 0] },
        { new SquaredMulticlassHinge(), [0, 1, 2, 1], [0, 1, 0] },
        { new MulticlassSquaredError(), [0, 1, 2, 1], [0.25, 0.75, 0] },
        { new SoftmaxSquaredError(), [0, 1, 0, 1], [Math.Log(0.25), Math.Log(0.75)] },
        { new SigmoidSquaredError(), [0, 1, 0, 1], [Math.Log(3)] },
        { new KullbackLeiblerDivergence().With([3, 1]), [1, 0, 0.5f, 0.5f, 0, 1, 0, 1], [Math.Log(0.75), Math.Log(0.25)] },
        { new PerceptronLoss(), [1, 1, 1, 1], [0] },
    };

    [Theory]
    [MemberData(nameof(HandComputed))]
    public void BestConstant_FourRows_IsTheOneComputedByHand(Loss loss, float[] targets, double[] expected)
    {
        float[] outputs = new float[expected.Length];
        outputs.AsSpan().Fill(7);
        loss.BestConstant(new ReadOnlyMatrixSpan(targets, 4, targets.Length / 4), [1, 2, 0, 1], outputs);
        Assert.All(expected.Zip(outputs), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
    }

    public static TheoryData<Loss, int> Convex => new()
    {
        { new SoftmaxCrossEntropy(), 3 },
        { new SoftmaxCrossEntropy { LabelSmoothing = 0.2f }, 3 },
        { new SigmoidCrossEntropy(), 1 },
        { new SigmoidCrossEntropy { LabelSmoothing = 0.2f }, 1 },
        { new SquaredError { StandardizeTargets = false }, 2 },
        { new AbsoluteError { StandardizeTargets = false }, 2 },
        { new HuberLoss { StandardizeTargets = false, Delta = 0.5f }, 2 },
        { new KullbackLeiblerDivergence(), 3 },
        { new KullbackLeiblerDivergence().With([0.5f, 3, 1]), 3 },
        { new MulticlassSquaredError(), 3 },
    };

    /// <summary>All of these losses are convex, so a place with no better neighbour is the best.</summary>
    [Theory]
    [MemberData(nameof(Convex))]
    public void BestConstant_OfAConvexLoss_HasNoBetterNeighbour(Loss loss, int outputs)
    {
        const int Rows = 41;
        float[] targets = loss is KullbackLeiblerDivergence
            ? [.. Enumerable.Range(0, Rows).SelectMany(i => (float[])[i / 64f, 0.25f, 0.75f - (i / 64f)])]
            : SmallData.For(loss, Rows, outputs: outputs).Read().Targets.ToArray();
        float[] weights = [.. Enumerable.Range(0, Rows).Select(i => 0.25f + i % 3)], best = new float[outputs];
        loss.BestConstant(new ReadOnlyMatrixSpan(targets, Rows, targets.Length / Rows), weights, best);
        double least = LossOf(best);
        for (int k = 0; k < outputs; k++)
        {
            foreach (float distance in (float[])[-0.03f, 0.03f])
            {
                float[] other = [.. best];
                other[k] += distance;
                Assert.True(LossOf(other) >= least - 1e-5, $"output {k}, {distance}");
            }
        }

        double LossOf(float[] constant) => loss.LossSum(
            new ReadOnlyMatrixSpan([.. Enumerable.Repeat(constant, Rows).SelectMany(row => row)], Rows, outputs),
            new ReadOnlyMatrixSpan(targets, Rows, targets.Length / Rows), weights);
    }

    [Fact]
    public void BestConstant_ManyClassesWithoutRows_LeavesTheLossNearThatOfTheOthers()
    {
        var loss = new SoftmaxCrossEntropy();
        float[] outputs = new float[5000], targets = [.. Enumerable.Range(0, 100).Select(i => (float)(i % 2))];
        float[] weights = [.. Enumerable.Repeat(1f, 100)];
        loss.BestConstant(new ReadOnlyMatrixSpan(targets, 100, 1), weights, outputs);
        double mean = loss.LossSum(new ReadOnlyMatrixSpan(outputs, 1, 5000), new ReadOnlyMatrixSpan([0f], 1, 1), [1]);
        Assert.InRange(mean, Math.Log(2), Math.Log(2) + 0.01);
    }
}
