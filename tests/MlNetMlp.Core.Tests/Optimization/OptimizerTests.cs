using System.Globalization;

namespace MlNetMlp.Core.Tests;

/// <summary>What single optimizers promise beyond the contract that all of them share.</summary>
public class OptimizerTests
{
    [Theory]
    [InlineData(0.001f)]
    [InlineData(0.5f)]
    public void Adam_FirstStep_IsTheRateWhateverTheGradient(float rate)
    {
        // (1 - beta1) g / (1 - beta1) divided by the root of (1 - beta2) g^2 / (1 - beta2): the sign of g.
        float[] parameters = [0, 0, 0, 0];
        new Adam().CreateRule(4).StepAll(parameters, [1e-4f, -1, 300, 0], new StepContext(rate, 1, 1));
        Assert.Equal([-rate, rate, -rate, 0], parameters, (a, b) => Math.Abs(a - b) <= 2e-4 * rate);
    }

    [Fact]
    public void Nesterov_BesideTheLookAheadForm_IsTheSameSequence()
    {
        // v = gamma v - eta g(theta + gamma v); theta += v, with a rate that changes on the way.
        const double Gamma = 0.9;
        var objective = Objective.Beale;
        double[] theta = [.. objective.Start];
        double[] v = [0, 0];
        var rule = new Nesterov().CreateRule(2);
        float[] w = [(float)theta[0], (float)theta[1]];
        for (int step = 1; step <= 30; step++)
        {
            float rate = 0.01f / step;
            double[] ahead = objective.Gradient([theta[0] + (Gamma * v[0]), theta[1] + (Gamma * v[1])]);
            double[] here = objective.Gradient([w[0], w[1]]);
            rule.StepAll(w, [(float)here[0], (float)here[1]], new StepContext(rate, 1, step));
            for (int i = 0; i < 2; i++)
            {
                v[i] = (Gamma * v[i]) - (rate * ahead[i]);
                theta[i] += v[i];
                Assert.Equal(theta[i] + (Gamma * v[i]), w[i], 2e-6);
            }
        }
    }

    [Fact]
    public void Nesterov_CoefficientGrows_StaysTheLookAheadForm()
    {
        // gamma from 0.5 to 0.99 over 3 epochs of 4 steps, by the middle of each step; the look-ahead takes the gamma of the step itself.
        const int StepsPerEpoch = 4;
        var objective = Objective.Beale;
        double[] theta = [.. objective.Start];
        double[] v = [0, 0];
        var rule = new Nesterov { Coefficient = 0.99f, RampFrom = 0.5f, RampEpochs = 3 }.CreateRule(2);
        float[] w = [(float)theta[0], (float)theta[1]];
        for (int step = 1; step <= 30; step++)
        {
            float rate = 0.003f / step;
            double[] ahead = objective.Gradient([theta[0] + (Gamma(step) * v[0]), theta[1] + (Gamma(step) * v[1])]);
            double[] here = objective.Gradient([w[0], w[1]]);
            rule.StepAll(w, [(float)here[0], (float)here[1]], new StepContext(rate, 1, step, StepsPerEpoch: StepsPerEpoch));
            for (int i = 0; i < 2; i++)
            {
                v[i] = (Gamma(step) * v[i]) - (rate * ahead[i]);
                theta[i] += v[i];
                Assert.Equal(theta[i] + (Gamma(step + 1) * v[i]), w[i], 2e-6);
            }
        }

        static double Gamma(int step) => Math.Min(0.5 + (0.49 * (step - 0.5) / StepsPerEpoch / 3), 0.99);
    }

    [Fact]
    public void Momentum_CoefficientGrows_KeepsThatShareOfTheVelocity()
    {
        // Two steps an epoch, 0.5 to 0.9 over two epochs: 0.55, 0.65, 0.75, 0.85, 0.9 of the velocity.
        var rule = new Momentum { RampEpochs = 2 }.CreateRule(1);
        float[] w = [0];
        double v = 0, expected = 0;
        double[] gammas = [0.55, 0.65, 0.75, 0.85, 0.9, 0.9];
        for (int i = 0; i < gammas.Length; i++)
        {
            rule.StepAll(w, [1], new StepContext(1, 1, i + 1, StepsPerEpoch: 2));
            v = (gammas[i] * v) - 1;
            expected += v;
            Assert.Equal(expected, w[0], 1e-5);
        }
    }

