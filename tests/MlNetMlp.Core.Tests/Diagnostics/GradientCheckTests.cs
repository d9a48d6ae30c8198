using MlNetMlp.Diagnostics;
using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests.Diagnostics;

public class GradientCheckTests
{
    private static readonly MlpArchitecture _deep = new(4, 3)
    {
        HiddenLayers = [new(6) { Activation = Activation.Tanh }, new(5), new(5) { Activation = Activation.Sigmoid, Residual = true }],
    };

    /// <summary>
    /// Every loss, and with it every activation and layer in turn; all of these gradients are right, as <see cref="GradientTests"/> shows
    /// by other means.
    /// </summary>
    public static TheoryData<string> Names => [.. GradientCase.All.Where((_, i) => i % 7 == 0).Select(example => example.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Run_OfARightGradient_Passes(string name)
    {
        GradientCase example = GradientCase.Named(name);

        GradientCheckReport report = MlNetMlp.Diagnostics.GradientCheck.Run(new(example.Architecture, example.Loss, Rows(example))
        {
            Options = new MlpTrainingOptions { L2Regularization = example.L2, NumberOfThreads = 1 },
        }, new GradientCheckOptions { ElementsPerParameter = 12 });

        Assert.True(report.Verdict == GradientCheckVerdict.Passed, report.ToString());
    }

    [Fact]
    public void Run_ActivationWithAWrongDerivative_BlamesItsLayerAndThoseBelow()
    {
        MlpArchitecture architecture = _deep with
        {
            HiddenLayers = [_deep.HiddenLayers[0],
            _deep.HiddenLayers[1] with { Activation = new BrokenTanh() }, _deep.HiddenLayers[2]]
        };

        GradientCheckReport report = Run(architecture, new SoftmaxCrossEntropy());

        Assert.Equal(GradientCheckVerdict.Failed, report.Verdict);
        Assert.Equal(["Hidden1.Weights", "Hidden1.Biases", "Hidden2.Weights", "Hidden2.Biases"], Blamed(report.Parameters));
        Assert.Contains("Hidden2.Biases", report.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Hidden1.Weights")]
    [InlineData("Hidden1.Biases")]
    [InlineData("Hidden2.Normalization.Gain")]
    [InlineData("Hidden2.Normalization.Shift")]
    [InlineData("Output.Weights")]
    [InlineData("Output.Biases")]
    public void Compare_GradientOfOneParameterFivePercentTooSmall_BlamesItAlone(string name)
    {
        var layout = new ParameterLayout();
        Layer[] layers =
        [
            new DenseLayer(new(NetworkPart.Hidden(0), 4, 6, 9) { Activation = Activation.Relu, Initializer = Initializer.He }, layout),
            new BatchNormalizationLayer(new(NetworkPart.Hidden(1), 6, 6, 9) { Activation = Activation.Tanh, Initializer = Initializer.He }, new(), layout),
            new DenseLayer(new(NetworkPart.Output, 6, 2, 9) { Initializer = Initializer.He }, layout),
        ];
        int broken = Array.FindIndex(["Hidden1", "Hidden2", "Output"], prefix => name.StartsWith(prefix, StringComparison.Ordinal));
        layers[broken] = new BrokenLayer(layers[broken], layout.Parameters.Single(parameter => parameter.Name == name));

        using var team = new ThreadTeam(1);
        IReadOnlyList<ParameterGradientCheck> results =
            MlNetMlp.Diagnostics.GradientCheck.Compare(
                new ChainObjective(team, layout, layers), new GradientCheckOptions(), new SeededRandom(1), CancellationToken.None);

        Assert.Equal([name], Blamed(results));
        ParameterGradientCheck blamed = results.Single(result => result.Name == name);
        Assert.Equal(0.05, blamed.LargestError, 0.003);
        Assert.Equal(0.95, blamed.Analytic / blamed.Numeric, 0.005);
    }

    [Fact]
    public void Run_PenaltyDropoutNoiseAndClassWeights_AreInTheGradient()
    {
        MlpArchitecture architecture = _deep with
        {
            InputNoise = 0.5f,
            InputDropout = 0.2f,
            HiddenLayers = [new(8) { Activation = Activation.Elu(), Dropout = 0.5f, Noise = 0.3f, Normalization = Normalization.Batch }],
        };

        GradientCheckReport report = Run(architecture, new SoftmaxCrossEntropy { LabelSmoothing = 0.1f, ClassWeights = ClassWeights.Of(1, 2, 5) },
            new() { L2Regularization = 0.3f });
        GradientCheckReport without = Run(architecture, new SoftmaxCrossEntropy());

        Assert.Equal(GradientCheckVerdict.Passed, report.Verdict);
        Assert.NotEqual(without.Objective, report.Objective, 0.1);
    }

    [Fact]
    public void Run_ReluAtItsKink_LeavesTheElementsOut()
    {
        // Constant features, which standardization makes 0, and weights of 0: each sum is exactly 0, where the function has no derivative.
        var rows = new InMemoryRows(2, 1);
        for (int i = 0; i < 6; i++)
        {
            rows.Add([1, 1], [i % 2]);
        }

        var architecture = new MlpArchitecture(2, 1) { HiddenLayers = [new(3)] };
        var options = new MlpTrainingOptions { NumberOfEpochs = 1, LearningRate = 1e-30f };
        MlpArchitecture zero = architecture with
        {
            HiddenLayers = [new(3) { WeightInitializer = Initializer.Zero }],
            OutputInitializer = Initializer.Gaussian(1),
        };
        MlpModel model = MlpTrainer.Train(new(zero, new SigmoidCrossEntropy(), rows) { Options = options }).Model;

        var loss = new SigmoidCrossEntropy { ClassWeights = ClassWeights.Of(1, 3) };
        GradientCheckReport report = MlNetMlp.Diagnostics.GradientCheck.Run(new(model.Architecture, loss, rows)
        {
            Options = options,
            InitialModel = model,
        });

        ParameterGradientCheck biases = report.Parameters.Single(parameter => parameter.Name == "Hidden1.Biases");
        Assert.Equal((0, 3), (biases.Compared, biases.Kinks));
        Assert.Equal(GradientCheckVerdict.Inconclusive, report.Verdict);
    }

    [Fact]
    public void Run_SameSeed_SameReport()
    {
        GradientCheckReport one = Run(_deep, new SoftmaxCrossEntropy(), new() { Seed = 3, NumberOfThreads = 1 }), two = Run(_deep, new SoftmaxCrossEntropy(),
            new() { Seed = 3, NumberOfThreads = 2 });

        Assert.Equal(one.ToString(), two.ToString());
        Assert.NotEqual(one.Objective, Run(_deep, new SoftmaxCrossEntropy(), new() { Seed = 4 }).Objective);
    }

    [Fact]
    public void Run_CancelledAtAnyRequest_ReadsNothingMoreAndThrows()
    {
        int all = Requests(int.MaxValue);
        for (int request = 0; request <= all; request++)
        {
            // The sample is gathered in two requests.
            Assert.InRange(Requests(request), request, request < all - 1 ? request : all);
        }

        static int Requests(int cancelAt)
        {
            using var cancellation = new CancellationTokenSource();
            var loss = new SoftmaxCrossEntropy { ClassWeights = ClassWeights.Balanced };
            var rows = new ObservedRows(SmallData.For(loss, 200), CancelAt);
            CancelAt(0);
            Exception? exception = Record.Exception(() => MlNetMlp.Diagnostics.GradientCheck.Run(new(_deep, loss, rows)
            {
                CancellationToken = cancellation.Token,
            }));
            Assert.Equal(cancelAt == int.MaxValue ? null : typeof(OperationCanceledException), exception?.GetType());
            return rows.Requests.Count;

            void CancelAt(int request)
            {
                if (request == cancelAt)
                {
                    cancellation.Cancel();
                }
            }
        }
    }

    [Fact]
    public void Options_OutOfRange_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new GradientCheckOptions { Rows = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new GradientCheckOptions { ElementsPerParameter = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new GradientCheckOptions { Tolerance = 1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new GradientCheckOptions { Tolerance = 1e-4 });
    }

    private static GradientCheckReport Run(MlpArchitecture architecture, Loss loss, MlpTrainingOptions? options = null) =>
        MlNetMlp.Diagnostics.GradientCheck.Run(new(architecture, loss, SmallData.For(loss, 40)) { Options = options ?? new() });

    private static IEnumerable<string> Blamed(IEnumerable<ParameterGradientCheck> results) =>
        results.Where(result => result.Verdict == GradientCheckVerdict.Failed).Select(result => result.Name);

    private static InMemoryRows Rows(GradientCase example)
    {
        var random = new SeededRandom(1);
        (float[] targets, float[] weights) = example.Targets(random.At(3));
        int width = targets.Length / example.Rows;
        var rows = new InMemoryRows(example.Architecture.InputSize, width);
        float[] features = new float[rows.FeatureCount];
        for (int i = 0; i < example.Rows; i++)
        {
            random.At(2).At(i).FillNormal(features, 0.3f, 1);
            rows.Add(features, targets.AsSpan(i * width, width), weights[i]);
        }

        return rows;
    }
}
