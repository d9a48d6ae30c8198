using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests;

/// <summary>Formulas and gradients are checked with all other layers, see <see cref="GradientTests"/>; here is what is its own.</summary>
public class WeightNormalizationTests
{
    private static readonly MlpArchitecture _normalized = new(6, 3) { HiddenLayers = [new(9) { Normalization = Normalization.Weight, InitialBias = 0.1f }] };
    private static readonly MlpArchitecture _plain = new(6, 3) { HiddenLayers = [new(9) { InitialBias = 0.1f }] };

    [Fact]
    public void Initialize_ComparedWithNone_BeginsWithTheSameFunction()
    {
        float[] with = Begin(_normalized), without = Begin(_plain);
        Assert.All(with.Zip(without), pair => Assert.Equal(pair.Second, pair.First, 1e-5f * without.Max(MathF.Abs)));

        static float[] Begin(MlpArchitecture architecture)
        {
            var network = new MlpNetwork(architecture, 20);
            network.Initialize(new SeededRandom(3));
            float[] features = new float[20 * 6];
            new SeededRandom(4).FillNormal(features, 0, 1);
            using var team = new ThreadTeam(1);
            return network.Forward(new Pass(PassMode.Training, network.Parameters, team, default), Batches.Of(features, 6)).Values.ToArray();
        }
    }

    [Fact]
    public void Predict_DirectionsOfAnyLength_ScoresTheSame()
    {
        MlpModel model = RandomModels.Create(_normalized, new SquaredError());
        ParameterVector parameters = model.RestoreParameters();
        Span<float> directions = Value(parameters, "Hidden1.Weights");
        for (int i = 0; i < directions.Length; i++)
        {
            // Another factor for each unit, powers of two so that nothing is rounded; some squares would underflow.
            directions[i] *= MathF.Pow(2, 10 * (i % 9) - 70);
        }

        var other = new MlpModel(model.Architecture, model.Loss, model.Standardizer, model.Targets, parameters.Snapshot());
        float[] features = RandomModels.Features(model, 20);
        Assert.Equal(Bits.Of(RandomModels.Scores(model, features)), Bits.Of(RandomModels.Scores(other, features)));
    }

    [Fact]
    public void ForwardAndBackward_UnitWithoutDirection_GivesItsBiasAndFiniteGradients()
    {
        MlpModel model = RandomModels.Create(_normalized, new SquaredError());
        var network = new MlpNetwork(_normalized, 4);
        network.Parameters.Restore(model.Values);
        Value(network.Parameters, "Hidden1.Weights").Clear();
        float[] features = RandomModels.Features(model, 4);
        using var team = new ThreadTeam(1);
        var pass = new Pass(PassMode.Training, network.Parameters, team, default);
        MatrixSpan logits = network.Forward(pass, Batches.Of(features, 6));
        Assert.Equal(logits.Row(0).ToArray(), logits.Row(3).ToArray());
        network.LogitGradient(4).Values.Fill(1);
        network.Backward(pass, Batches.Of(features, 6));
        Assert.All(network.Parameters.Gradients.Span.ToArray(), gradient => Assert.True(float.IsFinite(gradient)));
    }

    [Theory]
    [InlineData("max-norm")]
    [InlineData("unit norm")]
    [InlineData("non-negative")]
    public void Apply_Constraint_ProjectsTheProductOfLengthAndDirection(string name)
    {
        (WeightConstraint constraint, Func<double[], double[]> reference) = name switch
        {
            "max-norm" => ((WeightConstraint)new MaxNorm(0.7f), (Func<double[], double[]>)(w => [.. w.Select(x => x * Math.Min(1, 0.7 / Norm(w)))])),
            "unit norm" => (new UnitNorm(), w => [.. w.Select(x => x / Norm(w))]),
            _ => (new NonNegative(), w => [.. w.Select(x => Math.Max(x, 0))]),
        };
        ParameterVector parameters = RandomModels.Create(_normalized, new SquaredError()).RestoreParameters();
        Span<float> gain = Value(parameters, "Hidden1.Gain"), directions = Value(parameters, "Hidden1.Weights");

        // A negative length, a short one that every limit allows, and a unit of which nothing is left by the constraint on signs.
        gain[0] = -1.2f;
        gain[1] = 0.3f;
        gain[2] = 0.9f;
        for (int i = 2; i < directions.Length; i += 9)
        {
            directions[i] = -1 - i;
        }

        double[][] expected = [.. Products(parameters).Select(reference)];
        double[] allowed = Units(parameters, "Hidden1.Weights")[1];
        double[] lengths = [.. Units(parameters, "Hidden1.Weights").Select(Norm)];
        new WeightProjection(parameters, constraint).Apply();

        Assert.All(Products(parameters).SelectMany(unit => unit).Zip(expected.SelectMany(unit => unit)), pair => Assert.Equal(pair.Second, pair.First, 1e-6));
        Assert.All(Units(parameters, "Hidden1.Weights").Select(Norm).Zip(lengths), pair => Assert.Equal(pair.Second, pair.First, 1e-5 * pair.Second));
        if (name == "max-norm")
        {
            Assert.Equal(-0.7f, Value(parameters, "Hidden1.Gain")[0], 1e-6f);
            Assert.Equal(allowed, Units(parameters, "Hidden1.Weights")[1]);
            Assert.Equal(0.3f, Value(parameters, "Hidden1.Gain")[1]);
        }

        // Unlike weights that are multiplied to zero, a direction without length can come back.
        Assert.All(Units(parameters, "Hidden1.Weights"), unit => Assert.NotEqual(0, Norm(unit)));
    }

    [Fact]
    public void Train_MaxNorm_BoundsTheWeightsOfTheModel()
    {
        var loss = new SoftmaxCrossEntropy();
        var architecture = new MlpArchitecture(4, 3) { HiddenLayers = [new(12) { Normalization = Normalization.Weight }] };
        MlpTrainingOptions options = new() { NumberOfEpochs = 8, NumberOfThreads = 1, LearningRate = 0.05f };
        double[] free = Lengths(null), bound = Lengths(new MaxNorm(1));
        Assert.True(free.Max() > 1.5, $"Without the constraint the longest is {free.Max()}.");
        Assert.InRange(bound.Max(), 0.99, 1.000001);

        double[] Lengths(WeightConstraint? constraint) =>
            [.. Products(MlpTrainer.Train(new(architecture, loss, SmallData.For(loss, 200)) { Options = options with { Constraint = constraint } })
                .Model.RestoreParameters()).Select(Norm)];
    }

    private static Span<float> Value(ParameterVector parameters, string name) =>
        parameters.Value(parameters.Layout.Parameters.Single(parameter => parameter.Name == name));

    private static double[][] Units(ParameterVector parameters, string name)
    {
        float[] values = Value(parameters, name).ToArray();
        int units = Value(parameters, "Hidden1.Gain").Length;
        return [.. Enumerable.Range(0, units).Select(unit => values.Where((_, i) => i % units == unit).Select(value => (double)value).ToArray())];
    }

    private static double[][] Products(ParameterVector parameters)
    {
        float[] gain = Value(parameters, "Hidden1.Gain").ToArray();
        return [.. Units(parameters, "Hidden1.Weights").Select((v, j) => v.Select(x => gain[j] * x / Norm(v)).ToArray())];
    }

    private static double Norm(double[] unit) => Math.Sqrt(unit.Sum(weight => weight * weight));
}
