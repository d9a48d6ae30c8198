using MlNetMlp.Diagnostics;
using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests.Diagnostics;

/// <summary>A sound configuration that provokes no finding, and for every finding a configuration that provokes it.</summary>
public class DiagnosisTests
{
    private static readonly SoftmaxCrossEntropy _softmax = new();
    private static readonly MlpArchitecture _sound = new(4, 3) { HiddenLayers = [new(32), new(32)] };

    public static TheoryData<Loss> Losses =>
        [new SoftmaxCrossEntropy(), new SigmoidCrossEntropy(), new SquaredError(), new HuberLoss(), new BinaryHinge(), new MulticlassHinge(),
            new PerceptronLoss()];

    [Theory]
    [MemberData(nameof(Losses))]
    public void Run_SoundConfiguration_FindsNothing(Loss loss)
    {
        int outputs = loss is BinaryLoss ? 1 : 3;

        var architecture = new MlpArchitecture(4, outputs) { HiddenLayers = [new(32), new(32)] };
        DiagnosisReport report = Diagnosis.Run(new(architecture, loss, SmallData.For(loss, 600, outputs: outputs)));

        Assert.True(report.Severity == DiagnosisSeverity.Ok, report.ToString());
        Assert.Equal(480, report.SampledRowCount);
        Assert.Equal(["Hidden1", "Hidden2", "Output"], report.Layers.Select(layer => layer.Name));
    }

    /// <summary>The number is that of the caller's row, not that of its copy among the sampled ones.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Run_MissingValueInASampledRow_NamesTheRowOfTheCaller(bool hasClassWeights)
    {
        SoftmaxCrossEntropy loss = hasClassWeights ? new() { ClassWeights = ClassWeights.Balanced } : _softmax;
        InMemoryRows sound = SmallData.For(loss, 300), rows = new(4, 1);
        var batch = new RowBatch(4, 1);
        sound.Gather([.. Enumerable.Range(0, 300)], batch);
        for (int i = 0; i < 300; i++)
        {
            float[] features = [.. batch.FeatureMatrix.Row(i)];
            features[2] = i < 200 ? features[2] : float.NaN;
            rows.Add(features, batch.TargetsOf(i));
        }

        var options = new MlpTrainingOptions { MissingValues = InvalidValueHandling.Fail };
        var error = Assert.Throws<InvalidFeatureException>(() => Diagnosis.Run(new(_sound, loss, rows) { Options = options }, new() { Rows = 100 }));

        Assert.InRange(error.Row, 200, 299);
        Assert.Equal(2, error.Feature);
        Assert.Contains($"ow {error.Row}", error.Message, StringComparison.Ordinal);
    }

    /// <summary>More rows than one block of L-BFGS has: a block's size must not be taken for one of mini-batches, which are refused.</summary>
    [Fact]
    public void Run_FullBatchOptimizerOnManyRows_TakesAStepAnEpoch()
    {
        var options = new MlpTrainingOptions { Optimizer = new Lbfgs(), NumberOfEpochs = 20, L2Regularization = 1e-3f };
        DiagnosisReport report = Diagnosis.Run(new(_sound, _softmax, SmallData.For(_softmax, 600)) { Options = options }, new() { NumberOfEpochs = 2 });

        Assert.Equal(480, report.SampledRowCount);
        Assert.Equal(12, report.History.Count);
        Assert.Equal(DiagnosisSeverity.Ok, report.Find(DiagnosisCheck.Progress)!.Severity);
    }

    [Fact]
    public void InitialLoss_OfOutputsOfZero_IsTheOneOfTheFormula()
    {
        Assert.Equal(Math.Log(3), Initial(_softmax, 3), 1e-6);
        Assert.Equal(Math.Log(2), Initial(new SigmoidCrossEntropy(), 1), 1e-6);
        Assert.Equal(1, Initial(new BinaryHinge(), 1), 1e-6);
        Assert.Equal(2, Initial(new MulticlassHinge(), 3), 1e-6);

        // Half the variance of each of the three standardized targets.
        Assert.Equal(1.5, Initial(new SquaredError(), 3), 1e-5);

        static double Initial(Loss loss, int outputs) => Find(
            DiagnosisCheck.InitialLoss, DiagnosisSeverity.Ok, new MlpArchitecture(4, outputs) { OutputInitializer = Initializer.Zero },
                SmallData.For(loss, 300, outputs: outputs), new() { OutputBiasFromTargets = false }, loss).Value;
    }

