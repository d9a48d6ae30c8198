namespace MlNetMlp.Core.Tests;

/// <summary>An invalid option cannot exist; the error names the option, what it is and what it may be.</summary>
public class OptionValidationTests
{
    public static TheoryData<string, string, string, Func<object>> Invalid => new()
    {
        { "Coefficient", "1", "in [0, 1)", () => new Momentum { Coefficient = 1 } },
        { "Coefficient", "-0.1", "in [0, 1)", () => new Momentum { Coefficient = -0.1f } },
        { "Coefficient", "NaN", "in [0, 1)", () => new Nesterov { Coefficient = float.NaN } },
        { "Beta1", "1", "in [0, 1)", () => new Adam { Beta1 = 1 } },
        { "Beta2", "1.5", "in [0, 1)", () => new Adam { Beta2 = 1.5f } },
        { "Epsilon", "0", "finite and greater than 0", () => new Adam { Epsilon = 0 } },
        { "Epsilon", "Infinity", "finite and greater than 0", () => new AdamW { Epsilon = float.PositiveInfinity } },
        { "Beta2", "NaN", "in [0, 1)", () => new AdamW() with { Beta2 = float.NaN } },
        { "Epsilon", "0", "finite and greater than 0", () => new Adagrad { Epsilon = 0 } },
        { "Decay", "1", "in [0, 1)", () => new RmsProp { Decay = 1 } },
        { "Epsilon", "-1", "finite and greater than 0", () => new RmsProp { Epsilon = -1 } },
        { "Decay", "NaN", "in [0, 1)", () => new Adadelta { Decay = float.NaN } },
        { "Epsilon", "0", "finite and greater than 0", () => new Adadelta { Epsilon = 0 } },
        { "MomentumDecay", "-1", "finite and at least 0", () => new NAdam { MomentumDecay = -1 } },
        { "MinimumStep", "0", "finite and greater than 0", () => new Rprop { MinimumStep = 0 } },
        { "MaximumStep", "NaN", "finite and greater than 0", () => new Rprop { MaximumStep = float.NaN } },
        { "MaximumGrowth", "0", "finite and greater than 0", () => new Quickprop { MaximumGrowth = 0 } },
        { "RampFrom", "1", "in [0, 1)", () => new Momentum { RampFrom = 1 } },
        { "RampFrom", "-0.5", "in [0, 1)", () => new Nesterov { RampFrom = -0.5f } },
        { "RampEpochs", "-1", "finite and at least 0", () => new Momentum { RampEpochs = -1 } },
        { "RampEpochs", "Infinity", "finite and at least 0", () => new Nesterov { RampEpochs = double.PositiveInfinity } },
        { "Beta1", "1", "in [0, 1)", () => new NAdam { Beta1 = 1 } },
        { "Beta2", "1", "in [0, 1)", () => new RAdam { Beta2 = 1 } },
        { "Memory", "0", "in [1, 1000]", () => new Lbfgs { Memory = 0 } },
        { "Memory", "2147483647", "in [1, 1000]", () => new Lbfgs { Memory = int.MaxValue } },
        { "rate", "-1", "finite and at least 0", () => Schedule.Constant(-1) },
        { "rate", "-0.5", "finite and at least 0", () => (Schedule)(-0.5f) },
        { "LearningRate", "0", "finite and greater than 0", () => new MlpTrainingOptions { LearningRate = 0 } },
        { "WeightDecay", "1", "in [0, 1)", () => new Sgd { WeightDecay = Schedule.FlatThenCosine(1) } },
        { "Biases", "-0.5", "finite and at least 0", () => new RateFactors { Biases = -0.5f } },
        { "Embeddings", "-1", "finite and at least 0", () => new RateFactors { Embeddings = -1 } },
        { "Scales", "NaN", "finite and at least 0", () => new RateFactors { Scales = float.NaN } },
        { "FirstLayer", "-1", "finite and at least 0", () => new RateFactors { FirstLayer = -1 } },
        { "Outputs", "Infinity", "finite and at least 0", () => new RateFactors { Outputs = float.PositiveInfinity } },
        { "LayerDecay", "0", "finite and greater than 0", () => new RateFactors { LayerDecay = 0 } },
        { "Embeddings", "-1", "finite and at least 0", () => new DecayFactors { Embeddings = -1 } },
        { "FirstLayer", "-1", "finite and at least 0", () => new DecayFactors { FirstLayer = -1 } },
        { "Outputs", "Infinity", "finite and at least 0", () => new DecayFactors { Outputs = float.PositiveInfinity } },
        { "peak", "0", "finite and greater than 0", () => Schedule.LogCosine(0) },
        { "cycles", "0", "in [1, 16]", () => Schedule.LogCosine(1, 0) },
        { "flat", "1", "in [0, 1)", () => Schedule.FlatThenCosine(1, 1) },
        { "to", "2", "in [0, 1]", () => Schedule.FlatThenCosine(1, 0.5f, 2) },
        { "from", "NaN", "finite and greater than 0", () => Schedule.Step(float.NaN, 1) },
        { "every", "0", "at least 1", () => Schedule.Step(1, 0) },
        { "factor", "0", "in (0, 1]", () => Schedule.Step(1, 1, 0) },
        { "factor", "1.5", "in (0, 1]", () => Schedule.Step(1, 1, 1.5f) },
        { "from", "-1", "finite and greater than 0", () => Schedule.Cosine(-1) },
        { "to", "0.2", "in [0, 0.1]", () => Schedule.Cosine(0.1f, 0.2f) },
        { "from", "0", "finite and greater than 0", () => Schedule.Exponential(0, 1) },
        { "decay", "-1", "finite and at least 0", () => Schedule.Exponential(1, -1) },
        { "from", "-1", "finite and greater than 0", () => Schedule.InverseTime(-1, 1) },
        { "decay", "Infinity", "finite and at least 0", () => Schedule.InverseTime(1, float.PositiveInfinity) },
        { "from", "0", "finite and greater than 0", () => Schedule.Polynomial(0) },
        { "to", "2", "in [0, 1]", () => Schedule.Polynomial(1, 2) },
        { "power", "0", "finite and greater than 0", () => Schedule.Polynomial(1, 0, 0) },
        { "from", "-1", "finite and at least 0", () => Schedule.Stages(-1) },
        { "epoch", "0", "finite and greater than 0", () => Schedule.Stages(1, (0, 1)) },
        { "epoch", "2", "finite and greater than 2", () => Schedule.Stages(1, (2, 1), (2, 0.5f)) },
        { "rate", "-1", "finite and at least 0", () => Schedule.Stages(1, (2, -1)) },
        { "low", "0", "finite and greater than 0", () => Schedule.Cyclic(0, 1, 1) },
        { "high", "0.5", "finite and at least 1", () => Schedule.Cyclic(1, 0.5f, 1) },
        { "every", "0", "finite and greater than 0", () => Schedule.Cyclic(1, 2, 0) },
        { "factor", "1.5", "in (0, 1]", () => Schedule.Cyclic(1, 2, 1, 1.5f) },
        { "peak", "0", "finite and greater than 0", () => Schedule.OneCycle(0) },
        { "rise", "1", "in [0, 1)", () => Schedule.OneCycle(1, rise: 1) },
        { "from", "2", "in (0, 1]", () => Schedule.OneCycle(1, from: 2) },
        { "to", "-1", "in [0, 1]", () => Schedule.OneCycle(1, to: -1) },
        { "epochs", "0", "finite and greater than 0", () => Schedule.Warmup(0) },
        { "from", "0", "finite and greater than 0", () => Schedule.ReduceOnPlateau(0) },
        { "factor", "0", "in (0, 1]", () => Schedule.ReduceOnPlateau(1, factor: 0) },
        { "patience", "0", "at least 1", () => Schedule.ReduceOnPlateau(1, patience: 0) },
        { "minDelta", "NaN", "finite and at least 0", () => Schedule.ReduceOnPlateau(1, minDelta: double.NaN) },
        { "cooldown", "-1", "at least 0", () => Schedule.ReduceOnPlateau(1, cooldown: -1) },
        { "floor", "2", "in [0, 1]", () => Schedule.ReduceOnPlateau(1, floor: 2) },
        { "reference", "0", "at least 1", () => Schedule.Constant(1).ScaledByBatchSize(0) },
        { "decay", "1", "in [0, 1)", () => WeightAveraging.Exponential(1) },
        { "part", "0", "in (0, 1]", () => WeightAveraging.Polyak(0) },
        { "limit", "0", "finite and greater than 0", () => GradientClipping.ByValue(0) },
        { "norm", "-3", "finite and greater than 0", () => GradientClipping.ByNorm(-3) },
        { "rate", "-1", "finite and at least 0", () => new WeightPenalty(-1, 0) },
        { "rate", "Infinity", "finite and at least 0", () => new WeightPenalty(0, float.PositiveInfinity) },
        { "initialSlope", "NaN", "finite", () => Activation.PRelu(float.NaN) },
        { "pieces", "1", "at least 2", () => Activation.Maxout(1) },
        { "Epsilon", "0", "finite and greater than 0", () => new CosineNormalization { Epsilon = 0 } },
        { "Epsilon", "-1", "finite and greater than 0", () => new BatchRenormalization { Epsilon = -1 } },
        { "Momentum", "0", "in (0, 1]", () => new BatchRenormalization { Momentum = 0 } },
        { "MaximumScale", "0.5", "finite and at least 1", () => new BatchRenormalization { MaximumScale = 0.5f } },
        { "MaximumShift", "-1", "finite and at least 0", () => new BatchRenormalization { MaximumShift = -1 } },
        { "WarmupSteps", "-1", "at least 0", () => new BatchRenormalization { WarmupSteps = -1 } },
        { "ScaleRampSteps", "-2", "at least 0", () => new BatchRenormalization { ScaleRampSteps = -2 } },
        { "ShiftRampSteps", "-3", "at least 0", () => new BatchRenormalization { ShiftRampSteps = -3 } },
        { "InitialBias", "NaN", "finite", () => new HiddenLayer(1) { InitialBias = float.NaN } },
        { "InitialBias", "Infinity", "finite", () => new HiddenLayer(1) { InitialBias = float.PositiveInfinity } },
        { "standardDeviation", "0", "finite and greater than 0", () => Initializer.Gaussian(0) },
        { "gain", "0", "finite and greater than 0", () => Initializer.Orthogonal(0) },
        { "limit", "0", "finite and greater than 0", () => Initializer.Uniform(0) },
        { "percent", "0", "finite and greater than 0", () => StoppingRule.GeneralizationLoss(0) },
        { "quotient", "NaN", "finite and greater than 0", () => StoppingRule.ProgressQuotient(double.NaN) },
        { "strip", "1", "at least 2", () => StoppingRule.ProgressQuotient(1, 1) },
        { "rises", "0", "greater than 0", () => StoppingRule.SuccessiveRises(0) },
        { "strip", "0", "greater than 0", () => StoppingRule.SuccessiveRises(1, 0) },
        { "goal", "0", "finite and greater than 0", () => StoppingRule.WeightChange(0) },
        { "inputsPerUnit", "0", "at least 1", () => Initializer.Sparse(0) },
        { "standardDeviation", "-1", "finite and greater than 0", () => Initializer.Sparse(3, -1) },
    };

    [Theory]
    [MemberData(nameof(Invalid))]
    public void Set_OutsideItsRange_NamesOptionValueAndRange(string option, string found, string allowed, Func<object> create)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(create);
        Assert.Equal(option, error.ParamName);
        Assert.StartsWith($"{option} must be {allowed}, but it is {found}.", error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.ActualValue);
    }

    [Fact]
    public void Set_AtTheEndsOfItsRange_IsKept()
    {
        Assert.Equal(0, new Momentum { Coefficient = 0 }.Coefficient);
        Assert.Equal(0, new Adam { Beta1 = 0 }.Beta1);
        Assert.Equal(0, new AdamW { WeightDecay = 0 }.WeightDecay.BaseRate);
        Assert.Equal(0.999f, new Adam().Beta2);
        Assert.Equal(0.1f, Schedule.Cosine(0.1f, to: 0.1f).BaseRate);
        Assert.Equal(0.1f, Schedule.Step(0.1f, every: 1, factor: 1).BaseRate);
    }
}
