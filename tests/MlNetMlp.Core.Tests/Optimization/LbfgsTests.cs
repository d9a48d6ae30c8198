namespace MlNetMlp.Core.Tests;

public class LbfgsTests
{
    private const int Dimensions = 30;

    [Fact]
    public void Iterate_QuadraticOfNDimensions_IsDoneInAboutNIterations()
    {
        var objective = new FunctionObjective(Bowl(Dimensions));
        LbfgsMinimizer minimizer = new Lbfgs { Memory = Dimensions, GradientTolerance = 0 }.CreateMinimizer(Dimensions);
        int iterations = 0;
        while (objective.Distance > 1e-4 && minimizer.Iterate(objective))
        {
            iterations++;
        }

        // Steepest descent would need about a thousand: the curvatures differ by a factor of 100.
        Assert.InRange(iterations, Dimensions / 2, Dimensions * 3 / 2);
        Assert.InRange(objective.Distance, 0, 1e-4);

        // The quasi-Newton step is mostly right the first time.
        Assert.InRange(objective.Evaluations, iterations, 1.4 * iterations);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(10)]
    public void Iterate_AnyMemory_ReachesTheMinimaOfBealeAndTheLongValley(int memory)
    {
        foreach (Objective function in (Objective[])[Objective.Beale, Objective.LongValley with { Start = [-1, 0.6] }, Objective.Quadratic])
        {
            var objective = new FunctionObjective(function);
            LbfgsMinimizer minimizer = new Lbfgs { Memory = memory }.CreateMinimizer(2);
            int iterations = 0;
            double before = double.PositiveInfinity;
            while (minimizer.Iterate(objective))
            {
                Assert.True(minimizer.Value <= before + (WolfeLineSearch.Rounding * Math.Abs(before)));
                Assert.True(minimizer.Step > 0);
                before = minimizer.Value;
                iterations++;
            }

            Assert.InRange(iterations, 3, 40);
            Assert.InRange(objective.Distance, 0, 2e-4);
            Assert.Equal(0, minimizer.Step);
        }
    }

    [Fact]
    public void Iterate_FirstStep_IsDownTheGradientByAtMostOne()
    {
        // With a gradient longer than 1 the first step that is tried has the length 1; here the loss has fallen enough there.
        var objective = new FunctionObjective(new Objective([3, 4], [0, 0], w => w[0] * w[0] + w[1] * w[1], w => [2 * w[0], 2 * w[1]]));
        LbfgsMinimizer minimizer = new Lbfgs().CreateMinimizer(2);
        Assert.True(minimizer.Iterate(objective));
        Assert.Equal([2.4f, 3.2f], objective.Parameters.ToArray(), (a, b) => Math.Abs(a - b) < 1e-6f);
        Assert.Equal(0.1, minimizer.Step, 1e-7);
        Assert.Equal(16, minimizer.Value, 1e-5);
        Assert.Equal(8, minimizer.GradientNorm, 1e-6);

        // The second knows the curvature and is at the bottom.
        Assert.True(minimizer.Iterate(objective));
        Assert.InRange(objective.Distance, 0, 1e-6);
        Assert.Equal(1, minimizer.Step);
    }

    [Fact]
    public void Iterate_AtTheMinimum_StaysAndSaysSo()
    {
        var objective = new FunctionObjective(Objective.Quadratic with { Start = [-0.2f, 1.4f] });
        LbfgsMinimizer minimizer = new Lbfgs().CreateMinimizer(2);
        Assert.False(minimizer.Iterate(objective));
        Assert.True(minimizer.IsAtMinimum);
        Assert.Equal((1, 0.0), (objective.Evaluations, minimizer.Step));
        Assert.Equal([-0.2f, 1.4f], objective.Parameters.ToArray());
    }

    [Fact]
    public void Iterate_ToleranceZero_EndsWhereRoundingDoes()
    {
        var objective = new FunctionObjective(Objective.Beale);
        LbfgsMinimizer minimizer = new Lbfgs { GradientTolerance = 0 }.CreateMinimizer(2);
        int iterations = 0;
        while (minimizer.Iterate(objective))
        {
            iterations++;
        }

        Assert.InRange(iterations, 5, 60);
        Assert.InRange(objective.Distance, 0, 1e-5);
    }

