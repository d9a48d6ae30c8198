namespace MlNetMlp.Core.Tests;

public class ParameterVectorTests
{
    private readonly ParameterLayout _layout = new();
    private readonly Parameter _weights;
    private readonly Parameter _bias;
    private readonly Parameter _mean;
    private readonly Parameter _gain;
    private readonly Parameter _output;

    public ParameterVectorTests()
    {
        _weights = _layout.Add(new("hidden1.weights", 3, 7) { Decays = true });
        _bias = _layout.Add(new("hidden1.bias", 1, 7));
        _mean = _layout.Add(new("hidden1.mean", 1, 7) { Trainable = false });
        _gain = _layout.Add(new("hidden1.gain", 1, 7));
        _output = _layout.Add(new("output.weights", 7, 2) { Decays = true });
    }

    [Fact]
    public void Add_AnyShape_StartsOnACacheLine()
    {
        Assert.Equal([0, 32, 0, 48, 64], new[] { _weights, _bias, _mean, _gain, _output }.Select(parameter => parameter.Offset));
        Assert.Equal(80, _layout.TrainableLength);
        Assert.Equal(16, _layout.StatisticLength);
        Assert.Equal(21 + 7 + 7 + 14, _layout.TrainableCount);
    }

    [Fact]
    public void Segments_NeighboursOfOneKind_ShareOneAndCoverEverything()
    {
        var vector = new ParameterVector(_layout);
        Assert.Equal(
            [new ParameterSegment(0, 32, new(true)), new ParameterSegment(32, 32, new(false)), new ParameterSegment(64, 16, new(true))],
            vector.Segments.ToArray());
    }

    [Fact]
    public void Value_EveryParameter_IsAPlaceOfItsOwn()
    {
        var vector = new ParameterVector(_layout);
        foreach (var parameter in _layout.Parameters)
        {
            foreach (ref float value in vector.Value(parameter))
            {
                value++;
            }
        }

        foreach (var parameter in _layout.Parameters)
        {
            Assert.Equal(Enumerable.Repeat(1f, parameter.Length), vector.Value(parameter).ToArray());
        }

        Assert.Equal(21 + 7 + 7 + 7 + 14, vector.Values.Span.ToArray().Sum());
        Assert.Equal(21 + 7 + 7 + 14, vector.Trainable.ToArray().Sum());
    }

    [Fact]
    public void Gradient_Trainable_LiesWhereItsValueLies()
    {
        var vector = new ParameterVector(_layout);
        vector.Gradient(_gain).Fill(2);
        Assert.Equal(Enumerable.Repeat(2f, 7), vector.Gradients.Span.Slice(48, 7).ToArray());
        Assert.Equal(vector.Trainable.Length, vector.Gradients.Length);
        vector.ClearGradients();
        Assert.All(vector.Gradients.Span.ToArray(), value => Assert.Equal(0, value));
    }

    [Fact]
    public void Gradient_OfAStatistic_Throws()
    {
        var vector = new ParameterVector(_layout);
        var error = Assert.Throws<ArgumentException>(() => vector.Gradient(_mean).Length);
        Assert.Contains("hidden1.mean", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Restore_AfterChanges_BringsEveryValueBack()
    {
        var vector = new ParameterVector(_layout);
        for (int i = 0; i < vector.Values.Length; i++)
        {
            vector.Values.Span[i] = i;
        }

        float[] snapshot = vector.Snapshot();
        vector.Values.Span.Clear();
        float[] cleared = new float[snapshot.Length];
        cleared.AsSpan().Fill(9);
        vector.SnapshotInto(cleared);
        Assert.All(cleared, value => Assert.Equal(0, value));
        vector.Restore(snapshot);
        Assert.Equal(Enumerable.Range(0, 96).Select(i => (float)i), vector.Values.Span.ToArray());
        Assert.Equal(80, vector.Value(_mean)[0]);
    }

    [Fact]
    public void Restore_OfAnotherLength_Throws()
    {
        var vector = new ParameterVector(_layout);
        Assert.Throws<ArgumentException>(() => vector.Restore(new float[95]));
        Assert.Throws<ArgumentException>(() => vector.SnapshotInto(new float[97]));
    }

    [Fact]
    public void Add_NameTakenOrShapeEmptyOrTooLarge_Throws()
    {
        var taken = Assert.Throws<ArgumentException>(() => _layout.Add(new("hidden1.bias", 1, 1)));
        Assert.Contains("'hidden1.bias'", taken.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => _layout.Add(new("empty", 0, 5) { Decays = true }));
        Assert.Throws<ArgumentOutOfRangeException>(() => _layout.Add(new("empty", 5, 0) { Decays = true }));
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => _layout.Add(new("huge", 100_000, 100_000) { Decays = true }));
        Assert.Contains("'huge' [100000, 100000]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Add_OnceAVectorExists_Throws()
    {
        _ = new ParameterVector(_layout);
        Assert.Throws<InvalidOperationException>(() => _layout.Add(new("late", 1, 1)));
        Assert.Throws<InvalidOperationException>(() => _layout.Add(new("late", 1, 1) { Trainable = false }));
    }

    [Theory]
    [MemberData(nameof(OptimizerCase.Names), MemberType = typeof(OptimizerCase))]
    public void Step_AnyOptimizer_LeavesTheGapsZero(string name)
    {
        var vector = new ParameterVector(_layout);
        var rule = OptimizerCase.Named(name).Optimizer.CreateRule(_layout.TrainableLength);
        foreach (var parameter in _layout.Parameters.Where(parameter => parameter.Trainable))
        {
            vector.Value(parameter).Fill(1);
            vector.Gradient(parameter).Fill(1);
        }

        for (int step = 1; step <= 3; step++)
        {
            vector.Step(rule, new StepContext(0.1f, 1, step, L1: 0.01f));
        }

        Assert.All(vector.Value(_output).ToArray(), value => Assert.NotEqual(1, value));
        Assert.All(vector.Trainable[21..32].ToArray(), value => Assert.Equal(0, value));
        Assert.All(vector.Trainable[78..80].ToArray(), value => Assert.Equal(0, value));
    }
}