    /// <summary>One row in ten is of the second class: -0.9 log 0.9 - 0.1 log 0.1 = 0.325083 where outputs of zero have log 2.</summary>
    [Fact]
    public void InitialLoss_OfARareClass_IsThatOfTheBestConstant()
    {
        var rows = new InMemoryRows(4, 1);
        for (int i = 0; i < 40; i++)
        {
            rows.Add([i, i % 3, i % 5, -i], [i % 10 == 0 ? 1 : 0]);
        }

        DiagnosisFinding finding = Find(DiagnosisCheck.InitialLoss, DiagnosisSeverity.Ok,
            new MlpArchitecture(4, 1) { OutputInitializer = Initializer.Zero }, rows, loss: new SigmoidCrossEntropy());

        Assert.Equal(0.325083, finding.Value, 1e-5);
        Assert.Contains("outputs of 0 would have 0.6931 (log 2), the best constant has 0.3251, ", finding.Measured, StringComparison.Ordinal);
    }

    /// <summary>Of the same rows: outputs of deviation 6 around 0 would be as bad, but not around the biases.</summary>
    [Fact]
    public void InitialLoss_OfLargeWeightsForARareClass_IsMeasuredAgainstTheConstant()
    {
        var rows = new InMemoryRows(4, 1);
        for (int i = 0; i < 40; i++)
        {
            rows.Add([i, i % 3, i % 5, -i], [i == 7 ? 1 : 0]);
        }

        Find(DiagnosisCheck.InitialLoss, DiagnosisSeverity.Warning,
            new MlpArchitecture(4, 1) { OutputInitializer = Initializer.Gaussian(8) }, rows, loss: new SigmoidCrossEntropy());
    }

