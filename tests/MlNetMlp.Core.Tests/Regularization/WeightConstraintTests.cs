using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests;

/// <summary>Projections against plain loops in double precision, unit by unit.</summary>
public class WeightConstraintTests
{
    private static readonly Dictionary<string, (WeightConstraint Constraint, Func<double[], double[]> Reference)> _all = new()
    {
        ["max-norm"] = (new MaxNorm(1.5f), unit => Scaled(unit, Math.Min(1, 1.5 / Norm(unit)))),
        ["unit norm"] = (new UnitNorm(), unit => Scaled(unit, 1 / Norm(unit))),
        ["non-negative"] = (new NonNegative(), unit => Array.ConvertAll(unit, weight => weight < 0 ? 0 : weight)),
    };

    public static TheoryData<string> Names => [.. _all.Keys];

    public static TheoryData<string, int, int> Shapes
    {
        get
        {
            var data = new TheoryData<string, int, int>();
            foreach (string name in _all.Keys)
            {
                foreach ((int inputs, int units) in ((int, int)[])[(1, 1), (3, 1), (1, 5), (2, 8), (4, 17), (9, 33), (40, 7)])
                {
                    data.Add(name, inputs, units);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Apply_EveryUnit_IsTheProjectionOfPlainLoops(string name, int inputs, int units)
    {
        (ParameterVector vector, Parameter weights) = Vector(inputs, units);
        double[][] expected = [.. Units(vector, weights).Select(_all[name].Reference)];
        float[] others = Others(vector, weights);
        new WeightProjection(vector, _all[name].Constraint).Apply();
        foreach ((double[] unit, double[] reference) in Units(vector, weights).Zip(expected))
        {
            // One rounding to float.
            Assert.All(unit.Zip(reference), pair => Assert.Equal(pair.Second, pair.First, 1e-7 * Math.Max(1, Math.Abs(pair.Second))));
        }

        // Biases, statistics and the gaps between parameters.
        Assert.Equal(Bits.Of(others), Bits.Of(Others(vector, weights)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Apply_Twice_IsLikeOnce(string name)
    {
        (ParameterVector vector, Parameter weights) = Vector(9, 33);
        var projection = new WeightProjection(vector, _all[name].Constraint);
        projection.Apply();
        float[] once = vector.Value(weights).ToArray();
        projection.Apply();
        Assert.All(vector.Value(weights).ToArray().Zip(once), pair => Assert.Equal(pair.Second, pair.First, 2e-7f));
    }

    [Fact]
    public void Apply_MaxNorm_LeavesAllowedUnitsBitForBit()
    {
        (ParameterVector vector, Parameter weights) = Vector(9, 33);
        float[] before = vector.Value(weights).ToArray();
        bool[] exceeds = [.. Units(vector, weights).Select(unit => Norm(unit) > 3)];
        Assert.Contains(true, exceeds);
        Assert.Contains(false, exceeds);
        new WeightProjection(vector, new MaxNorm(3)).Apply();
        for (int i = 0; i < before.Length; i++)
        {
            Assert.Equal(exceeds[i % 33], BitConverter.SingleToInt32Bits(before[i]) != BitConverter.SingleToInt32Bits(vector.Value(weights)[i]));
        }
    }

    [Theory]
    [InlineData(1e30f)]
    [InlineData(1e-30f)]
    public void Apply_UnitNormOfExtremeWeights_NeitherOverflowsNorVanishes(float size)
    {
        (ParameterVector vector, Parameter weights) = Vector(2, 2);
        ((float[])[3 * size, 0, 4 * size, 0]).CopyTo(vector.Value(weights));
        new WeightProjection(vector, new UnitNorm()).Apply();

        // The second unit has no weights at all: it has no direction, and stays.
        Assert.Equal([0.6f, 0, 0.8f, 0], vector.Value(weights).ToArray());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Apply_WeightsThatAreNotFinite_StayVisible(string name)
    {
        (ParameterVector vector, Parameter weights) = Vector(3, 2);
        ((float[])[1, float.NaN, 2, 1, float.PositiveInfinity, 1]).CopyTo(vector.Value(weights));
        new WeightProjection(vector, _all[name].Constraint).Apply();
        float[] result = vector.Value(weights).ToArray();
        Assert.Equal(float.PositiveInfinity, result[4]);
        Assert.True(float.IsNaN(result[1]));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Train_WithAConstraint_ObeysItInEveryLayer(string name)
    {
        var loss = new SoftmaxCrossEntropy();
        var architecture = new MlpArchitecture(4, 3) { HiddenLayers = [new(9) { Activation = Activation.Tanh }, new(6)] };
        MlpTrainingOptions options = new() { NumberOfEpochs = 5, NumberOfThreads = 1, LearningRate = 0.05f };
        ParameterVector free = Trained(null), bound = Trained(_all[name].Constraint);
        int changed = 0;
        foreach (Parameter weights in bound.Layout.Parameters.Where(parameter => parameter.Decays))
        {
            Assert.All(Units(bound, weights), unit => Assert.All(_all[name].Reference(unit).Zip(unit), pair => Assert.Equal(pair.First, pair.Second, 1e-6)));
            changed += Units(free, weights).Count(unit => _all[name].Reference(unit).Zip(unit).Any(pair => Math.Abs(pair.First - pair.Second) > 1e-3));
        }

        Assert.True(changed > 3, "Without the constraint nothing would have violated it.");
        Assert.Contains(bound.Layout.Parameters.Where(parameter => !parameter.Decays), biases => Array.Exists(bound.Value(biases).ToArray(), bias => bias < 0));

        ParameterVector Trained(WeightConstraint? constraint) =>
            MlpTrainer.Train(new(architecture, loss, SmallData.For(loss, 200))
            {
                Options = options with { Constraint = constraint },
            }).Model.RestoreParameters();
    }

    /// <summary>Random weights between biases and statistics, so that there are neighbours on either side.</summary>
    private static (ParameterVector Vector, Parameter Weights) Vector(int inputs, int units)
    {
        var layout = new ParameterLayout();
        layout.Add(new("before", 1, units));
        Parameter weights = layout.Add(new("weights", inputs, units) { Decays = true });
        layout.Add(new("after", 1, units));
        layout.Add(new("mean", 1, units) { Trainable = false });
        var vector = new ParameterVector(layout);
        foreach (Parameter parameter in layout.Parameters)
        {
            new SeededRandom(5).At(parameter.Offset).FillNormal(vector.Value(parameter), 0, 1);
        }

        return (vector, weights);
    }

    private static float[] Others(ParameterVector vector, Parameter weights)
    {
        float[] values = vector.Snapshot();
        values.AsSpan(weights.Offset, weights.Length).Clear();
        return values;
    }

    private static double[][] Units(ParameterVector vector, Parameter weights)
    {
        float[] values = vector.Value(weights).ToArray();
        return [.. Enumerable.Range(0, weights.Columns).Select(unit => values.Where((_, i) => i % weights.Columns == unit).Select(value =>
            (double)value).ToArray())];
    }

    private static double[] Scaled(double[] unit, double factor) => Array.ConvertAll(unit, weight => weight * factor);

    private static double Norm(double[] unit) => Math.Sqrt(unit.Sum(weight => weight * weight));
}