    [Fact]
    public void Quickprop_Parabola_JumpsToTheBottomAsSoonAsItKnowsIt()
    {
        // w^2 / 2 from 1 with eta 0.5. Down to 0.5; the jump to 0 and, the slope having kept its sign, 0.25 beyond; from the turn exactly to 0.
        var rule = new Quickprop().CreateRule(1);
        float[] w = [1];
        foreach (float expected in (float[])[0.5f, -0.25f, 0, 0])
        {
            rule.StepAll(w, [w[0]], new StepContext(0.5f, 1, 1));
            Assert.Equal(expected, w[0], 1e-7f);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1.5f)]
    public void Quickprop_SlopeStaysOrGrows_GrowsTheStepByMuAndNoMore(float growth)
    {
        // eta 0.1: steps of d = 1.75 d' + 0.1 S, where the parabola has no bottom ahead.
        var rule = new Quickprop().CreateRule(1);
        float[] w = [0];
        float slope = -1, step = 0, expected = 0;
        for (int i = 1; i <= 5; i++, slope *= growth)
        {
            rule.StepAll(w, [slope], new StepContext(0.1f, 1, i));
            step = (1.75f * step) - (0.1f * slope);
            expected += step;
            Assert.Equal(expected, w[0], 1e-5f);
        }
    }

    [Fact]
    public void Quickprop_SlopeVanishes_StandsStill()
    {
        var rule = new Quickprop().CreateRule(1);
        float[] w = [0];
        foreach (float slope in (float[])[1, 1, 0, 1e-45f, 0, 0])
        {
            rule.StepAll(w, [slope], new StepContext(0.1f, 1, 1));
        }

        Assert.Equal(-0.375f, w[0], 1e-6f);
    }

    [Theory]
    [InlineData("Sgd", 0.7f)]
    [InlineData("Momentum", 0.7f)]
    [InlineData("Momentum ramp", 0.7f)]
    [InlineData("Nesterov", 0.43f)]
    [InlineData("Nesterov ramp", 0.619f)]
    [InlineData("Adam", 0.85f)]
    [InlineData("Adagrad", 0.85f)]
    [InlineData("RmsProp", 0.5256584f)]
    [InlineData("Adadelta", 0.9993292f)]
    [InlineData("NAdam", 0.8415322f)]
    [InlineData("RAdam", 0.7f)]
    public void Step_FirstWithL1_PullsAsAGradientOfItsStrength(string name, float expected)
    {
        // w = 1, g = 2, eta = 0.1, lambda = 1. Plain and momentum: 1 - 0.1 (2 + 1). Nesterov: v = -0.1 g and a step of 1.9 v, so
        // 1 - 0.19 (2 + 1); with the ramp from 0.2 to 0.9 over 15 epochs, each a step, 1 + 0.2 + 0.7 * 1.5 / 15 = 1.27 v. Adam: sqrt(v) = 2
        // after the correction, so 1 - 0.1 (2 + 1) / 2; Adagrad the same. RMSProp: sqrt(0.1 * 4) in its
        // place. Adadelta: 1 - 0.1 sqrt(1e-6) / sqrt(0.05 * 4 + 1e-6) (2 + 1). NAdam: 1 + 0.1 mu2 / (1 - mu1 mu2)
        // times Adam's step, with mu1 = 0.9 (1 - 0.96^0.004 / 2) and mu2 = 0.9 (1 - 0.96^0.008 / 2). RAdam: plain in its first steps.
        float[] weights = [1];
        OptimizerCase.Named(name).Optimizer.CreateRule(1).StepAll(weights, [2], new StepContext(0.1f, 1, 1, L1: 1));
        Assert.Equal(expected, weights[0], 1e-6f);
    }

    [Theory]
    [InlineData(1e-3f)]
    [InlineData(1000f)]
    public void Rprop_SignsOfAGradient_MakeTheStepsWhateverItsSize(float size)
    {
        // Steps: 0.1; grown 0.12; turned, so 0.12 back and 0.06 remembered; then neither grown nor shrunk; turned and back, 0.04 instead of
        // 0.03; 0.04; grown 0.048.
        int[] signs = [1, 1, -1, -1, 1, 1, 1];
        float[] expected = [-0.1f, -0.22f, -0.1f, -0.04f, -0.1f, -0.14f, -0.188f];
        var rule = new Rprop { MinimumStep = 0.04f }.CreateRule(1);
        float[] w = [0];
        for (int i = 0; i < signs.Length; i++)
        {
            rule.StepAll(w, [size * signs[i]], new StepContext(0.1f, 1, i + 1));
            Assert.Equal(expected[i], w[0], 1e-6f);
        }
    }

    [Fact]
    public void Rprop_FirstGradientComesLate_StartsWithTheBaseRateInTheShapeOfTheSchedule()
    {
        var rule = new Rprop().CreateRule(1);
        float[] w = [0];
        rule.StepAll(w, [0], new StepContext(0.1f, 1, 1));
        Assert.Equal(0, w[0]);
        rule.StepAll(w, [5], new StepContext(0.05f, 0.5f, 2));
        Assert.Equal(-0.05f, w[0], 1e-7f);
        rule.StepAll(w, [5], new StepContext(0.025f, 0.25f, 3));
        Assert.Equal(-0.08f, w[0], 1e-7f);
    }