    /// <summary>Outputs of deviation 3 for ten classes: the loss is near twice log 10, which is more than a network should begin with.</summary>
    [Fact]
    public void InitialLoss_OfNearlyTwiceLogTen_IsNoticed()
    {
        DiagnosisFinding finding = Find(DiagnosisCheck.InitialLoss, DiagnosisSeverity.Notice,
            new MlpArchitecture(4, 10) { OutputInitializer = Initializer.Gaussian(1.5f) }, SmallData.For(_softmax, 300, outputs: 10),
            new() { OutputBiasFromTargets = false }, _softmax);

        Assert.InRange(finding.Value, 1.5 * Math.Log(10), 3 * Math.Log(10));
        Assert.Contains("2.303 (log 10)", finding.Measured, StringComparison.Ordinal);
        Assert.Contains("OutputInitializer", finding.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void InitialLoss_OfLargeWeights_IsAWarning()
    {
        DiagnosisFinding finding = Find(DiagnosisCheck.InitialLoss, DiagnosisSeverity.Warning,
            _sound with { OutputInitializer = Initializer.Gaussian(20) }, SmallData.For(_softmax, 300));

        Assert.Contains("OutputInitializer", finding.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void Penalty_OfTheOptions_IsLambdaTimesTheWeights()
    {
        var network = new MlpNetwork(_sound, 1);
        network.Initialize(new SeededRandom(5).At(0));
        double squares = 0, magnitudes = 0;
        foreach (Parameter parameter in network.Parameters.Layout.Parameters.Where(parameter => parameter.Name.EndsWith(".Weights", StringComparison.Ordinal)))
        {
            foreach (float weight in network.Parameters.Value(parameter))
            {
                squares += (double)weight * weight;
                magnitudes += Math.Abs(weight);
            }
        }

        DiagnosisFinding finding = Find(DiagnosisCheck.Penalty, DiagnosisSeverity.Ok, _sound, SmallData.For(_softmax, 300),
            new() { L1Regularization = 1e-4f, L2Regularization = 2e-3f, Seed = 5 });

        Assert.Equal(1e-4 * magnitudes + 1e-3 * squares, finding.Value, 1e-6);
    }

    [Fact]
    public void Penalty_GreaterThanTheLoss_IsAWarning()
    {
        DiagnosisFinding finding = Find(DiagnosisCheck.Penalty, DiagnosisSeverity.Warning, _sound, SmallData.For(_softmax, 300),
            new() { L2Regularization = 1 });

        Assert.Contains("Lower L2Regularization", finding.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void Penalty_OfWeightsOfZero_IsANotice()
    {
        MlpArchitecture architecture = new(4, 3) { HiddenLayers = [new(8) { WeightInitializer = Initializer.Zero }], OutputInitializer = Initializer.Zero };

        Find(DiagnosisCheck.Penalty, DiagnosisSeverity.Notice, architecture, SmallData.For(_softmax, 300));
        Find(DiagnosisCheck.SmallSet, DiagnosisSeverity.Warning, architecture, SmallData.For(_softmax, 300));
    }

    [Fact]
    public void SmallSet_HeavyRegularization_IsSwitchedOff()
    {
        MlpArchitecture architecture = _sound with { InputDropout = 0.5f, InputNoise = 3, HiddenLayers = [new(32) { Dropout = 0.9f, Noise = 5 }] };
        var loss = new SoftmaxCrossEntropy { LabelSmoothing = 0.5f, ClassWeights = ClassWeights.Of(1, 0, 100) };

        Find(DiagnosisCheck.SmallSet, DiagnosisSeverity.Ok, architecture, SmallData.For(_softmax, 300),
            new() { L1Regularization = 1, L2Regularization = 1, Constraint = new MaxNorm(0.01f) }, loss: loss);
    }

    [Fact]
    public void SmallSet_TinyRate_BlamesTheRate()
    {
        DiagnosisReport report = Run(_sound, SmallData.For(_softmax, 300), new() { LearningRate = 1e-8f });

        Assert.Contains("LearningRate", Expect(report, DiagnosisCheck.SmallSet, DiagnosisSeverity.Warning).Advice, StringComparison.Ordinal);
        Assert.Contains("Set LearningRate to 1E-07 or more", Expect(report, DiagnosisCheck.LearningRate, DiagnosisSeverity.Warning).Advice,
            StringComparison.Ordinal);
        Expect(report, DiagnosisCheck.Progress, DiagnosisSeverity.Warning);
    }

    [Fact]
    public void SmallSet_TooFewUnits_AsksForMore()
    {
        DiagnosisFinding finding = Find(DiagnosisCheck.SmallSet, DiagnosisSeverity.Warning, new(4, 3) { HiddenLayers = [new(1)] }, Noise(200));

        Assert.Contains("increase the units of HiddenLayers", finding.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void SmallSet_LinearModel_IsANotice() =>
        Assert.Contains("Add HiddenLayers", Find(DiagnosisCheck.SmallSet, DiagnosisSeverity.Notice, new(4, 3), Noise(200)).Advice, StringComparison.Ordinal);

    [Fact]
    public void Progress_RandomLabels_IsAWarning() =>
        Find(DiagnosisCheck.Progress, DiagnosisSeverity.Warning, new(4, 3) { HiddenLayers = [new(4)], OutputInitializer = Initializer.Zero }, Noise(2000));

    [Fact]
    public void LearningRate_Divergence_IsReportedAndNotThrown()
    {
        DiagnosisReport report = Run(_sound, SmallData.For(new SquaredError(), 300), new() { Optimizer = new Sgd(), LearningRate = 1e6f }, new SquaredError());

        Assert.Contains("Set LearningRate to 1E+05", Expect(report, DiagnosisCheck.LearningRate, DiagnosisSeverity.Warning).Advice, StringComparison.Ordinal);
        Assert.Contains("diverged", Expect(report, DiagnosisCheck.Progress, DiagnosisSeverity.Warning).Measured, StringComparison.Ordinal);
        Assert.Null(report.Find(DiagnosisCheck.Generalization));
    }

    [Fact]
    public void LearningRate_GiantSteps_IsAWarning() =>
        Assert.Contains("Set LearningRate to 0.1", Find(DiagnosisCheck.LearningRate, DiagnosisSeverity.Warning, _sound, SmallData.For(_softmax, 300),
            new() { LearningRate = 1f }).Advice, StringComparison.Ordinal);

    [Fact]
    public void LearningRate_OfPlainDescent_IsTheSizeOfTheStepByThatOfTheWeights()
    {
        // One full batch, so one step in an epoch: rate * |gradient| / |weights| of the same step.
        MlpArchitecture architecture = new(4, 3) { OutputInitializer = Initializer.Gaussian(1) };
        DiagnosisReport report = Run(architecture, SmallData.For(_softmax, 40), new()
        {
            Optimizer = new Sgd(),
            LearningRate = 1e-4f,
            BatchSize = 40,
            NumberOfEpochs = 1,
            Seed = 2
        });
        var network = new MlpNetwork(architecture, 1);
        network.Initialize(new SeededRandom(2).At(0));
        double norm = Math.Sqrt(network.Parameters.Value(network.Parameters.Layout.Parameters[0]).ToArray().Sum(weight => (double)weight * weight));

        LayerDiagnosis layer = Assert.Single(report.Layers);
        Assert.Equal(1e-4 * layer.GradientNorm / norm, layer.UpdateRatio, 1e-3 * layer.UpdateRatio);
        Assert.True(layer.GradientNorm > 0.01);
    }

    [Fact]
    public void GradientFlow_ManySigmoidLayers_Vanishes()
    {
        MlpArchitecture architecture = new(4, 3) { HiddenLayers = [.. Enumerable.Repeat(new HiddenLayer(16) { Activation = Activation.Sigmoid }, 8)] };

        DiagnosisFinding finding = Find(DiagnosisCheck.GradientFlow, DiagnosisSeverity.Warning, architecture, SmallData.For(_softmax, 300),
            new() { LearningRate = 1e-4f });

        Assert.InRange(finding.Value, 0, 1e-3);
        Assert.Contains("Activation.Relu", finding.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void GradientFlow_TinyWeightsBeforeANormalization_Explodes()
    {
        MlpArchitecture architecture = new(4,
            3)
        {
            HiddenLayers = [new(16) { WeightInitializer = Initializer.Gaussian(1e-6f),
            Normalization = new BatchNormalization { Epsilon = 1e-12f } }, new(16)]
        };

        DiagnosisFinding finding = Find(DiagnosisCheck.GradientFlow, DiagnosisSeverity.Warning, architecture, SmallData.For(_softmax, 300),
            new() { Optimizer = new Sgd(), LearningRate = 1e-15f });

        Assert.True(finding.Value > 1e3);
        Assert.Contains("GradientClipping.ByNorm(1)", finding.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void GradientFlow_HardThreshold_IsANotice() =>
        Find(DiagnosisCheck.GradientFlow, DiagnosisSeverity.Notice, new(4, 3) { HiddenLayers = [new(16) { Activation = Activation.HardThreshold }] },
            SmallData.For(_softmax, 300));

    [Fact]
    public void DeadUnits_FeaturesFarFromZero_StartDead()
    {
        DiagnosisReport report = Run(_sound, Shifted(SmallData.For(_softmax, 300), 500), new() { FeatureScaling = FeatureScaling.None, LearningRate = 1e-5f });

        DiagnosisFinding finding = Expect(report, DiagnosisCheck.DeadUnits, DiagnosisSeverity.Warning);
        Assert.Contains("turn on FeatureScaling", finding.Advice, StringComparison.Ordinal);
        Assert.InRange(report.Layers[0].DeadAtStart!.Value, 0.2, 0.8);
        Assert.Contains("FeatureScaling", Expect(report, DiagnosisCheck.FeatureScale, DiagnosisSeverity.Notice).Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void DeadUnits_GiantSteps_DieWhileLearning()
    {
        MlpTrainingOptions options = new() { Optimizer = new Sgd(), LearningRate = 30f, Seed = 4, OutputBiasFromTargets = false };
        DiagnosisReport report = Run(_sound, SmallData.For(_softmax, 300), options);

        Assert.Contains("lower LearningRate", Expect(report, DiagnosisCheck.DeadUnits, DiagnosisSeverity.Warning).Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void DeadUnits_LeakyUnits_AreNotLookedAt() =>
        Assert.Null(Run(new(4, 3) { HiddenLayers = [new(8) { Activation = Activation.LeakyRelu() }] }, SmallData.For(_softmax, 100))
            .Find(DiagnosisCheck.DeadUnits));

    [Theory]
    [InlineData("tanh")]
    [InlineData("sigmoid")]
    public void SaturatedUnits_LargeWeights_IsAWarning(string name)
    {
        var layer = new HiddenLayer(16) { Activation = name == "tanh" ? Activation.Tanh : Activation.Sigmoid };

        DiagnosisFinding finding = Find(DiagnosisCheck.SaturatedUnits, DiagnosisSeverity.Warning,
            new(4, 3) { HiddenLayers = [layer with { WeightInitializer = Initializer.Gaussian(10) }] }, SmallData.For(_softmax, 300));

        Assert.Contains("WeightInitializer", finding.Advice, StringComparison.Ordinal);
        Find(DiagnosisCheck.SaturatedUnits, DiagnosisSeverity.Ok, new(4, 3) { HiddenLayers = [layer] }, SmallData.For(_softmax, 300));
    }

    [Fact]
    public void Generalization_RandomLabelsAndAWideNetwork_IsAWarning()
    {
        DiagnosisFinding finding = Find(DiagnosisCheck.Generalization, DiagnosisSeverity.Warning, new(4, 3) { HiddenLayers = [new(128), new(128)] },
            Noise(100), new() { LearningRate = 0.01f });

        Assert.Contains("Set Dropout", finding.Advice, StringComparison.Ordinal);
        Assert.Contains("L2Regularization", finding.Advice, StringComparison.Ordinal);
    }

    /// <summary>The rate is so small that nothing is learned: equal losses then say nothing of other rows, and more units would not help.</summary>
    [Fact]
    public void Generalization_NothingLearned_SaysThatItCannotTell()
    {
        DiagnosisReport report = Diagnosis.Run(new(_sound, _softmax, SmallData.For(_softmax, 300))
        {
            Validation = SmallData.For(_softmax, 300, seed: 9),
            Options = new() { LearningRate = 1e-9f },
        });

        Expect(report, DiagnosisCheck.Progress, DiagnosisSeverity.Warning);
        Expect(report, DiagnosisCheck.Generalization, DiagnosisSeverity.Notice);
        DiagnosisFinding finding = report.Find(DiagnosisCheck.Generalization)!;
        Assert.Equal("Too little was learned to tell.", finding.Meaning);
        Assert.DoesNotContain("units", finding.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void Generalization_ValidationRowsAreGiven_AreTheOnesMeasured()
    {
        InMemoryRows training = SmallData.For(_softmax, 300), strange = Noise(300);

        Expect(Diagnosis.Run(new(_sound, _softmax, training)
        {
            Validation = SmallData.For(_softmax, 300, seed: 9),
        }), DiagnosisCheck.Generalization, DiagnosisSeverity.Ok);
        DiagnosisReport report = Diagnosis.Run(new(_sound, _softmax, training) { Validation = strange });

        Expect(report, DiagnosisCheck.Generalization, DiagnosisSeverity.Warning);
        Assert.Equal(300, report.SampledRowCount);
    }

    [Theory]
    [InlineData(2, false, 2, DiagnosisSeverity.Warning, "BatchSize to 16, ")]
    [InlineData(6, false, 6, DiagnosisSeverity.Notice, "BatchSize to 16, ")]
    [InlineData(8, false, 8, DiagnosisSeverity.Ok, null)]
    [InlineData(32, true, 3.2, DiagnosisSeverity.Warning, "BatchSize to ")]
    public void MiniBatch_OfFewRowsThatCount_IsToBeLarger(int batchSize, bool isWeighted, double rows, DiagnosisSeverity severity, string? advice)
    {
        // One row in ten counts, so that a mini-batch has a tenth of its rows.
        var given = new InMemoryRows(4, 1);
        RowBatch all = SmallData.For(_softmax, 1000).Read();
        for (int i = 0; i < all.Count; i++)
        {
            given.Add(all.FeaturesOf(i), all.TargetsOf(i), isWeighted && i % 10 > 0 ? 1e-6f : 1);
        }

        MlpArchitecture normalized = _sound with { HiddenLayers = [new(16) { Normalization = Normalization.Batch }] };
        MlpTrainingOptions options = new() { BatchSize = batchSize, NumberOfEpochs = 2 };
        DiagnosisFinding finding = Find(DiagnosisCheck.MiniBatch, severity, normalized, given, options);

        Assert.InRange(finding.Value, 0.85 * rows, 1.15 * rows);
        Assert.True(isWeighted || finding.Value == rows);
        Assert.True(advice is null ? finding.Advice is null : finding.Advice!.Contains(advice, StringComparison.Ordinal), finding.Advice);
        Assert.Null(Run(_sound, given, options).Find(DiagnosisCheck.MiniBatch));
    }

    [Fact]
    public void MiniBatch_OfBatchRenormalization_MayHaveHalfAsManyRows()
    {
        MlpArchitecture normalized = _sound with { HiddenLayers = [new(16) { Normalization = Normalization.BatchRenormalization }] };
        InMemoryRows rows = SmallData.For(_softmax, 300);
        Find(DiagnosisCheck.MiniBatch, DiagnosisSeverity.Ok, normalized, rows, new() { BatchSize = 4, NumberOfEpochs = 2 });
        DiagnosisFinding few = Find(DiagnosisCheck.MiniBatch, DiagnosisSeverity.Notice, normalized, rows, new() { BatchSize = 3, NumberOfEpochs = 2 });
        Assert.Contains("BatchSize to 8, ", few.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_SameSeed_SameReportOnAnyNumberOfThreads()
    {
        InMemoryRows rows = SmallData.For(_softmax, 300);
        MlpArchitecture architecture = _sound with { HiddenLayers = [new(16) { Dropout = 0.2f, Normalization = Normalization.Batch }] };

        string one = Run(architecture, rows, new() { NumberOfThreads = 1, Seed = 4 }).ToString();

        Assert.Equal(one, Run(architecture, rows, new() { NumberOfThreads = 2, Seed = 4 }).ToString());
        Assert.NotEqual(one, Run(architecture, rows, new() { NumberOfThreads = 1, Seed = 5 }).ToString());
    }

    [Fact]
    public void Run_ManyRows_ReadsEachOnceAndLearnsFromSome()
    {
        const int Count = 5000, Sampled = 400;
        var rows = new ObservedRows(SmallData.For(_softmax, Count));

        DiagnosisReport report = Diagnosis.Run(new(_sound, _softmax, rows), new() { Rows = Sampled, NumberOfEpochs = 2 });

        Assert.Equal((Count, Sampled * 4 / 5), (report.RowCount, report.SampledRowCount));
        Assert.Equal(Count + Sampled, rows.Requests.Sum(numbers => numbers.Length));
        Assert.InRange(report.History.Count, 2, 12);
    }

    [Fact]
    public void Run_Cancelled_Throws()
    {
        Assert.Throws<OperationCanceledException>(() => Diagnosis.Run(new(_sound, _softmax, SmallData.For(_softmax, 100))
        {
            CancellationToken = new CancellationToken(canceled: true),
        }));
    }

    /// <summary>The survey, the sample, and everything that runs on it: the last two are watched by the augmentation of the short training.</summary>
    [Fact]
    public void Run_CancelledAtAnyMoment_ReadsNothingMoreAndThrows()
    {
        int all = Moments(int.MaxValue);
        Assert.True(all > 200);
        for (int moment = 1; moment <= all; moment += moment < 110 ? 1 : 37)
        {
            // A mini-batch is finished.
            Assert.InRange(Moments(moment), moment, moment + 40);
        }

        static int Moments(int cancelAt)
        {
            using var cancellation = new CancellationTokenSource();
            int moments = 0;
            var rows = new ObservedRows(SmallData.For(_softmax, 100), _ => Next());
            MlpTrainingOptions options = new() { BatchSize = 40, NumberOfThreads = 1, Augmentation = Augmentation.Custom((_, _) => Next()) };
            Exception? exception = Record.Exception(() => Diagnosis.Run(new(_sound, _softmax, rows)
            {
                Options = options,
                CancellationToken = cancellation.Token,
            }));
            Assert.Equal(cancelAt == int.MaxValue ? null : typeof(OperationCanceledException), exception?.GetType());
            return moments;

            void Next()
            {
                if (++moments == cancelAt)
                {
                    cancellation.Cancel();
                }
            }
        }
    }

    internal static DiagnosisFinding Find(
        DiagnosisCheck check, DiagnosisSeverity severity, MlpArchitecture architecture, IRowSource rows, MlpTrainingOptions? options = null,
            Loss? loss = null) =>
        Expect(Run(architecture, rows, options, loss), check, severity);

    private static DiagnosisFinding Expect(DiagnosisReport report, DiagnosisCheck check, DiagnosisSeverity severity)
    {
        DiagnosisFinding? finding = report.Find(check);
        Assert.True(finding?.Severity == severity, report.ToString());
        Assert.Contains($"{severity,-8} {check}: {finding.Measured}", report.ToString(), StringComparison.Ordinal);
        Assert.True(finding.Severity == DiagnosisSeverity.Ok || finding.Advice is not null);
        return finding;
    }

    private static DiagnosisReport Run(MlpArchitecture architecture, IRowSource rows, MlpTrainingOptions? options = null, Loss? loss = null) =>
        Diagnosis.Run(new(architecture, loss ?? _softmax, rows) { Options = options ?? new() });

    /// <summary>Three classes that have nothing to do with the features.</summary>
    private static InMemoryRows Noise(int count)
    {
        var random = new SeededRandom(11);
        var rows = new InMemoryRows(4, 1);
        float[] features = new float[4];
        for (int i = 0; i < count; i++)
        {
            random.At(i).FillNormal(features, 0, 1);
            rows.Add(features, [random.At(-1).Below(3, i)]);
        }

        return rows;
    }

    private static InMemoryRows Shifted(InMemoryRows rows, float shift)
    {
        var shifted = new InMemoryRows(rows.FeatureCount, rows.TargetCount);
        RowBatch all = rows.Read();
        for (int i = 0; i < rows.Count; i++)
        {
            shifted.Add([.. all.FeaturesOf(i).ToArray().Select(feature => feature + shift)], all.TargetsOf(i));
        }

        return shifted;
    }

    /// <summary>
    /// Ten layers of 100 units of tanh: with small weights each layer has a tenth of the deviation of the one before, 0.01 times the root of 100 inputs; with
    /// those of Glorot it stays. CS231n, notes on initialization.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Layers_TenOfTanh_ShowWhatBecomesOfTheActivations(bool isGlorot)
    {
        Initializer initializer = isGlorot ? Initializer.GlorotNormal : Initializer.Gaussian(0.01f);
        var layer = new HiddenLayer(100) { Activation = Activation.Tanh, WeightInitializer = initializer };
        var architecture = new MlpArchitecture(4, 3) { HiddenLayers = [.. Enumerable.Repeat(layer, 10)] };
        DiagnosisReport report = Diagnosis.Run(new(architecture, _softmax, SmallData.For(_softmax, 200)));
        double[] deviations = [.. report.Layers.SkipLast(1).Select(one => one.ActivationsAtStart!.Deviation)];

        Assert.Equal(10, deviations.Length);
        for (int i = 1; i < deviations.Length; i++)
        {
            Assert.InRange(deviations[i] / deviations[i - 1], isGlorot ? 0.6 : 0.08, isGlorot ? 1.2 : 0.12);
        }

        Assert.All(report.Layers.SkipLast(1), one =>
        {
            Assert.Equal(100 * (report.SampledRowCount), one.Activations!.Counts.Sum());
            Assert.InRange(one.Activations.Maximum, one.Activations.Mean, 1);
            Assert.InRange(one.Activations.Minimum, -1, one.Activations.Mean);
        });
        Assert.Null(report.Layers[^1].Activations);

        var svg = System.Xml.Linq.XDocument.Parse(report.ActivationsToSvg());
        SvgStyles.AssertScoped(svg.Root!);
        string[] texts = [.. svg.Descendants().Where(element => element.Name.LocalName == "text").Select(element => element.Value)];
        Assert.Equal(20, texts.Count(text => text.StartsWith("Hidden", StringComparison.Ordinal)));
        Assert.DoesNotContain("-0", texts);
        Assert.Contains(texts, text => text == FormattableString.Invariant(
            $"mean {report.Layers[9].ActivationsAtStart!.Mean:G2}, deviation {deviations[9]:G2}"));
    }

    [Fact]
    public void Of_Values_CountsThemByHand()
    {
        ActivationHistogram histogram = ActivationHistogram.Of([0, 3, 1.5f, 0, 3, 0.05f])!;
        Assert.Equal((0, 3, 7.55 / 6), (histogram.Minimum, histogram.Maximum, Math.Round(histogram.Mean, 6)), (a, b) =>
            a.Item1 == b.Item1 && a.Item2 == b.Item2 && Math.Abs(a.Item3 - b.Item3) < 1e-6);
        Assert.Equal((3, 1, 2), (histogram.Counts[0], histogram.Counts[15], histogram.Counts[29]));
        double mean = 7.55 / 6, variance = ((2 * mean * mean) + (2 * Math.Pow(3 - mean, 2)) + Math.Pow(1.5 - mean, 2) + Math.Pow(0.05 - mean, 2)) / 6;
        Assert.Equal(Math.Sqrt(variance), histogram.Deviation, 1e-6);
        Assert.Equal(2, ActivationHistogram.Of([5, 5])!.Counts[0]);
        Assert.Null(ActivationHistogram.Of([1, float.NaN]));
    }
}
