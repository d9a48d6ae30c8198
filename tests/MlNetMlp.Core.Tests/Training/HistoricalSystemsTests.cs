namespace MlNetMlp.Core.Tests;

/// <summary>
/// The ancestors of the multilayer perceptron are settings of it; each is compared with its own rule, or with the solution it is known to
/// find.
/// </summary>
public class HistoricalSystemsTests
{
    private static readonly MlpTrainingOptions _plainDescent = new()
    {
        Optimizer = new Sgd(),
        Shuffle = false,
        FeatureScaling = FeatureScaling.None,
        OutputBiasFromTargets = false,
        NumberOfThreads = 1,
    };

    /// <summary>Rosenblatt 1958: row after row, <c>w += alpha (d - y) x</c> with y the decision of the threshold unit.</summary>
    [Fact]
    public void Perceptron_FollowsRosenblattsRule_AndSeparatesTheClasses()
    {
        // Two halves of a grid of whole numbers: with alpha = 1/2 every weight on the way is a multiple of 1/2, so equality is exact.
        var rows = new List<(double[] X, double D)>();
        for (int a = -3; a <= 3; a++)
        {
            for (int b = -3; b <= 3; b++)
            {
                if (a + 2 * b is not (0 or 1))
                {
                    rows.Add(([a, b], a + 2 * b > 0 ? 1 : 0));
                }
            }
        }

        const int Epochs = 20;
        double[] w = [0, 0, 0];
        int corrections = 0, lastCorrections = 0;
        for (int epoch = 0; epoch < Epochs; epoch++)
        {
            lastCorrections = 0;
            foreach ((double[] x, double d) in rows)
            {
                double y = w[0] * x[0] + w[1] * x[1] + w[2] > 0 ? 1 : 0;
                w[0] += 0.5 * (d - y) * x[0];
                w[1] += 0.5 * (d - y) * x[1];
                w[2] += 0.5 * (d - y);
                lastCorrections += d == y ? 0 : 1;
            }

            corrections += lastCorrections;
        }

        MlpModel model = Linear(new PerceptronLoss(), rows, _plainDescent with { BatchSize = 1, NumberOfEpochs = Epochs, LearningRate = 0.5f });

        Assert.Equal(w, Weights(model));
        Assert.InRange(corrections, 5, 1000);
        Assert.Equal(0, lastCorrections);
        Assert.All(rows, row => Assert.Equal(row.D > 0, Score(model, row.X) > 0));
    }

    /// <summary>
    /// Widrow and Hoff 1960: the error of the linear sum, not of the decision, moves the weights; over the whole batch the end is least
    /// squares.
    /// </summary>
    [Fact]
    public void Adaline_FollowsTheLeastMeanSquaresRule_ToTheLeastSquares()
    {
        (double[] X, double D)[] rows = [([1, 0.5], 1), ([-0.5, 1], 1), ([0.25, -1], -1), ([-1, -0.75], -1), ([0.5, 0.25], -1)];
        const double Alpha = 0.5;
        const int Epochs = 500;
        double[] w = [0, 0, 0], early = [];
        for (int epoch = 0; epoch < Epochs; epoch++)
        {
            double[] step = new double[3];
            foreach ((double[] x, double d) in rows)
            {
                double error = d - (w[0] * x[0] + w[1] * x[1] + w[2]);
                step[0] += error * x[0];
                step[1] += error * x[1];
                step[2] += error;
            }

            w = [.. w.Zip(step, (weight, sum) => weight + Alpha * sum / rows.Length)];
            early = epoch == 2 ? w : early;
        }

        MlpTrainingOptions options = _plainDescent with { BatchSize = rows.Length, LearningRate = (float)Alpha };
        Assert.All(early.Zip(Weights(Linear(new SquaredError { StandardizeTargets = false }, rows, options with { NumberOfEpochs = 3 }))),
            pair => Assert.Equal(pair.First,
            pair.Second, 1e-6));
        double[] end = Weights(Linear(new SquaredError { StandardizeTargets = false }, rows, options with { NumberOfEpochs = Epochs }));
        Assert.All(w.Zip(end), pair => Assert.Equal(pair.First, pair.Second, 1e-5));

        // Least squares: the residuals are orthogonal to every input and to the constant.
        double[] residuals = [.. rows.Select(row => row.D - (end[0] * row.X[0] + end[1] * row.X[1] + end[2]))];
        Assert.Equal(0, rows.Zip(residuals, (row, r) => row.X[0] * r).Sum(), 1e-4);
        Assert.Equal(0, rows.Zip(residuals, (row, r) => row.X[1] * r).Sum(), 1e-4);
        Assert.Equal(0, residuals.Sum(), 1e-4);
    }