    [Theory]
    [InlineData(1e-5f)]
    [InlineData(0.001f)]
    [InlineData(1f)]
    public void AdamW_GradientsZero_DecaysTheSameAtAnyRate(float rate)
    {
        var rule = new AdamW().CreateRule(3);
        float[] parameters = [1, -2, 0];
        for (int step = 1; step <= 10; step++)
        {
            rule.StepAll(parameters, [0, 0, 0], new StepContext(rate, 1, step, Decay: 0.1f));
        }

        float left = (float)Math.Pow(0.9, 10);
        Assert.Equal([left, -2 * left, 0], parameters, (a, b) => Math.Abs(a - b) <= 1e-6f);
    }

    [Fact]
    public void AdamW_StepOfAVector_DecaysWeightsAndNothingElse()
    {
        var layout = new ParameterLayout();
        var weights = layout.Add(new("weights", 3, 5) { Decays = true });
        var bias = layout.Add(new("bias", 1, 5));
        var mean = layout.Add(new("mean", 1, 5) { Trainable = false });
        var output = layout.Add(new("output", 5, 2) { Decays = true });
        var vector = new ParameterVector(layout);
        vector.Values.Span.Fill(1);
        var rule = new AdamW().CreateRule(layout.TrainableLength);
        vector.Step(rule, new StepContext(Rate: 0.1f, RateMultiplier: 1, Step: 1, Decay: 0.5f));
        Assert.All(vector.Value(weights).ToArray(), value => Assert.Equal(0.5f, value));
        Assert.All(vector.Value(output).ToArray(), value => Assert.Equal(0.5f, value));
        Assert.All(vector.Value(bias).ToArray(), value => Assert.Equal(1, value));
        Assert.All(vector.Value(mean).ToArray(), value => Assert.Equal(1, value));
    }

    [Fact]
    public void AdamW_WithoutDecay_IsAdam()
    {
        float[] adam = [1, 2, 3];
        float[] adamW = [1, 2, 3];
        new Adam().CreateRule(3).StepAll(adam, [0.1f, -5, 1e-3f], new StepContext(0.01f, 1, 1));
        new AdamW { WeightDecay = 0 }.CreateRule(3).StepAll(adamW, [0.1f, -5, 1e-3f], new StepContext(0.01f, 1, 1));
        Assert.Equal(adam, adamW);
    }

    [Theory]
    [InlineData("Sgd")]
    [InlineData("Momentum")]
    [InlineData("Nesterov")]
    [InlineData("Adam")]
    [InlineData("AdamW")]
    [InlineData("Adagrad")]
    [InlineData("RmsProp")]
    [InlineData("Adadelta")]
    [InlineData("RAdam")]
    [InlineData("iRprop-")]
    public void Step_OnBeale_FollowsPyTorch(string name)
    {
        // Recorded in double precision by Fixtures/record_trajectories.py; its header names the version.
        MiniBatchOptimizer optimizer = OptimizerCase.Named(name).Optimizer;
        var rule = optimizer.CreateRule(2);
        float[] w = [1, 1];
        string[][] rows = [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Optimization", "Fixtures", "trajectories.csv"))
            .Select(line => line.Split(',')).Where(row => row[0] == name)];
        Assert.Equal(20, rows.Length);
        foreach (string[] row in rows)
        {
            double[] gradient = Objective.Beale.Gradient([w[0], w[1]]);
            int step = int.Parse(row[1], CultureInfo.InvariantCulture);
            rule.StepAll(w, [(float)gradient[0], (float)gradient[1]], new StepContext(0.01f, 1, step, Decay: optimizer.WeightDecay.BaseRate));
            Assert.Equal(double.Parse(row[2], CultureInfo.InvariantCulture), w[0], OptimizerContractTests.TrajectoryTolerance);
            Assert.Equal(double.Parse(row[3], CultureInfo.InvariantCulture), w[1], OptimizerContractTests.TrajectoryTolerance);
        }
    }

    [Fact]
    public void Optimizers_WithEqualOptions_AreEqual()
    {
        Assert.Equal(new AdamW { WeightDecay = 0.1f }, new AdamW { WeightDecay = 0.1f });
        Assert.NotEqual(new AdamW { WeightDecay = 0.1f }, new AdamW { WeightDecay = 0.2f });
        Assert.NotEqual<Optimizer>(new Momentum(), new Nesterov());
    }
}
