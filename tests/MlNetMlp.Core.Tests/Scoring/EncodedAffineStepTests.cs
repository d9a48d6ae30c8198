using MlNetMlp.Core.Tests.Support;
using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests;

/// <summary>The step against the three that it stands for, which write the encoded columns.</summary>
public sealed class EncodedAffineStepTests
{
    private const int Features = 5, Rows = 21;

    private static readonly FeatureEncoding _encoding = new(
        Features, [0, 0, 0, 0, 2, 2, 4], [-1.5f, -0.25f, 0, 0.5f, -3, 1, 0.25f], [0.8f, 4, 2, 0.4f, 0.25f, 1, 2], [1, 2], isClipped: true);

    public static TheoryData<int, int> Shapes => new() { { 1, 1 }, { 7, 1 }, { 16, 2 }, { 33, 3 }, { 64, 8 }, { 129, 4 } };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Apply_IsWhatThreeStepsGive(int units, int members)
    {
        ScoringPlan plan = Plan(units, members);
        float[] expected = Run(plan.Build(), units, members, Input(), Rows);

        foreach (string kernel in Kernels.Names)
        {
            using InstructionSet.Scope forced = Kernels.Force(kernel);
            float[] actual = Run([Assert.Single(plan.BuildForScoring().Steps)], units, members, Input(), Rows);

            // Sums of a dozen terms in another order.
            double tolerance = 2e-6 * Math.Max(1, expected.Max(Math.Abs));
            Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, tolerance));
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Apply_OneRowOrManyOnAnyKernel_HasTheSameBits(int units, int members)
    {
        ScoringStep[] steps = Plan(units, members).BuildForScoring().Steps;
        float[] block = Run(steps, units, members, Input(), Rows);

        foreach (string kernel in Kernels.Names)
        {
            using InstructionSet.Scope forced = Kernels.Force(kernel);
            for (int i = 0; i < Rows; i++)
            {
                float[] alone = Run(steps, units, members, Input()[(i * Features)..((i + 1) * Features)], 1);
                float[] inBlock = [.. Enumerable.Range(0, members).SelectMany(m => block[((m * Rows + i) * units)..((m * Rows + i + 1) * units)])];
                Assert.Equal(Bits.Of(inBlock), Bits.Of(alone));
            }
        }
    }

    /// <summary>Two thirds of the columns of a row are 1: sums reach far, but never farther than what is promised.</summary>
    [Fact]
    public void LargestOutput_IsNeverExceeded()
    {
        ScoringStep step = Assert.Single(Plan(16, 2).BuildForScoring().Steps);
        float[] input = Input();

        float[] output = Run([step], 16, 2, input, Rows);

        float largest = input.Where(float.IsFinite).Max(Math.Abs);
        Assert.True(output.Max(Math.Abs) <= step.LargestOutput(largest));
    }

    /// <summary>Dropout of the encoded columns needs them; that behind the first layer has its place behind the step.</summary>
    [Fact]
    public void BuildForScoring_Dropout_KeepsItsPlace()
    {
        var dropout = new UnitDropout(NetworkPart.Hidden(0), 0.5f);
        ScoringPlan behind = Plan(7, 2), between = Plan(7, 2, dropout);
        behind.AddDropout(dropout);

        (ScoringStep[] steps, UnitDropout?[] dropouts) = behind.BuildForScoring();
        Assert.Equal<UnitDropout?[]>([null, dropout], dropouts);
        Assert.Single(steps);
        (steps, dropouts) = between.BuildForScoring();
        Assert.Equal<UnitDropout?[]>([null, null, dropout, null], dropouts);
        Assert.Equal(3, steps.Length);
    }

    /// <summary>Weights whose sums are beyond single precision keep their three steps: a row may fill none of the bins.</summary>
    [Fact]
    public void BuildForScoring_SumsThatOverflow_AreNotFormed()
    {
        float[] weights = new float[_encoding.OutputSize];
        weights.AsSpan().Fill(2e38f);
        var plan = new ScoringPlan();
        plan.Add(_ => new EncodingStep(_encoding));
        plan.AddAffine(new ReadOnlyMatrixSpan(weights, weights.Length, 1), []);

        Assert.Equal(2, plan.BuildForScoring().Steps.Length);
    }

    private static ScoringPlan Plan(int units, int members, UnitDropout? behindScales = null)
    {
        var plan = new ScoringPlan();
        plan.Add(_ => new EncodingStep(_encoding));
        if (members > 1)
        {
            float[] byFeature = Normals(1, members * Features);
            plan.Add(_ => new MemberScalesStep(MemberScalesLayer.ByInput(byFeature, members, _encoding.Features()), members));
        }

        if (behindScales is not null)
        {
            plan.AddDropout(behindScales);
        }

        plan.AddAffine(new ReadOnlyMatrixSpan(Normals(2, _encoding.OutputSize * units), _encoding.OutputSize, units), Normals(3, units));
        plan.SetActivation(Activation.Gelu);
        return plan;
    }

    private static float[] Run(ScoringStep[] steps, int units, int members, float[] input, int rows)
    {
        float[] values = input;
        int count = rows;
        foreach (ScoringStep step in steps)
        {
            float[] output = new float[count * step.RowsPerRow * step.OutputSize];
            step.Apply(new ReadOnlyMatrixSpan(values, count, step.InputSize), new MatrixSpan(output, count * step.RowsPerRow, step.OutputSize));
            (values, count) = (output, count * step.RowsPerRow);
        }

        Assert.Equal(rows * members * units, values.Length);
        return values;
    }

    private static float[] Input()
    {
        float[] features = Normals(4, Rows * Features);
        for (int i = 0; i < Rows; i++)
        {
            features[i * Features + 3] = i % 4 == 0 ? 1 : 0;
            features[i * Features + 1] = i % 5 == 0 ? float.NaN : features[i * Features + 1];
            features[i * Features + 2] = i % 7 == 0 ? float.NaN : features[i * Features + 2];
        }

        // At the ends of bins, and beyond all of them.
        (features[0], features[Features], features[2 * Features], features[3 * Features]) = (-1.5f, 0.5f, 99, -99);
        return features;
    }

    private static float[] Normals(int seed, int count)
    {
        float[] values = new float[count];
        new SeededRandom(seed).FillNormal(values, 0, 1.5f);
        return values;
    }
}