    [Fact]
    public void Iterate_StateCopiedIntoNewMinimizer_ContinuesWithSameBits()
    {
        Objective bowl = Bowl(Dimensions);
        var first = new FunctionObjective(bowl);
        var second = new FunctionObjective(bowl);
        var options = new Lbfgs { Memory = 4 };
        LbfgsMinimizer minimizer = options.CreateMinimizer(Dimensions);
        for (int i = 0; i < 7; i++)
        {
            Assert.True(minimizer.Iterate(first));
        }

        LbfgsMinimizer resumed = options.CreateMinimizer(Dimensions);
        Assert.Equal(minimizer.State.Select(state => state.Name), resumed.State.Select(state => state.Name));
        Assert.Equal(1 + (2 * 4), minimizer.State.Select(state => state.Name).Distinct().Count());
        foreach ((OptimizerState from, OptimizerState to) in minimizer.State.Zip(resumed.State))
        {
            from.Values.Span.CopyTo(to.Values.Span);
        }

        first.Parameters.CopyTo(second.Parameters);
        for (int i = 0; i < 7; i++)
        {
            Assert.True(minimizer.Iterate(first));
            Assert.True(resumed.Iterate(second));
            Assert.Equal(first.Parameters.ToArray(), second.Parameters.ToArray());
            Assert.Equal((minimizer.Value, minimizer.Step), (resumed.Value, resumed.Step));
        }
    }

    [Fact]
    public void Iterate_MisleadingPairs_FallsBackToSteepestDescent()
    {
        // A pair that has the curvature a billion times too small: its step overflows everything, even after twenty attempts.
        var objective = new FunctionObjective(Objective.Quadratic);
        LbfgsMinimizer minimizer = new Lbfgs { MaximumEvaluations = 3 }.CreateMinimizer(2);
        minimizer.State[0].Values.Span[0] = 1;
        minimizer.State[0].Values.Span[1] = 1;
        minimizer.State.Single(state => state.Name == "step0").Values.Span.Fill(1e9f);
        minimizer.State.Single(state => state.Name == "change0").Values.Span.Fill(1);
        Assert.True(minimizer.Iterate(objective));
        Assert.True(minimizer.Value < Objective.Quadratic.Value(Objective.Quadratic.Start) - 1);
    }

    [Fact]
    public void Iterate_FunctionThatChanges_IsEvaluatedAnew()
    {
        var lasting = new FunctionObjective(Bowl(Dimensions));
        var changing = new FunctionObjective(Bowl(Dimensions)) { IsLasting = false };
        LbfgsMinimizer first = new Lbfgs().CreateMinimizer(Dimensions), second = new Lbfgs().CreateMinimizer(Dimensions);
        for (int i = 0; i < 5; i++)
        {
            first.Iterate(lasting);
            second.Iterate(changing);
        }

        Assert.Equal(lasting.Parameters.ToArray(), changing.Parameters.ToArray());
        Assert.Equal(lasting.Evaluations + 4, changing.Evaluations);
    }

    [Fact]
    public void Iterate_NotFiniteOrInterrupted_StaysWhereItWas()
    {
        var notFinite = new FunctionObjective(Objective.Quadratic with { Value = _ => double.PositiveInfinity });
        LbfgsMinimizer minimizer = new Lbfgs().CreateMinimizer(2);
        Assert.False(minimizer.Iterate(notFinite));
        Assert.False(minimizer.IsEvaluated);
        Assert.False(minimizer.IsAtMinimum);

        var interrupted = new FunctionObjective(Objective.Quadratic);
        minimizer = new Lbfgs().CreateMinimizer(2);
        Assert.True(minimizer.Iterate(interrupted));
        float[] here = interrupted.Parameters.ToArray();
        interrupted.IsInterrupted = true;
        Assert.False(minimizer.Iterate(interrupted));
        Assert.Equal(here, interrupted.Parameters.ToArray());
        Assert.Equal(1, minimizer.State[0].Values.Span[0]);
    }

