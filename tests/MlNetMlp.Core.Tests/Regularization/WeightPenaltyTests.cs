using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests;

public class WeightPenaltyTests
{
    private readonly ParameterVector _vector;
    private readonly Parameter _weights;
    private readonly Parameter _bias;
    private readonly Parameter _output;
    private readonly Parameter _mean;

    public WeightPenaltyTests()
    {
        var layout = new ParameterLayout();
        _weights = layout.Add(new("weights", 5, 7) { Decays = true });
        _bias = layout.Add(new("bias", 1, 7));
        _output = layout.Add(new("output", 7, 1) { Decays = true });
        _mean = layout.Add(new("mean", 1, 7) { Trainable = false });
        _vector = new ParameterVector(layout);
        foreach (var parameter in layout.Parameters)
        {
            new SeededRandom(4).At(parameter.Offset).FillNormal(_vector.Value(parameter), 0, 1);
        }
    }

    [Fact]
    public void Value_WeightsAndBiases_CountsTheWeights()
    {
        double[] weights = [.. _vector.Value(_weights).ToArray().Concat(_vector.Value(_output).ToArray()).Select(w => (double)w)];
        double expected = (0.3f * weights.Sum(Math.Abs)) + (0.7f / 2.0 * weights.Sum(w => w * w));
        Assert.Equal(expected, new WeightPenalty(0.3f, 0.7f).Value(_vector), 1e-7 * expected);
        Assert.Equal(0, new WeightPenalty(0, 0).Value(_vector));
    }

    [Fact]
    public void AddGradient_EveryParameter_IsTheSlopeOfTheValue()
    {
        // Central differences of a quadratic are exact but for rounding.
        const float Step = 1f / 64;
        var penalty = new WeightPenalty(0, 0.7f);
        _vector.Gradients.Span.Fill(1);
        penalty.AddGradient(_vector);
        for (int i = 0; i < _vector.Trainable.Length; i++)
        {
            float before = _vector.Trainable[i];
            _vector.Trainable[i] = before + Step;
            float above = _vector.Trainable[i];
            double high = penalty.Value(_vector);
            _vector.Trainable[i] = before - Step;
            double slope = (high - penalty.Value(_vector)) / ((double)above - _vector.Trainable[i]);
            _vector.Trainable[i] = before;

            // An alignment gap has no value of its own; being zero, it has no slope either.
            Assert.Equal(1 + slope, _vector.Gradients.Span[i], 1e-5);
        }
    }

    [Fact]
    public void AddGradient_Bias_StaysUntouched()
    {
        _vector.Gradients.Span.Fill(1);
        new WeightPenalty(5, 5).AddGradient(_vector);
        Assert.All(_vector.Gradient(_bias).ToArray(), value => Assert.Equal(1, value));
    }

    [Fact]
    public void AddGradient_OnlyL1_LeavesTheGradientToTheShrinkingStep()
    {
        new WeightPenalty(5, 0).AddGradient(_vector);
        Assert.All(_vector.Gradients.Span.ToArray(), value => Assert.Equal(0, value));
    }

    [Theory]
    [InlineData(1f, 0.75f)]
    [InlineData(-1f, -0.75f)]
    [InlineData(0.26f, 0.01f)]
    [InlineData(0.25f, 0f)]
    [InlineData(0.2f, 0f)]
    [InlineData(-0.2f, 0f)]
    [InlineData(0f, 0f)]
    public void Step_WithL1_MovesWeightsTowardsZeroAndStopsThere(float weight, float expected)
    {
        // Without a gradient the step is the penalty's alone: the threshold is 0.5 * 0.5. The 17th weight goes through the tail.
        float[] weights = [.. Enumerable.Repeat(weight, 17)];
        new Sgd().CreateRule(17).StepAll(weights, new float[17], new StepContext(0.5f, 1, 1, L1: 0.5f));
        Assert.All(weights, found => Assert.Equal(expected, found, 1e-7f));
        Assert.All(weights, found => Assert.Equal(expected == 0, found == 0));
    }

    [Theory]
    [MemberData(nameof(OptimizerCase.Names), MemberType = typeof(OptimizerCase))]
    public void Step_LargeL1_ErasesWeightsAndNothingElse(string optimizer)
    {
        float[] bias = _vector.Value(_bias).ToArray();
        float[] mean = _vector.Value(_mean).ToArray();
        var rule = OptimizerCase.Named(optimizer).Optimizer.CreateRule(_vector.Trainable.Length);

        // A rule of signs moves by the rate, however large the penalty: 10 is further than any weight is from zero.
        _vector.Step(rule, new StepContext(10, 1, 1, L1: 100));
        Assert.All(_vector.Value(_weights).ToArray(), value => Assert.Equal(0, value));
        Assert.All(_vector.Value(_output).ToArray(), value => Assert.Equal(0, value));
        Assert.Equal(bias, _vector.Value(_bias).ToArray());
        Assert.Equal(mean, _vector.Value(_mean).ToArray());
    }
}
