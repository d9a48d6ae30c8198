using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests;

/// <summary>Statistics, limits and modes of batch renormalization; values and gradients are in <see cref="GradientTests"/>.</summary>
public sealed class BatchRenormalizationTests : IDisposable
{
    private static readonly float[] _first = [1, 10, 3, 30, 5, 50, 7, 90];
    private static readonly float[] _second = [2, -4, 6, 8];

    private static readonly LayerSettings _settings = new(NetworkPart.Hidden(0), 1, 2, MaximumRows: 4) { Initializer = Initializer.Zero };

    private readonly ThreadTeam _team = new(1);

    public void Dispose() => _team.Dispose();

    [Fact]
    public void Forward_InTheWarmup_IsBatchNormalization()
    {
        (Layer layer, ParameterVector parameters) = Create(new BatchRenormalization { WarmupSteps = 2 });
        var plainLayout = new ParameterLayout();
        var plain = new BatchNormalizationLayer(_settings, new BatchNormalization(), plainLayout);
        var plainParameters = new ParameterVector(plainLayout);
        plainParameters.Initialize(default);
        for (int step = 0; step < 3; step++)
        {
            // The third mini-batch, far from the averages, is the first one with corrections.
            float[] input = step < 2 ? _first : _second;
            Assert.Equal(step < 2, Forward(plain, plainParameters, PassMode.Training, input).SequenceEqual(Forward(layer, parameters,
                PassMode.Training, input)));
        }
    }