    /// <summary>The textbook network of two sigmoid layers: four rows of three inputs, of which the first two decide by exclusive or.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void TwoSigmoidLayers_SolveFourRowsOfThreeInputs(int seed)
    {
        (double[] X, double D)[] rows = [([0, 0, 1], 0), ([0, 1, 1], 1), ([1, 0, 1], 1), ([1, 1, 1], 0)];
        var architecture = new MlpArchitecture(3, 1)
        {
            HiddenLayers = [new(4) { Activation = Activation.Sigmoid, WeightInitializer = Initializer.Gaussian(1) }],
        };

        MlpModel model = Train(architecture, new SigmoidCrossEntropy(), rows,
            _plainDescent with { BatchSize = 4, NumberOfEpochs = 3000, LearningRate = 2f, Seed = seed });

        Assert.All(rows, row => Assert.Equal(row.D, MlpModel.Probability(Score(model, row.X)), 0.05));

        // Without the hidden layer the four rows cannot be told apart: the best is one half for each.
        MlpModel linear = Linear(new SigmoidCrossEntropy(), rows, _plainDescent with { BatchSize = 4, NumberOfEpochs = 3000, LearningRate = 2f });
        Assert.All(rows, row => Assert.Equal(0.5, MlpModel.Probability(Score(linear, row.X)), 0.01));
    }

    /// <summary>No hidden layer and cross-entropy: the maximum of the penalized likelihood, which Newton's method finds in double precision.</summary>
    [Fact]
    public void LogisticRegression_ReachesTheOptimumOfNewtonsMethod()
    {
        const double L2 = 0.05;
        var random = new Random(4);
        (double[] X, double D)[] rows =
        [
            .. Enumerable.Range(0, 60).Select(_ =>
            {
                double a = 2 * random.NextDouble() - 1, b = 2 * random.NextDouble() - 1;
                return (new[] { a, b }, a - 0.5 * b + 0.8 * (random.NextDouble() - 0.5) > 0.1 ? 1.0 : 0.0);
            }),
        ];

        double[] expected = Newton(rows, L2);
        double[] actual = Weights(Linear(new SigmoidCrossEntropy(), rows,
            _plainDescent with
            {
                Optimizer = new Nesterov(),
                BatchSize = rows.Length,
                NumberOfEpochs = 1000,
                LearningRate = 0.5f,
                L2Regularization = (float)L2
            }));

        Assert.True(Math.Abs(expected[0]) > 1);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
    }

    /// <summary>Cortes and Vapnik 1995: hinge loss and L2 find the widest street between the classes.</summary>
    /// <remarks>
    /// The nearest rows of the two classes are (1, 0) and (3, 2): the widest street is <c>(x0 + x1) / 2 - 3/2 = 0</c>, where both have the
    /// margin 1. Each of the two pulls with 1/4, the half of the squared length of the weights, which the penalty allows as long as
    /// <c>lambda n / 4 &lt; 1</c>.
    /// </remarks>
    [Fact]
    public void LinearSupportVectorMachine_FindsTheWidestStreet()
    {
        (double[] X, double D)[] rows =
        [
            ([1, 0], 0), ([0, -1], 0), ([-1, 1], 0), ([-2, -2], 0), ([0, 0], 0),
            ([3, 2], 1), ([4, 4], 1), ([5, 1], 1), ([2, 5], 1), ([6, 6], 1),
        ];

        double[] w = Weights(Linear(new BinaryHinge(), rows,
            _plainDescent with
            {
                BatchSize = rows.Length,
                NumberOfEpochs = 20_000,
                LearningRate = Schedule.InverseTime(0.5f, 0.01f),
                L2Regularization = 0.02f
            }));

        Assert.Equal(0.5, w[0], 0.01);
        Assert.Equal(0.5, w[1], 0.01);
        Assert.Equal(-1.5, w[2], 0.02);
    }

