using MlNetMlp.Diagnostics;
using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests;

/// <summary>
/// Whole trainings, step by step, against gradient descent on <see cref="ReferenceNetwork"/> in double precision, whose gradients are
/// central differences: standardization, weights, loss, backward pass, penalty and step in one.
/// </summary>
public class TrajectoryTests
{
    private const int Rows = 9;
    private const int Steps = 12;

    public static TheoryData<string> Losses => ["softmax", "sigmoid", "squared"];

    [Theory]
    [MemberData(nameof(Losses))]
    public void Train_LinearFromZero_FollowsTheReference(string name) =>
        Check(
            Named(name),
            (inputs, outputs) => new MlpArchitecture(inputs, outputs) { OutputInitializer = Initializer.Zero },
            new MlpTrainingOptions { LearningRate = 0.3f });

    [Theory]
    [MemberData(nameof(Losses))]
    public void Train_LinearWithL2_FollowsTheReference(string name) =>
        Check(
            Named(name) is SquaredError squared ? squared with { StandardizeTargets = false } : Named(name),
            (inputs, outputs) => new MlpArchitecture(inputs, outputs) { OutputInitializer = Initializer.Zero },
            new MlpTrainingOptions { LearningRate = 0.02f, L2Regularization = 0.5f, FeatureScaling = FeatureScaling.None });

