using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests;

/// <summary>What every optimizer owes; the optimizers are the lines of <see cref="OptimizerCase.All"/>.</summary>
public class OptimizerContractTests
{
    /// <summary>Single precision moves the path by less than 7e-7 in 20 steps; the smallest mistake tried below moves it by 6e-3.</summary>
    internal const double TrajectoryTolerance = 2e-6;

    public static TheoryData<string> Names => OptimizerCase.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Step_TwentyStepsOnQuadratic_EqualsReference(string name)
    {
        var line = OptimizerCase.Named(name);
        Assert.InRange(LargestDistance(line, Objective.Quadratic, line.QuadraticRate, line.Reference()), 0, TrajectoryTolerance);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Step_TwentyStepsOnBeale_EqualsReference(string name)
    {
        var line = OptimizerCase.Named(name);
        Assert.InRange(LargestDistance(line, Objective.Beale, line.BealeRate, line.Reference()), 0, TrajectoryTolerance);
    }

    [Fact]
    public void Step_ReferenceWithOneMistake_IsFarOutsideTolerance()
    {
        AssertFar("Adam", OptimizerReferences.Adam(0.9, 0.999, 1e-8, correctBias: false));
        AssertFar("Adam", OptimizerReferences.Adam(0.9, 0.99, 1e-8));
        AssertFar("AdamW", OptimizerReferences.Adam(0.9, 0.999, 1e-8));
        AssertFar("NAdam", OptimizerReferences.Adam(0.9, 0.999, 1e-8));
        AssertFar("NAdam", OptimizerReferences.NAdam(0.9, 0.999, 1e-8, 0.05));
        AssertFar("RAdam", OptimizerReferences.Adam(0.9, 0.999, 1e-8));
        AssertFar("RAdam", OptimizerReferences.RAdam(0.9, 0.999, 1e-8, smallest: 4));
        AssertFar("Rprop", OptimizerReferences.Rprop(backtracks: false));
        AssertFar("Rprop 0.15", OptimizerReferences.Rprop(backtracks: true));
        AssertFar("Quickprop", OptimizerReferences.Quickprop(1.2));
        AssertFar("Quickprop", OptimizerReferences.Sgd());
        AssertFar("Momentum ramp", OptimizerReferences.Momentum(0.9));
        AssertFar("Momentum ramp", OptimizerReferences.Momentum(0.9, 0.2, 30));
        AssertFar("Nesterov ramp", OptimizerReferences.Nesterov(0.9));
        AssertFar("Adagrad", OptimizerReferences.RmsProp(0.9, 1e-8));
        AssertFar("RmsProp", OptimizerReferences.RmsProp(0.99, 1e-8));
        AssertFar("Adadelta", OptimizerReferences.Adadelta(0.9, 1e-6));
        AssertFar("Nesterov", OptimizerReferences.Momentum(0.9));
        AssertFar("Momentum", OptimizerReferences.Sgd());

        static void AssertFar(string name, ReferenceStep mistaken)
        {
            var line = OptimizerCase.Named(name);
            Assert.True(LargestDistance(line, Objective.Beale, line.BealeRate, mistaken) > 1000 * TrajectoryTolerance);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Step_StateCopiedIntoNewRule_ContinuesWithSameBits(string name)
    {
        const int Length = 37;
        var optimizer = OptimizerCase.Named(name).Optimizer;
        var rule = optimizer.CreateRule(Length);
        float[] parameters = Start(Length);
        for (int step = 1; step <= 5; step++)
        {
            rule.StepAll(parameters, Gradients(Length, step), Context(step));
        }

        var resumed = optimizer.CreateRule(Length);
        float[] resumedParameters = [.. parameters];
        Assert.Equal(rule.State.Select(slot => slot.Name), resumed.State.Select(slot => slot.Name));
        foreach (var (from, to) in rule.State.Zip(resumed.State))
        {
            from.Values.Span.CopyTo(to.Values.Span);
        }

        for (int step = 6; step <= 10; step++)
        {
            rule.StepAll(parameters, Gradients(Length, step), Context(step));
            resumed.StepAll(resumedParameters, Gradients(Length, step), Context(step));
        }

        Assert.Equal(parameters, resumedParameters);
        foreach (var (first, second) in rule.State.Zip(resumed.State))
        {
            Assert.Equal(first.Values.Span, second.Values.Span);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Step_VectorCutAnywhere_SameBits(string name)
    {
        const int Length = 257;
        var optimizer = OptimizerCase.Named(name).Optimizer;
        var whole = optimizer.CreateRule(Length);
        var cut = optimizer.CreateRule(Length);
        float[] wholeParameters = Start(Length);
        float[] cutParameters = Start(Length);
        var random = new SeededRandom(7);
        for (int step = 1; step <= 8; step++)
        {
            float[] gradients = Gradients(Length, step);
            whole.StepAll(wholeParameters, gradients, Context(step));

            cut.Begin(Context(step));

            // Pieces of 1 to 40 elements, from the last to the first.
            for (int end = Length, piece = 0; end > 0; piece++)
            {
                int begin = Math.Max(0, end - 1 - random.At(step).Below(40, piece));
                cut.Step(cutParameters.AsSpan(begin..end), gradients.AsSpan(begin..end), begin, new ParameterGroup(Decays: true));
                end = begin;
            }
        }

        Assert.Equal(wholeParameters, cutParameters);
        foreach (var (first, second) in whole.State.Zip(cut.State))
        {
            Assert.Equal(first.Values.Span, second.Values.Span);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Step_GradientsAlwaysZero_KeepsParametersAndState(string name)
    {
        const int Length = 19;
        var rule = OptimizerCase.Named(name).Optimizer.CreateRule(Length);
        float[] parameters = Start(Length);
        for (int step = 1; step <= 3; step++)
        {
            rule.StepAll(parameters, new float[Length], Context(step), decays: false);
        }

        Assert.Equal(Start(Length), parameters);

        // The scalars that some rules carry along are not about gradients.
        var slots = rule.State.Where(slot => slot.Values.Length == Length);
        Assert.All(slots, slot => Assert.Equal(new float[Length], slot.Values.Span.ToArray()));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Step_GradientsDieOut_StateHoldsNoSubnormals(string name)
    {
        const int Length = 19;
        var rule = OptimizerCase.Named(name).Optimizer.CreateRule(Length);
        float[] parameters = Start(Length);
        float[] gradients = Gradients(Length, 1);
        for (int step = 1; step <= 1500; step++)
        {
            rule.StepAll(parameters, gradients, Context(step));
            gradients.AsSpan().Clear();
            Assert.All(rule.State, slot => Assert.DoesNotContain(slot.Values.Span.ToArray(), float.IsSubnormal));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Step_GradientNotAsLongAsParameters_Throws(string name)
    {
        var rule = OptimizerCase.Named(name).Optimizer.CreateRule(8);
        Assert.Throws<ArgumentException>(() => rule.StepAll(new float[8], new float[7], Context(1)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Step_LongValley_ReachesMinimumButPlainSgdCrawls(string name)
    {
        const int Steps = 3000;
        var line = OptimizerCase.Named(name);
        var schedule = Schedule.Cosine(line.ValleyRate);
        var rule = line.Optimizer.CreateRule(2);
        float[] parameters = ToSingle(Objective.LongValley.Start);
        for (int step = 1; step <= Steps; step++)
        {
            float rate = schedule.RateAt(step - 1, Steps);
            float[] gradients = SingleGradient(Objective.LongValley, parameters);
            rule.StepAll(parameters, gradients, new StepContext(rate, rate / schedule.BaseRate, step));
        }

        double distance = Distance(ToDouble(parameters), Objective.LongValley.Minimum);

        // Plain descent must keep its rate below 2 / 1000 for the sake of the walls, and then shrinks the distance along the floor by
        // only (1 - rate) a step: the rates add up to 2.25, and a tenth of the way is still to go.
        if (line.Optimizer is Sgd)
        {
            Assert.Equal(Math.Sqrt(5) * Math.Exp(-line.ValleyRate * Steps / 2), distance, 0.002);
        }
        else
        {
            Assert.InRange(distance, 0, line.ValleyDistance);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Step_WithL1_ReachesTheSparseMinimum(string name)
    {
        // Minimum of sum over i of c_i (w_i - a_i)^2 / 2 + lambda |w_i|: a moved towards zero by lambda / c, and exactly zero where
        // c |a| <= lambda. It is the same for every optimizer.
        const float Lambda = 0.5f;
        const int Length = 60;
        const int Steps = 1000;
        var line = OptimizerCase.Named(name);
        var schedule = Schedule.Cosine(line.QuadraticRate, line.QuadraticRate / 100);
        var rule = line.Optimizer.CreateRule(Length);
        float[] targets = Start(Length);
        float[] weights = [.. targets];
        for (int step = 1; step <= Steps; step++)
        {
            float[] gradients = [.. weights.Select((weight, i) => Curvature(i) * (weight - targets[i]))];
            rule.StepAll(weights, gradients, new StepContext(schedule.RateAt(step, Steps), 1, step, Lambda));
        }

        double[] expected = [.. targets.Select((a, i) => Math.Sign(a) * Math.Max(Math.Abs(a) - (Lambda / Curvature(i)), 0))];
        Assert.InRange(expected.Count(value => value == 0), 10, 50);
        for (int i = 0; i < Length; i++)
        {
            Assert.Equal(expected[i], weights[i], 1e-3);
            Assert.Equal(expected[i] == 0, weights[i] == 0);
        }

        static float Curvature(int i) => 0.5f + (i % 4);
    }

    /// <summary>Decoupled: the step from shrunk weights, with the same averages.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Step_WithDecay_IsTheStepFromShrunkWeights(string name)
    {
        const int Length = 37;
        const float Decay = 0.125f;
        IOptimizerRule decaying = OptimizerCase.Named(name).Optimizer.CreateRule(Length), plain = OptimizerCase.Named(name).Optimizer.CreateRule(Length);
        float[] decayed = Start(Length), shrunk = Start(Length);
        for (int step = 1; step <= 5; step++)
        {
            decaying.StepAll(decayed, Gradients(Length, step), new StepContext(0.01f, 1, step, Decay: Decay));
            shrunk = [.. shrunk.Select(value => (1 - Decay) * value)];
            plain.StepAll(shrunk, Gradients(Length, step), new StepContext(0.01f, 1, step));
        }

        Assert.Equal(shrunk, decayed);

        float[] other = [1, -2];
        plain = OptimizerCase.Named(name).Optimizer.CreateRule(2);
        plain.Begin(new StepContext(0.01f, 1, 1, Decay: Decay));
        plain.Step(other, [0, 0], 0, new ParameterGroup(Decays: true, DecayFactor: 0.5f));
        Assert.Equal([1 - Decay / 2, -2 * (1 - Decay / 2)], other);
        plain.Step(other, [0, 0], 0, new ParameterGroup(Decays: false, DecayFactor: 0.5f));
        plain.Step(other, [0, 0], 0, new ParameterGroup(Decays: true, DecayFactor: 0));
        Assert.Equal([1 - Decay / 2, -2 * (1 - Decay / 2)], other);
    }

    /// <summary>Gradients that do not depend on the weights: a quarter of the rate leads a quarter as far, whatever the rule remembers.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Step_WithARateFactor_GoesThatMuchOfTheWay(string name)
    {
        const int Length = 37;
        IOptimizerRule quarter = OptimizerCase.Named(name).Optimizer.CreateRule(Length), whole = OptimizerCase.Named(name).Optimizer.CreateRule(Length);
        float[] near = new float[Length], far = new float[Length];
        for (int step = 1; step <= 5; step++)
        {
            quarter.Begin(new StepContext(0.01f, 1, step));
            quarter.Step(near, Gradients(Length, step), 0, new ParameterGroup(Decays: true, RateFactor: 0.25f));
            whole.StepAll(far, Gradients(Length, step), new StepContext(0.01f, 1, step));
        }

        Assert.All(near.Zip(far), pair => Assert.Equal(0.25 * pair.Second, pair.First, 1e-6 * Math.Abs(pair.Second) + 1e-9));
        Assert.Contains(far, value => Math.Abs(value) > 1e-5);
    }

    /// <summary>The same sparse minimum at a tenth of the rate: L1 pulls by the rate of the parameter, too.</summary>
    [Fact]
    public void Step_WithARateFactorAndL1_IsTheStepAtThatRate()
    {
        const int Length = 37;
        IOptimizerRule factored = new Sgd().CreateRule(Length), slow = new Sgd().CreateRule(Length);
        float[] one = Start(Length), other = Start(Length);
        for (int step = 1; step <= 5; step++)
        {
            factored.Begin(new StepContext(0.5f, 1, step, L1: 0.25f));
            factored.Step(one, Gradients(Length, step), 0, new ParameterGroup(Decays: true, RateFactor: 0.125f));
            slow.StepAll(other, Gradients(Length, step), new StepContext(0.0625f, 1, step, L1: 0.25f));
        }

        Assert.All(one.Zip(other), pair => Assert.Equal(pair.Second, pair.First, 1e-6));
    }

    /// <summary>Runs rule and reference side by side, the rate halved after ten steps; the largest distance of the two paths.</summary>
    private static double LargestDistance(OptimizerCase line, Objective objective, float rate, ReferenceStep reference)
    {
        var rule = line.Optimizer.CreateRule(2);
        float[] parameters = ToSingle(objective.Start);
        double[] expected = [.. objective.Start];
        double largest = 0;
        float decay = line.Optimizer.WeightDecay.BaseRate;
        for (int step = 1; step <= 20; step++)
        {
            float multiplier = step <= 10 ? 1 : 0.5f;
            rule.StepAll(parameters, SingleGradient(objective, parameters), new StepContext(rate * multiplier, multiplier, step, Decay: multiplier * decay));
            reference(expected, objective.Gradient(expected), (double)rate * multiplier, multiplier, step);
            largest = Math.Max(largest, Distance(ToDouble(parameters), expected));
        }

        return largest;
    }

    private static StepContext Context(int step) => new(0.01f, 1, step, L1: step % 2 * 0.1f);

    private static float[] Start(int length)
    {
        var values = new float[length];
        new SeededRandom(1).FillNormal(values, 0, 1);
        return values;
    }

    private static float[] Gradients(int length, int step)
    {
        var values = new float[length];
        new SeededRandom(2).At(step).FillNormal(values, 0, 1);
        return values;
    }

    private static float[] SingleGradient(Objective objective, float[] parameters) => ToSingle(objective.Gradient(ToDouble(parameters)));

    private static float[] ToSingle(double[] values) => Array.ConvertAll(values, value => (float)value);

    private static double[] ToDouble(float[] values) => Array.ConvertAll(values, value => (double)value);

    private static double Distance(double[] first, double[] second) => Math.Sqrt(first.Zip(second, (a, b) => (a - b) * (a - b)).Sum());
}