    private static MlpModel Linear(Loss loss, IReadOnlyList<(double[] X, double D)> rows, MlpTrainingOptions options) =>
        Train(new MlpArchitecture(rows[0].X.Length, 1) { OutputInitializer = Initializer.Zero }, loss, rows, options);

    private static MlpModel Train(MlpArchitecture architecture, Loss loss, IReadOnlyList<(double[] X, double D)> rows, MlpTrainingOptions options)
    {
        var source = new InMemoryRows(architecture.InputSize, 1);
        foreach ((double[] x, double d) in rows)
        {
            source.Add([.. x.Select(value => (float)value)], [(float)d]);
        }

        return MlpTrainer.Train(new(architecture, loss, source) { Options = options }).Model;
    }

    private static float Score(MlpModel model, double[] x)
    {
        Span<float> score = [0];
        model.Predict([.. x.Select(value => (float)value)], score);
        return score[0];
    }

    /// <summary>The weights of a linear model, then its bias.</summary>
    private static double[] Weights(MlpModel model)
    {
        ParameterVector parameters = model.RestoreParameters();
        return [.. parameters.Layout.Parameters.SelectMany(parameter => parameters.Value(parameter).ToArray()).Select(value => (double)value)];
    }

    /// <summary>The minimum of the mean cross-entropy with the penalty <c>l2 / 2 |w|^2</c>, bias excepted, by Newton steps with the exact Hessian.</summary>
    private static double[] Newton((double[] X, double D)[] rows, double l2)
    {
        double[] w = [0, 0, 0];
        for (int step = 0; step < 30; step++)
        {
            double[] gradient = [l2 * w[0], l2 * w[1], 0];
            var hessian = new double[3, 3] { { l2, 0, 0 }, { 0, l2, 0 }, { 0, 0, 0 } };
            foreach ((double[] x, double d) in rows)
            {
                double[] input = [x[0], x[1], 1];
                double p = 1 / (1 + Math.Exp(-input.Zip(w, (a, b) => a * b).Sum()));
                for (int i = 0; i < 3; i++)
                {
                    gradient[i] += (p - d) * input[i] / rows.Length;
                    for (int j = 0; j < 3; j++)
                    {
                        hessian[i, j] += p * (1 - p) * input[i] * input[j] / rows.Length;
                    }
                }
            }

            double[] move = Solve(hessian, gradient);
            w = [.. w.Zip(move, (weight, m) => weight - m)];
        }

        return w;
    }

    /// <summary>Cramer's rule for three unknowns.</summary>
    private static double[] Solve(double[,] a, double[] b)
    {
        static double Determinant(double[,] m) =>
            m[0, 0] * (m[1, 1] * m[2, 2] - m[1, 2] * m[2, 1])
            - m[0, 1] * (m[1, 0] * m[2, 2] - m[1, 2] * m[2, 0])
            + m[0, 2] * (m[1, 0] * m[2, 1] - m[1, 1] * m[2, 0]);

        double whole = Determinant(a);
        return
        [
            .. Enumerable.Range(0, 3).Select(column =>
            {
                var replaced = (double[,])a.Clone();
                for (int i = 0; i < 3; i++)
                {
                    replaced[i, column] = b[i];
                }

                return Determinant(replaced) / whole;
            }),
        ];
    }
}