    [Theory]
    [MemberData(nameof(Losses))]
    public void Train_HiddenLayersContinued_FollowsTheReference(string name)
    {
        var hidden = new HiddenLayer[]
        {
            new(5) { Activation = Activation.Tanh, Normalization = new BatchNormalization { Epsilon = 0.01f } },
            new(4) { Activation = Activation.Sigmoid },
        };
        Check(
            Named(name),
            (inputs, outputs) => new MlpArchitecture(inputs, outputs) { HiddenLayers = hidden },
            new MlpTrainingOptions { LearningRate = 0.2f, L2Regularization = 0.05f },
            continued: true);
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public void Train_LearnedUnitsContinued_FollowsTheReference(string name)
    {
        // L2 is on directions, not on lengths, slopes or shifts.
        var hidden = new HiddenLayer[]
        {
            new(5) { Activation = Activation.PRelu(), Normalization = Normalization.Weight },
            new(4) { Activation = Activation.Maxout(), Normalization = new BatchNormalization { Epsilon = 0.1f } },
            new(4) { Activation = Activation.Tanh, Normalization = new CosineNormalization { Epsilon = 1 }, Residual = true },
        };
        Check(
            Named(name),
            (inputs, outputs) => new MlpArchitecture(inputs, outputs) { HiddenLayers = hidden },
            new MlpTrainingOptions { LearningRate = 0.01f, L2Regularization = 0.05f },
            continued: true);
    }

    private static Loss Named(string name) =>
        name switch { "softmax" => new SoftmaxCrossEntropy(), "sigmoid" => new SigmoidCrossEntropy(), _ => new SquaredError() };

    private static void Check(Loss loss, Func<int, int, MlpArchitecture> build, MlpTrainingOptions options, bool continued = false)
    {
        int outputs = loss is SigmoidCrossEntropy ? 1 : 3;
        MlpArchitecture architecture = build(4, outputs);
        float[] weights = [1, 2, 0.5f, 0, 1, 3, 1, 0.25f, 2];
        var rows = new InMemoryRows(4, loss.TargetCount(outputs));
        for (int i = 0; i < Rows; i++)
        {
            (float[] x, float[] y) = SmallData.Row(loss, i, 4, outputs);
            rows.Add(x, y, weights[i]);
        }

        MlpModel? initial = continued ? RandomModels.Create(architecture, loss, seed: 5) : null;
        options = options with
        {
            Optimizer = new Sgd(),
            Shuffle = false,
            BatchSize = 100,
            NumberOfEpochs = Steps,
            NumberOfThreads = 1,
            OutputBiasFromTargets = false,
        };

        // One mini-batch an epoch, and the loss falls: so the history has every step, and the model is that of the last.
        MlpTrainingResult result = MlpTrainer.Train(new(architecture, loss, rows) { Options = options, InitialModel = initial });

        var parameters = new MlpNetwork(architecture, 0).Parameters;
        if (initial is not null)
        {
            parameters.Restore(initial.Values);
        }

        var reference = new ReferenceNetwork(architecture, parameters)
        {
            UseBatchStatistics = true,
            RowWeights = [.. weights.Select(weight => (double)weight)],
        };
        (double[][] features, double[][] targets) = Prepare(rows, loss, options, initial, weights);
        double[] shares = [.. weights.Select(weight => weight / (double)weights.Sum())];
        string[] names = [.. parameters.Layout.Parameters.Where(p => p.Trainable).Select(p => p.Name)];
        string[] weightNames = [.. names.Where(name => name.EndsWith(".Weights", StringComparison.Ordinal))];
        double Penalty() => options.L2Regularization.BaseRate / 2.0 * weightNames.Sum(name => reference.Parameter(name).Sum(w => w * w));
        double DataLoss() => reference.LossSum(loss, features, targets, shares);

        double before = DataLoss() + Penalty();
        float rate = options.LearningRate.BaseRate;
        for (int step = 0; step < Steps; step++)
        {
            // The reported loss is the one before the step.
            double expected = DataLoss();
            Assert.Equal(expected, result.History[step].TrainingLoss, 1e-5 * Math.Max(1, expected));

            double[][] gradients = [.. names.Select(name => GradientCheck.Differences(() => DataLoss() + Penalty(), reference.Parameter(name)))];
            double norm = Math.Sqrt(gradients.Sum(g => g.Sum(value => value * value)));
            Assert.Equal(norm, result.History[step].GradientNorm, 1e-5 * Math.Max(1, norm));
            for (int p = 0; p < names.Length; p++)
            {
                double[] values = reference.Parameter(names[p]);
                for (int i = 0; i < values.Length; i++)
                {
                    values[i] -= rate * gradients[p][i];
                }
            }
        }

        // The tolerances are far below the effect.
        Assert.True(DataLoss() + Penalty() < 0.95 * before);
        Assert.Equal(Steps, result.BestEpoch);
        ParameterVector trained = result.Model.RestoreParameters();
        foreach (Parameter parameter in trained.Layout.Parameters.Where(parameter => parameter.Trainable))
        {
            Assert.All(
                trained.Value(parameter).ToArray().Zip(reference.Parameter(parameter.Name)),
                pair => Assert.Equal(pair.Second, pair.First, 2e-5 * Math.Max(1, Math.Abs(pair.Second))));
        }
    }

    /// <summary>Weighted means and deviations by their definitions; or the units of the model that the training continues from.</summary>
    private static (double[][] Features, double[][] Targets) Prepare(InMemoryRows rows, Loss loss, MlpTrainingOptions options, MlpModel? initial,
        float[] weights)
    {
        RowBatch all = rows.Read();
        double[][] features = GradientCheck.Rows(all.Features.ToArray(), Rows), targets = GradientCheck.Rows(all.Targets.ToArray(), Rows);
        if (initial is not null)
        {
            Map(features, (value, j) => (value - initial.Standardizer.Offset[j]) * initial.Standardizer.Scale[j]);
            Map(targets, (value, j) => loss is SquaredError ? (value - initial.Targets.Offset[j]) / initial.Targets.Scale[j] : value);
            return (features, targets);
        }

        if (options.FeatureScaling.Scales)
        {
            Standardize(features, weights);
        }

        if (loss is SquaredError { StandardizeTargets: true })
        {
            Standardize(targets, weights);
        }

        return (features, targets);
    }

    private static void Standardize(double[][] rows, float[] weights)
    {
        double total = weights.Sum();
        double[] means = [.. rows[0].Select((_, j) => rows.Zip(weights, (row, weight) => row[j] * weight).Sum() / total)];
        double[] variances = [.. rows[0].Select((_, j) => rows.Zip(weights, (row, weight) => (row[j] - means[j]) * (row[j] - means[j]) * weight)
            .Sum() / total)];
        Map(rows, (value, j) => (value - means[j]) / Math.Sqrt(variances[j]));
    }

    private static void Map(double[][] rows, Func<double, int, double> function)
    {
        foreach (double[] row in rows)
        {
            for (int j = 0; j < row.Length; j++)
            {
                row[j] = function(row[j], j);
            }
        }
    }
}
