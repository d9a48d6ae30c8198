using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests;

/// <summary>
/// Steps on sparse rows against logistic regression in double precision, written down feature by feature: for a feature that no row of the
/// mini-batch has, nothing happens.
/// </summary>
public class SparseStepTests
{
    private const int Features = 12;
    private const int Rows = 24;
    private const int BatchRows = 4;
    private const int Epochs = 6;
    private const double Rate = 0.05;

    private static readonly MlpArchitecture _architecture = new(Features, 1);

    private static readonly MlpTrainingOptions _options = new()
    {
        LearningRate = (float)Rate,
        BatchSize = BatchRows,
        NumberOfEpochs = Epochs,
        Shuffle = false,
        NumberOfThreads = 1,
        FeatureScaling = FeatureScaling.None,
        OutputBiasFromTargets = false,
    };

    [Fact]
    public void Train_AdamWithDecayPenaltyAndClipping_StepsActiveFeaturesOnly()
    {
        const double l2 = 0.3, decay = 0.02, norm = 0.4;
        MlpTrainingOptions options = _options with
        {
            Optimizer = new AdamW { WeightDecay = (float)decay },
            L2Regularization = (float)l2,
            GradientClipping = GradientClipping.ByNorm((float)norm),
        };
        double[] m = new double[Features + 1], v = new double[Features + 1];
        int clipped = 0;
        Check(options, (w, g, active, t) =>
        {
            foreach (int j in active.Where(j => j < Features))
            {
                g[j] += (float)l2 * w[j];
            }

            double length = Math.Sqrt(active.Sum(j => g[j] * g[j]));
            double factor = length > (float)norm ? (float)norm / length : 1;
            clipped += factor < 1 ? 1 : 0;
            foreach (int j in active)
            {
                double gradient = factor * g[j];
                m[j] = 0.9 * m[j] + 0.1 * gradient;
                v[j] = 0.999 * v[j] + 0.001 * gradient * gradient;
                double mean = m[j] / (1 - Math.Pow(0.9, t)), square = v[j] / (1 - Math.Pow(0.999, t));
                w[j] = (j < Features ? 1 - (float)decay : 1) * w[j] - Rate * mean / (Math.Sqrt(square) + 1e-8);
            }
        });
        Assert.InRange(clipped, 1, Epochs * Rows / BatchRows - 1);
    }

    [Fact]
    public void Train_MomentumWithoutPenalty_DoesNotCoast()
    {
        double[] u = new double[Features + 1];
        Check(_options with { Optimizer = new Momentum() }, (w, g, active, t) =>
        {
            foreach (int j in active)
            {
                u[j] = 0.9 * u[j] - Rate * g[j];
                w[j] += u[j];
            }
        });
    }

    [Fact]
    public void Train_L1_PullsActiveFeaturesOnly()
    {
        const double l1 = 0.05;
        Check(_options with { Optimizer = new Sgd(), L1Regularization = (float)l1 }, (w, g, active, t) =>
        {
            foreach (int j in active)
            {
                double moved = w[j] - Rate * g[j];
                w[j] = j == Features ? moved : Math.Sign(moved) * Math.Max(Math.Abs(moved) - Rate * (float)l1, 0);
            }
        });
    }

    /// <param name="options">How the network is trained.</param>
    /// <param name="step">The reference's step on the weights and, last, the bias.</param>
    private static void Check(MlpTrainingOptions options, Action<double[], double[], int[], int> step)
    {
        var loss = new SigmoidCrossEntropy();
        var sparse = new SparseRows(Features, 1);
        var dense = new InMemoryRows(Features, 1);
        var x = new float[Rows][];
        for (int i = 0; i < Rows; i++)
        {
            x[i] = new float[Features];
            x[i][(i * 5 / 2) % (Features - 1)] = 1;
            x[i][(i * i + 3) % (Features - 1)] = i % 2 == 0 ? 2 : -0.5f;
            SparseData.Add(sparse, x[i], [i % 3 == 0 ? 1 : 0]);
            dense.Add(x[i], [i % 3 == 0 ? 1 : 0]);
        }

        MlpModel model = MlpTrainer.Train(new(_architecture, loss, sparse) { Options = options }).Model;
        MlpModel densely = MlpTrainer.Train(new(_architecture, loss, dense) { Options = options }).Model;
        double[] w = [.. Start(options)];
        int t = 0;
        for (int epoch = 0; epoch < Epochs; epoch++)
        {
            for (int first = 0; first < Rows; first += BatchRows)
            {
                int[] batch = [.. Enumerable.Range(first, BatchRows)];
                double[] g = new double[Features + 1];
                foreach (int i in batch)
                {
                    double z = w[Features] + Enumerable.Range(0, Features).Sum(j => w[j] * x[i][j]);
                    double error = (1 / (1 + Math.Exp(-z)) - (i % 3 == 0 ? 1 : 0)) / BatchRows;
                    for (int j = 0; j < Features; j++)
                    {
                        g[j] += error * x[i][j];
                    }

                    g[Features] += error;
                }

                step(w, g, [.. Enumerable.Range(0, Features).Where(j => batch.Any(i => x[i][j] != 0)), Features], ++t);
            }
        }

        // The last feature is always zero: its weight is the one it began with. And dense rows are another training.
        double[] learned = Parameters(model);
        Assert.All(w.Zip(learned), pair => Assert.Equal(pair.First, pair.Second, 2e-5));
        Assert.Equal(Start(options)[Features - 1], learned[Features - 1]);
        Assert.True(w.Zip(Parameters(densely)).Max(pair => Math.Abs(pair.First - pair.Second)) > 1e-2);
    }

    /// <summary>What the network begins with.</summary>
    private static double[] Start(MlpTrainingOptions options)
    {
        var network = new MlpNetwork(_architecture, 0);
        network.Initialize(new SeededRandom(options.SeedOrDefault).At(0));
        return Values(network.Parameters);
    }

    private static double[] Parameters(MlpModel model) => Values(model.RestoreParameters());

    private static double[] Values(ParameterVector parameters) =>
        [.. parameters.Layout.Parameters.SelectMany(parameter => parameters.Value(parameter).ToArray()).Select(value => (double)value)];
}
