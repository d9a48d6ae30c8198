using MlNetMlp.Core.Tests.Support;
using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests;

public class SharedStepTests
{
    /// <summary>On both sides of the length from which a step is shared out, with borders of segments inside pieces.</summary>
    [Theory]
    [InlineData(37, 1)]
    [InlineData(151, 2)]
    [InlineData(301, 3)]
    public void Run_AnySizeAndThreads_HasTheBitsOfAStepSegmentBySegment(int units, int threads)
    {
        ParameterVector expected = Create(units), actual = Create(units);
        var optimizer = new AdamW();
        IOptimizerRule whole = optimizer.CreateRule(expected.Gradients.Length), shared = optimizer.CreateRule(actual.Gradients.Length);
        using var team = new ThreadTeam(threads);
        for (int step = 1; step <= 3; step++)
        {
            var context = new StepContext(0.01f, 1, step, L1: 1e-3f, Decay: 0.1f);
            expected.Step(whole, context);
            shared.Begin(context);
            SharedStep.Run(actual, shared, team);
        }

        Assert.Equal(Bits.Of(expected.Values.Span), Bits.Of(actual.Values.Span));
        Assert.Equal(whole.State.SelectMany(state => Bits.Of(state.Values.Span)), shared.State.SelectMany(state => Bits.Of(state.Values.Span)));
    }

    private static ParameterVector Create(int units)
    {
        var layout = new ParameterLayout();
        layout.Add(new("first.weights", 103, units) { Decays = true });
        layout.Add(new("first.biases", 1, units));
        layout.Add(new("second.weights", units, units) { Decays = true });
        var vector = new ParameterVector(layout);
        TestData.Fill(vector.Values.Span, 1);
        TestData.Fill(vector.Gradients.Span, 2);
        return vector;
    }
}