    [Fact]
    public void Forward_WithinTheLimits_NormalizesWithTheAverages()
    {
        // With limits that nothing meets, the result is that of scoring with the averages as they were before the mini-batch.
        (Layer layer, ParameterVector parameters) = Create(new BatchRenormalization
        {
            MaximumScale = 1000,
            MaximumShift = 1000,
            WarmupSteps = 0,
            ScaleRampSteps = 0,
            ShiftRampSteps = 0
        });
        Assert.All(Forward(layer, parameters, PassMode.Training, _first).Zip(Standardized(_first)), pair => Assert.Equal(pair.Second, pair.First, 1e-5));
        float[] expected = Forward(layer, parameters, PassMode.Scoring, _second), result = Forward(layer, parameters, PassMode.Training, _second);
        Assert.All(result.Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-5f));
    }

    [Fact]
    public void Forward_BeyondTheLimits_StopsAtThem()
    {
        (Layer layer, ParameterVector parameters) = Create(
            new BatchRenormalization { MaximumScale = 1.25f, MaximumShift = 0.5f, WarmupSteps = 0, ScaleRampSteps = 0, ShiftRampSteps = 0, Epsilon = 1e-9f });
        Set(parameters, [100, -100], [1000, 0.001f], steps: 7);

        // The deviations of the mini-batch are far below the average in column 0 and far above it in column 1.
        double[] x = Standardized(_first);
        float[] result = Forward(layer, parameters, PassMode.Training, _first);
        for (int i = 0; i < x.Length; i++)
        {
            Assert.Equal(i % 2 == 0 ? x[i] / 1.25 - 0.5 * Math.Min(1, 96 / 1000.0 / 0.5) : x[i] * 1.25 + 0.5, result[i], 2e-5);
        }
    }

    [Theory]
    [InlineData(10, 1, 0)]
    [InlineData(11, 1.05, 0.25)]
    [InlineData(30, 2, 5)]
    [InlineData(50, 3, 5)]
    [InlineData(9_999_999, 3, 5)]
    public void LimitsAt_Step_RiseInALine(float step, double scale, double shift)
    {
        (float Scale, float Shift) limits = new BatchRenormalization { WarmupSteps = 10, ScaleRampSteps = 40, ShiftRampSteps = 20 }.LimitsAt(step);
        Assert.Equal(scale, limits.Scale, 1e-6);
        Assert.Equal(shift, limits.Shift, 1e-6);
    }

    [Fact]
    public void LimitsAt_Defaults_AreATenthOfThePapersSteps()
    {
        var options = new BatchRenormalization();
        Assert.Equal((1, 0), options.LimitsAt(500));
        Assert.Equal((3, 5), options.LimitsAt(4000));
        Assert.Equal(5, options.LimitsAt(2500).Shift);
        Assert.True(options.LimitsAt(2499).Shift < 5 && options.LimitsAt(3999).Scale < 3);
    }

    [Fact]
    public void Forward_Training_AveragesPlainlyAtFirstAndByTheMomentumLater()
    {
        (Layer layer, ParameterVector parameters) = Create(new BatchRenormalization { Momentum = 0.3f, Epsilon = 0.5f });
        double first = Math.Sqrt(5.5), second = Math.Sqrt(4.5);
        Forward(layer, parameters, PassMode.Training, _first);
        Check(4, first, 1);
        Forward(layer, parameters, PassMode.Training, _second);
        Check(4, (first + second) / 2, 2);
        Forward(layer, parameters, PassMode.Training, [9, 0, 9, 0]);
        double mean = (4 + 4 + 9) / 3.0, deviation = (first + second + Math.Sqrt(0.5)) / 3;
        Check(mean, deviation, 3);
        Forward(layer, parameters, PassMode.Training, _first);
        Check(0.7 * mean + 0.3 * 4, 0.7 * deviation + 0.3 * first, 4);

        void Check(double expectedMean, double expectedDeviation, float steps)
        {
            Assert.Equal(expectedMean, Statistic(parameters, "Mean")[0], 1e-5);
            Assert.Equal(expectedDeviation, Statistic(parameters, "Deviation")[0], 1e-5);
            Assert.Equal(steps, Statistic(parameters, "Steps")[0]);
        }
    }

    [Theory]
    [InlineData(PassMode.Training, 1)]
    [InlineData(PassMode.Scoring, 3)]
    [InlineData(PassMode.Collecting, 3)]
    public void Forward_SingleRowOrNoTraining_UsesTheAveragesAndKeepsThem(object mode, int rows)
    {
        (Layer layer, ParameterVector parameters) = Create(new BatchRenormalization());
        Set(parameters, [3, 5], [2, 4], steps: 7);
        float[] result = Forward(layer, parameters, (PassMode)mode, [.. Enumerable.Repeat((float[])[9, 1], rows).SelectMany(row => row)]);
        Assert.Equal(3, result[0], 1e-6);
        Assert.Equal(-1, result[1], 1e-6);
        Assert.Equal([3, 5], Statistic(parameters, "Mean"));
        Assert.Equal([2, 4], Statistic(parameters, "Deviation"));
        Assert.Equal(7, Statistic(parameters, "Steps")[0]);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(64)]
    public void Train_MiniBatchesOfAnySize_Learn(int batchSize)
    {
        var loss = new SoftmaxCrossEntropy();
        InMemoryRows rows = SmallData.For(loss, 300);
        var normalization = new BatchRenormalization { WarmupSteps = 50, ScaleRampSteps = 200, ShiftRampSteps = 200 };
        var architecture = new MlpArchitecture(4, 3) { HiddenLayers = [new(24) { Normalization = normalization }, new(24) { Normalization = normalization }] };
        MlpTrainingResult result = MlpTrainer.Train(new(architecture, loss, rows)
        {
            Options = new() { NumberOfEpochs = batchSize < 64 ? 10 : 60, BatchSize = batchSize, NumberOfThreads = 1, LearningRate = Schedule.Cosine(5e-3f) },
        });
        Assert.InRange(Evaluation.Accuracy(result.Model, rows), 0.85, 1);
    }

    [Fact]
    public void Train_Continued_GoesOnInItsRamp()
    {
        var loss = new SquaredError();
        InMemoryRows rows = SmallData.For(loss, 40);
        var architecture = new MlpArchitecture(4, 3)
        {
            HiddenLayers = [new(6) { Activation = Activation.Tanh, Normalization = new BatchRenormalization { WarmupSteps = 3, ScaleRampSteps = 11,
                ShiftRampSteps = 9 } }],
        };
        MlpTrainingOptions options = new()
        {
            NumberOfEpochs = 10,
            BatchSize = 20,
            Optimizer = new Sgd(),
            LearningRate = 0.05f,
            Shuffle = false,
            NumberOfThreads = 1
        };
        MlpModel ten = MlpTrainer.Train(new(architecture, loss, rows) { Options = options }).Model;
        MlpModel five = MlpTrainer.Train(new(architecture, loss, rows) { Options = options with { NumberOfEpochs = 5 } }).Model;
        MlpModel more = MlpTrainer.Train(new(architecture, loss, rows) { Options = options with { NumberOfEpochs = 5 }, InitialModel = five }).Model;
        Assert.Equal(SmallData.Saved(ten), SmallData.Saved(more));
        Assert.Equal(20, Statistic(more.RestoreParameters(), "Steps")[0]);
    }

    private static double[] Standardized(float[] rows)
    {
        double[] result = new double[rows.Length];
        for (int j = 0; j < 2; j++)
        {
            double[] column = [.. rows.Where((_, i) => i % 2 == j).Select(value => (double)value)];
            double mean = column.Average(), deviation = Math.Sqrt(column.Average(value => (value - mean) * (value - mean)));
            for (int i = 0; i < column.Length; i++)
            {
                result[2 * i + j] = (column[i] - mean) / deviation;
            }
        }

        return result;
    }

    private static (Layer Layer, ParameterVector Parameters) Create(BatchRenormalization options)
    {
        var layout = new ParameterLayout();
        var layer = new BatchRenormalizationLayer(_settings, options, layout);
        var parameters = new ParameterVector(layout);
        parameters.Initialize(default);
        return (layer, parameters);
    }

    private static void Set(ParameterVector parameters, float[] mean, float[] deviation, float steps)
    {
        mean.CopyTo(Statistic(parameters, "Mean"));
        deviation.CopyTo(Statistic(parameters, "Deviation"));
        Statistic(parameters, "Steps")[0] = steps;
    }

    private static Span<float> Statistic(ParameterVector parameters, string name) =>
        parameters.Value(parameters.Layout.Parameters.Single(parameter => parameter.Name.EndsWith("." + name, StringComparison.Ordinal)));

    private float[] Forward(Layer layer, ParameterVector parameters, PassMode mode, float[] input)
    {
        float[] output = new float[input.Length];
        layer.Forward(new Pass(mode, parameters, _team, default), new ReadOnlyMatrixSpan(input, input.Length / 2, 2),
            new MatrixSpan(output, input.Length / 2, 2));
        return output;
    }
}