    [Fact]
    public void Iterate_WithL1_ReachesTheSparseMinimum()
    {
        // sum over i of c_i (w_i - a_i)^2 / 2 + lambda |w_i|, from the wrong side of zero: a moved towards zero by lambda / c, and exactly zero where
        // c |a| <= lambda. The last ten have no penalty.
        const int Length = 60, Penalised = 50;
        const float Lambda = 0.5f;
        double[] a = [.. Enumerable.Range(0, Length).Select(i => 2 * Math.Sin(i))], c = [.. Enumerable.Range(0, Length).Select(i => 0.5 + (i % 4))];
        double[] minimum = [.. a.Select((value, i) => i < Penalised ? Math.Sign(value) * Math.Max(Math.Abs(value) - (Lambda / c[i]), 0) : value)];
        var objective = new FunctionObjective(new Objective(
            [.. a.Select((value, i) => i % 3 == 0 ? 0 : -value)],
            minimum,
            w => w.Select((value, i) => c[i] * Math.Pow(value - a[i], 2) / 2).Sum(),
            w => [.. w.Select((value, i) => c[i] * (value - a[i]))]));
        var penalty = new OrthantPenalty([Lambda], [new(0, Penalised, new(Decays: true)), new(Penalised, Length - Penalised, new(Decays: false))]);
        LbfgsMinimizer minimizer = new Lbfgs().CreateMinimizer(Length, penalty);
        int iterations = 0;
        double before = double.PositiveInfinity;
        while (minimizer.Iterate(objective))
        {
            Assert.True(minimizer.Value <= before * (1 + WolfeLineSearch.Rounding));
            before = minimizer.Value;
            iterations++;
        }

        Assert.True(minimizer.IsAtMinimum);
        Assert.InRange(iterations, 3, 40);
        Assert.InRange(minimum.Count(value => value == 0), 5, 30);
        Assert.All(minimum.Zip(objective.Parameters.ToArray()), pair =>
        {
            Assert.Equal(pair.First, pair.Second, 1e-4);
            Assert.Equal(pair.First == 0, pair.Second == 0);
        });
    }

    [Fact]
    public void Add_PairsThatDoNotCurveUpwards_AreLeftOut()
    {
        var pairs = new CorrectionPairs(2, 2);
        pairs.Add([1, 0], [-1, 0]);
        pairs.Add([1, 0], [0, 1]);
        pairs.Add([0, 0], [0, 0]);
        Assert.Equal(0, pairs.Count);
        float[] direction = new float[2];
        pairs.Direction([3, -4], direction);
        Assert.Equal([-3, 4], direction);
    }

    [Fact]
    public void Direction_WithPairs_EqualsTheInverseOfTheBfgsMatrix()
    {
        // The formula of the matrix itself: H = V^T H V + rho s s^T with V = I - rho y s^T, from gamma I, oldest pair first; three pairs, of
        // which the memory keeps the last two.
        double[][] steps = [[9, 9, 9], [1, 0.5, -0.25], [0.5, -1, 2]], changes = [[1, 2, 3], [2, 0.25, 0.5], [1, -1.5, 1]];
        var pairs = new CorrectionPairs(2, 3);
        for (int i = 0; i < 3; i++)
        {
            pairs.Add(Single(steps[i]), Single(changes[i]));
        }

        double gamma = Dot(steps[2], changes[2]) / Dot(changes[2], changes[2]);
        double[,] h = { { gamma, 0, 0 }, { 0, gamma, 0 }, { 0, 0, gamma } };
        for (int pair = 1; pair < 3; pair++)
        {
            h = Updated(h, steps[pair], changes[pair]);
        }

        double[] gradient = [3, -1, 2];
        float[] direction = new float[3];
        pairs.Direction(Single(gradient), direction);
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(-Enumerable.Range(0, 3).Sum(j => h[i, j] * gradient[j]), direction[i], 1e-5);
        }
    }

    private static double[,] Updated(double[,] h, double[] s, double[] y)
    {
        double rho = 1 / Dot(s, y);
        double V(int i, int j) => (i == j ? 1 : 0) - (rho * y[i] * s[j]);
        var result = new double[3, 3];
        for (int i = 0; i < 3; i++)
        {
            for (int j = 0; j < 3; j++)
            {
                result[i, j] = rho * s[i] * s[j];
                for (int k = 0; k < 3; k++)
                {
                    for (int l = 0; l < 3; l++)
                    {
                        result[i, j] += V(k, i) * h[k, l] * V(l, j);
                    }
                }
            }
        }

        return result;
    }

    /// <summary>Curvatures from 1 to 100 along the axes, turned a little between neighbours by a term that couples them.</summary>
    private static Objective Bowl(int n)
    {
        double[] minimum = [.. Enumerable.Range(0, n).Select(i => Math.Sin(i))];
        double[] Gradient(double[] w)
        {
            var g = new double[n];
            for (int i = 0; i < n; i++)
            {
                g[i] += (1 + (99.0 * i / (n - 1))) * (w[i] - minimum[i]);
                if (i + 1 < n)
                {
                    double difference = w[i] - minimum[i] - (w[i + 1] - minimum[i + 1]);
                    g[i] += difference;
                    g[i + 1] -= difference;
                }
            }

            return g;
        }

        return new Objective(new double[n], minimum, w => Dot(Gradient(w), [.. w.Zip(minimum, (a, b) => a - b)]) / 2, Gradient);
    }

    private static double Dot(double[] first, double[] second) => first.Zip(second, (a, b) => a * b).Sum();

    private static float[] Single(double[] values) => Array.ConvertAll(values, value => (float)value);
}
