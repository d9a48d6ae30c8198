namespace MlNetMlp.Core.Tests;

/// <summary>Whole trainings with <see cref="Lbfgs"/>.</summary>
public sealed class FullBatchTests
{
    private static readonly Loss _loss = new SoftmaxCrossEntropy();
    private static readonly MlpArchitecture _network = new(4, 3) { HiddenLayers = [new(12) { Activation = Activation.Tanh }] };
    private static readonly MlpTrainingOptions _options = new()
    {
        NumberOfEpochs = 60,
        Optimizer = new Lbfgs(),
        L2Regularization = 0.001f,
        NumberOfThreads = 1
    };

    [Theory]
    [InlineData(50)]
    [InlineData(700)]
    public void Train_LogisticRegression_IsTheOptimumOfNewtonsIteration(int count)
    {
        // One block of rows, and several.
        var loss = new SigmoidCrossEntropy();
        var rows = new InMemoryRows(4, 1);
        var features = new double[count][];
        var targets = new double[count];
        for (int i = 0; i < count; i++)
        {
            (float[] x, float[] y) = SmallData.Row(loss, i);
            rows.Add(x, y);
            features[i] = Array.ConvertAll(x, value => (double)value);
            targets[i] = y[0];
        }

        const float Lambda = 0.02f;
        MlpTrainingOptions options = _options with
        {
            Optimizer = new Lbfgs { GradientTolerance = 1e-7f },
            L2Regularization = Lambda,
            FeatureScaling = FeatureScaling.None,
        };
        MlpTrainingResult result = MlpTrainer.Train(new(new MlpArchitecture(4, 1), loss, rows) { Options = options });
        Assert.Equal(TrainingEnd.Converged, result.End);
        Assert.InRange(result.History.Count, 5, 30);

        double[] expected = ReferenceLogisticRegression.Fit(features, targets, Lambda);
        double[] found = Parameters(result.Model, "Output.Weights", "Output.Biases");
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First, pair.Second, 2e-5));

        double mean = features.Zip(targets, (x, y) => Math.Log(1 + Math.Exp((1 - (2 * y)) * x.Append(1).Zip(expected, (a, b) => a * b).Sum()))).Average();
        double penalty = Lambda / 2.0 * expected.Take(4).Sum(w => w * w);
        Assert.Equal(mean, result.History[^1].TrainingLoss, 1e-6);
        Assert.Equal(mean + penalty, result.History[^1].MonitoredLoss, 1e-6);
    }

    [Fact]
    public void Train_LogisticRegressionWithL1_MeetsTheConditionsOfTheMinimum()
    {
        // Twelve features, of which the target knows four. In double: where a weight is zero, the slope is no steeper than the kink; elsewhere
        // it is the kink's; that of the bias is zero. The function is convex, so nothing but its minimum does that.
        const int Count = 300, Features = 12;
        const float L1 = 0.03f, L2 = 0.01f;
        var loss = new SigmoidCrossEntropy();
        MlpTrainingOptions options = _options with
        {
            NumberOfEpochs = 200,
            Optimizer = new Lbfgs { GradientTolerance = 1e-6f },
            L1Regularization = L1,
            L2Regularization = L2,
            FeatureScaling = FeatureScaling.None,
        };
        MlpTrainingResult result = MlpTrainer.Train(new(new MlpArchitecture(Features, 1), loss, SmallData.For(loss, Count, Features))
        {
            Options = options,
        });
        double[] w = Parameters(result.Model, "Output.Weights", "Output.Biases");
        var slopes = new double[Features + 1];
        double mean = 0;
        for (int row = 0; row < Count; row++)
        {
            (float[] x, float[] y) = SmallData.Row(loss, row, Features);
            double z = x.Append(1).Zip(w, (a, b) => a * b).Sum();
            mean += Math.Log(1 + Math.Exp((1 - (2 * y[0])) * z)) / Count;
            for (int i = 0; i <= Features; i++)
            {
                slopes[i] += ((1 / (1 + Math.Exp(-z))) - y[0]) * (i < Features ? x[i] : 1) / Count;
            }
        }

        for (int i = 0; i < Features; i++)
        {
            double slope = slopes[i] + (L2 * w[i]);
            if (w[i] == 0)
            {
                Assert.InRange(slope, -L1, L1);
            }
            else
            {
                Assert.Equal(-L1 * Math.Sign(w[i]), slope, 1e-5);
            }
        }

        Assert.Equal(0, slopes[Features], 1e-5);
        Assert.InRange(w.Take(Features).Count(weight => weight == 0), 5, 11);
        Assert.Equal(TrainingEnd.Converged, result.End);
        Assert.InRange(result.History.Count, 5, 60);
        Assert.Equal(mean, result.History[^1].TrainingLoss, 1e-6);
        double penalty = w.Take(Features).Sum(weight => (L1 * Math.Abs(weight)) + (L2 / 2.0 * weight * weight));
        Assert.Equal(mean + penalty, result.History[^1].MonitoredLoss, 1e-6);
    }

    [Fact]
    public void Train_NetworkWithL1_FallsInEveryEpochAndLosesWeights()
    {
        MlpTrainingResult result = MlpTrainer.Train(new(_network, _loss, SmallData.For(_loss, 300))
        {
            Options = _options with { L1Regularization = 0.003f },
        });
        double[] losses = [.. result.History.Select(report => report.MonitoredLoss)];
        Assert.All(losses.Zip(losses.Skip(1)), pair => Assert.True(pair.Second < pair.First));
        Assert.InRange(Parameters(result.Model, "Hidden1.Weights", "Output.Weights").Count(weight => weight == 0), 5, 80);
    }

    [Fact]
    public void Train_SmallNetwork_FallsInEveryEpoch()
    {
        MlpTrainingResult result = MlpTrainer.Train(new(_network, _loss, SmallData.For(_loss, 300)) { Options = _options });
        double[] losses = [.. result.History.Select(report => report.MonitoredLoss)];
        Assert.All(losses.Zip(losses.Skip(1)), pair => Assert.True(pair.Second < pair.First));
        Assert.InRange(losses[^1], 0, 0.3 * losses[0]);
        Assert.All(result.History, report => Assert.True(report.LearningRate > 0 && report.GradientNorm > 0));
        Assert.Equal((TrainingEnd.Completed, 60, 60), (result.End, result.History.Count, result.BestEpoch));
    }

    [Fact]
    public void Train_History_IsWhatTheModelSays()
    {
        // The loss of an epoch is that of the parameters after it.
        InMemoryRows rows = SmallData.For(_loss, 300);
        MlpTrainingResult result = MlpTrainer.Train(new(_network, _loss, rows) { Validation = rows, Options = _options with { NumberOfEpochs = 7 } });
        Assert.Equal(7, result.BestEpoch);
        Assert.All(result.History, report => Assert.Equal(report.ValidationLoss!.Value, report.TrainingLoss, 1e-6));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Train_AnyNumberOfThreadsAndShuffle_SavesTheSameBytes(int threads)
    {
        var architecture = new MlpArchitecture(20, 3)
        {
            InputNoise = 0.1f,
            HiddenLayers = [new(90) { Normalization = Normalization.Batch, Dropout = 0.2f }, new(40)],
        };
        InMemoryRows rows = SmallData.For(_loss, 530, 20);
        MlpTrainingOptions options = _options with { NumberOfEpochs = 5 };
        byte[] expected = SmallData.Saved(MlpTrainer.Train(new(architecture, _loss, rows) { Options = options }).Model);
        Assert.Equal(expected, SmallData.Saved(MlpTrainer.Train(new(architecture, _loss, rows)
        {
            Options = options with { NumberOfThreads = threads, Shuffle = threads == 2 },
            UsesAllThreads = true,
        }).Model));
        Assert.NotEqual(expected, SmallData.Saved(MlpTrainer.Train(new(architecture, _loss, rows) { Options = options with { Seed = 1 } }).Model));
    }

    [Fact]
    public void Train_WithDropoutAndNoise_LearnsAndNeverConverges()
    {
        MlpArchitecture architecture = _network with { InputNoise = 0.05f, HiddenLayers = [new(30) { Dropout = 0.1f }] };
        MlpTrainingResult result = MlpTrainer.Train(new(architecture, _loss, SmallData.For(_loss, 300)) { Options = _options with { NumberOfEpochs = 40 } });
        Assert.Equal((TrainingEnd.Completed, 40), (result.End, result.History.Count));
        Assert.InRange(result.History[^1].TrainingLoss, 0, 0.5 * result.History[0].TrainingLoss);
    }

    [Theory]
    [InlineData(BatchStatistics.RunningAverage)]
    [InlineData(BatchStatistics.TrainingSet)]
    public void Train_BatchNormalization_ScoresAsItLearned(BatchStatistics statistics)
    {
        MlpArchitecture architecture = _network with
        {
            HiddenLayers = [new(12) { Normalization = new BatchNormalization { Statistics = statistics } }],
        };
        InMemoryRows rows = SmallData.For(_loss, 200);
        MlpTrainingResult result = MlpTrainer.Train(new(architecture, _loss, rows) { Validation = rows, Options = _options });
        Assert.InRange(result.History[^1].TrainingLoss, 0, 0.1);
        Assert.InRange(result.History[result.BestEpoch - 1].ValidationLoss!.Value, 0, 0.2);
    }

    [Fact]
    public void Train_RunningAverage_SeesTheEndOfAnIterationAndNoneOfItsAttempts()
    {
        // One block of rows and one iteration, so the running average has one update by a tenth, from mean 0 and variance 1.
        MlpModel Train(BatchStatistics statistics) => MlpTrainer.Train(
            new(_network with { HiddenLayers = [new(5) { Normalization = new BatchNormalization { Statistics = statistics } }] }, _loss,
                SmallData.For(_loss, 100))
            {
                Options = _options with { NumberOfEpochs = 1 },
            }).Model;
        MlpModel running = Train(BatchStatistics.RunningAverage), exact = Train(BatchStatistics.TrainingSet);
        foreach ((string name, double start) in new[] { ("Hidden1.Normalization.Mean", 0.0), ("Hidden1.Normalization.Variance", 1.0) })
        {
            Assert.All(
                Parameters(running, name).Zip(Parameters(exact, name)),
                pair => Assert.Equal((0.9 * start) + (0.1 * pair.Second), pair.First, 1e-6));
        }
    }

    [Fact]
    public void Train_EarlyStopping_KeepsTheBestEpoch()
    {
        MlpTrainingOptions options = _options with { L2Regularization = 0, EarlyStopping = new EarlyStopping { Patience = 4 } };
        MlpTrainingResult result = MlpTrainer.Train(new(_network, _loss, SmallData.For(_loss, 30))
        {
            Validation = SmallData.For(_loss, 60, seed: 2),
            Options = options,
        });
        double[] losses = [.. result.History.Select(report => report.ValidationLoss!.Value)];
        Assert.Equal(TrainingEnd.StoppedEarly, result.End);
        Assert.Equal((Array.IndexOf(losses, losses.Min()) + 1, result.BestEpoch + 4), (result.BestEpoch, result.History.Count));
    }

    [Fact]
    public void Train_ContinuedFromTheMinimum_ConvergesAtOnce()
    {
        var linear = new MlpArchitecture(4, 3);
        InMemoryRows rows = SmallData.For(_loss, 100);
        MlpTrainingResult first = MlpTrainer.Train(new(linear, _loss, rows) { Options = _options with { L2Regularization = 0.05f } });
        Assert.Equal(TrainingEnd.Converged, first.End);
        Assert.True(first.History[^1].LearningRate > 0);
        MlpTrainingResult second = MlpTrainer.Train(new(linear, _loss, rows)
        {
            Options = _options with { L2Regularization = 0.05f },
            InitialModel = first.Model,
        });
        Assert.Equal((TrainingEnd.Converged, 1, 0f), (second.End, second.History.Count, second.History[0].LearningRate));
        Assert.Equal(SmallData.Saved(first.Model), SmallData.Saved(second.Model));
    }

    [Fact]
    public void Train_Weights_CountAsRepeatedRows()
    {
        InMemoryRows weighted = new(4, 1), repeated = new(4, 1);
        for (int i = 0; i < 60; i++)
        {
            (float[] x, float[] y) = SmallData.Row(_loss, i);
            weighted.Add(x, y, i % 3);
            for (int copy = 0; copy < i % 3; copy++)
            {
                repeated.Add(x, y);
            }
        }

        MlpTrainingOptions options = _options with { L2Regularization = 0.05f, Optimizer = new Lbfgs { GradientTolerance = 1e-7f } };
        var linear = new MlpArchitecture(4, 3);
        double[] first = Parameters(MlpTrainer.Train(new(linear, _loss, weighted) { Options = options }).Model, "Output.Weights");
        double[] second = Parameters(MlpTrainer.Train(new(linear, _loss, repeated) { Options = options }).Model, "Output.Weights");
        Assert.All(first.Zip(second), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
    }

    [Fact]
    public void Train_CancelledInTheMiddleOfAnIteration_ReturnsTheEpochBefore()
    {
        // Sixteen rows a request: 38 to measure them, then 13 for each block of 200. It happens in the second block of the fourth pass.
        const int Measuring = 38, Block = 13;
        using var cancellation = new CancellationTokenSource();
        var rows = new ObservedRows(SmallData.For(_loss, 600), request =>
        {
            if (request == Measuring + (3 * 3 * Block) + Block + 2)
            {
                cancellation.Cancel();
            }
        });
        MlpTrainingResult result = MlpTrainer.Train(new(_network, _loss, rows) { Options = _options, CancellationToken = cancellation.Token });

        // That block was finished, the next not begun.
        Assert.Equal(TrainingEnd.Cancelled, result.End);
        Assert.InRange(result.BestEpoch, 1, 2);
        Assert.Equal(result.History.Count, result.BestEpoch);
        Assert.Equal(Measuring + (3 * 3 * Block) + (2 * Block), rows.Requests.Count);
        MlpTrainingResult whole = MlpTrainer.Train(new(_network, _loss, SmallData.For(_loss, 600))
        {
            Options = _options with { NumberOfEpochs = result.BestEpoch },
        });
        Assert.Equal(SmallData.Saved(whole.Model), SmallData.Saved(result.Model));
    }

    [Fact]
    public void Train_CancelledBeforeTheFirstIteration_Throws()
    {
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();
        Assert.Throws<OperationCanceledException>(
            () => MlpTrainer.Train(new(_network, _loss, SmallData.For(_loss, 50)) { Options = _options, CancellationToken = cancellation.Token }));
    }

    [Fact]
    public void Train_NothingIsFinite_ThrowsThatItDiverged()
    {
        var rows = new InMemoryRows(1, 1);
        rows.Add([1e30f], [1e30f]);
        rows.Add([-1e30f], [1.5e38f]);
        MlpTrainingOptions options = _options with { FeatureScaling = FeatureScaling.None };
        var loss = new SquaredError { StandardizeTargets = false };
        var error = Assert.Throws<TrainingDivergedException>(() => MlpTrainer.Train(new(new MlpArchitecture(1, 1), loss, rows)
        {
            Options = options,
        }));
        Assert.Equal(1, error.Epoch);
        Assert.StartsWith("The training diverged in epoch 1: the loss is not finite, and Lbfgs, which finds its steps by itself,", error.Message,
            StringComparison.Ordinal);
        Assert.Contains("standardized features", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("rate", error.Message, StringComparison.Ordinal);
    }

    /// <summary>What draws random numbers, and one network that does not.</summary>
    public static TheoryData<MlpArchitecture, bool> Randomness => new()
    {
        { _network, false },
        { _network with { HiddenLayers = [new(12) { Normalization = Normalization.Batch }] }, false },
        { _network with { InputDropout = 0.1f }, true },
        { _network with { InputNoise = 0.1f }, true },
        { _network with { HiddenLayers = [new(12) { Dropout = 0.1f }] }, true },
        { _network with { HiddenLayers = [new(12), new(12) { DropConnect = 0.1f }] }, true },
        { _network with { HiddenLayers = [new(12), new(12) { Noise = 0.1f }] }, true },
    };

    /// <summary>A tolerance that any gradient meets: what ends the training at once is no reason where the next iteration has another function.</summary>
    [Theory]
    [MemberData(nameof(Randomness))]
    public void Train_AnyGradientWillDo_ConvergesUnlessNumbersAreDrawn(MlpArchitecture architecture, bool isRandom)
    {
        MlpTrainingOptions options = _options with { NumberOfEpochs = 3, Optimizer = new Lbfgs { GradientTolerance = 1e6f } };
        MlpTrainingResult result = MlpTrainer.Train(new(architecture, _loss, SmallData.For(_loss, 50)) { Options = options });
        Assert.Equal(isRandom ? (TrainingEnd.Completed, 3) : (TrainingEnd.Converged, 1), (result.End, result.History.Count));

        // Nothing moved, so the loss differs from epoch to epoch by what is drawn alone.
        Assert.Equal(isRandom ? 3 : 1, result.History.Select(report => report.TrainingLoss).Distinct().Count());
    }

    public static TheoryData<string, HiddenLayer> RefusedLayers => new()
    {
        { "ActivityRegularization of hidden layer 2 is 0.5; with Lbfgs it must be 0", new(6) { ActivityRegularization = 0.5f } },
        { "Sparsity of hidden layer 2 is ActivationSparsity; with Lbfgs it must be null", new(6) { Activation = Activation.Tanh, Sparsity = new() } },
        { "Constraint of hidden layer 2 is MaxNorm; with Lbfgs it must be null", new(6) { Constraint = new MaxNorm(1) } },
        { "OrthogonalityRegularization of hidden layer 2 is 0.5; with Lbfgs it must be null or 0", new(6) { OrthogonalityRegularization = 0.5f } },
        { "L1Regularization of hidden layer 2 is cosine from 0.1 to 0; with Lbfgs", new(6) { L1Regularization = Schedule.Cosine(0.1f) } },
        { "Normalization of hidden layer 2 is BatchRenormalization, whose gradient is not the slope", new(6) { Normalization = new BatchRenormalization() } },
    };

    [Theory]
    [MemberData(nameof(RefusedLayers))]
    public void Train_LayerThatDoesNotGoWithIt_IsRefusedBeforeARowIsRead(string message, HiddenLayer layer)
    {
        MlpArchitecture architecture = _network with { HiddenLayers = [new(6), layer] };
        var rows = new ObservedRows(SmallData.For(_loss, 50));
        Assert.StartsWith(message, Assert.Throws<ArgumentException>(() => MlpTrainer.Train(new(architecture, _loss, rows) { Options = _options })).Message,
            StringComparison.Ordinal);
        Assert.Empty(rows.Requests);
        Assert.Throws<ArgumentException>(() => TrainingChecks.CheckOptions(_options, architecture));
        TrainingChecks.CheckOptions(_options with { Optimizer = new Rprop() }, architecture);
    }

    public static TheoryData<string, MlpTrainingOptions> Refused => new()
    {
        { "WeightAveraging is ExponentialAveraging { Decay = 0.999 }; with Lbfgs, whose steps are few and each better than the one before, it must be null.",
            _options with { WeightAveraging = WeightAveraging.Exponential() } },
        { "RateFactors is RateFactors { Biases = 0.1 }; with Lbfgs, which finds its steps without a rate, it must be left out.",
            _options with { RateFactors = new() { Biases = 0.1f } } },
        { "DecayFactors is DecayFactors { Outputs = 0 }; with Lbfgs, which has no weight decay, it must be left out.",
            _options with { DecayFactors = new() { Outputs = 0 } } },
        { "L1Regularization is warm-up over 2 epochs, then constant 0.1; with Lbfgs, which needs the same function in every iteration, it must be a number.",
            _options with { L1Regularization = Schedule.Warmup(2).Then(0.1f) } },
        { "OutputL2Regularization is cosine from 0.1 to 0; with Lbfgs,", _options with { OutputL2Regularization = Schedule.Cosine(0.1f) } },
        { "OutputConstraint is UnitNorm; with Lbfgs it must be null.", _options with { OutputConstraint = new UnitNorm() } },
        { "GradientClipping is set; with Lbfgs it must be null.", _options with { GradientClipping = GradientClipping.ByNorm(1) } },
        { "Constraint is MaxNorm; with Lbfgs it must be null.", _options with { Constraint = new MaxNorm(3) } },
        { "BatchSize is 49, but Lbfgs looks at all 50 training rows at once; it must be null or at least 50.", _options with { BatchSize = 49 } },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Train_OptionsThatDoNotGoTogether_AreRefusedBeforeARowIsRead(string message, MlpTrainingOptions options)
    {
        var rows = new ObservedRows(SmallData.For(_loss, 50));
        Assert.StartsWith(message, Assert.Throws<ArgumentException>(() => MlpTrainer.Train(new(_network, _loss, rows) { Options = options })).Message,
            StringComparison.Ordinal);
        Assert.Empty(rows.Requests);
    }

    [Fact]
    public void Train_BatchSizeOfAllRows_IsAllowed() =>
        Assert.Equal(
            SmallData.Saved(MlpTrainer.Train(new(_network, _loss, SmallData.For(_loss, 50)) { Options = _options with { NumberOfEpochs = 3 } }).Model),
            SmallData.Saved(MlpTrainer.Train(new(_network, _loss, SmallData.For(_loss, 50))
            {
                Options = _options with { NumberOfEpochs = 3, BatchSize = 50 },
            }).Model));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(256, 256)]
    [InlineData(257, 129)]
    [InlineData(1000, 250)]
    [InlineData(100_001, 256)]
    public void BlockSize_AnyNumberOfRows_IsEvenAndBounded(int rows, int expected) => Assert.Equal(expected, new Lbfgs().BatchSizeFor(rows, null));

    private static double[] Parameters(MlpModel model, params string[] names)
    {
        ParameterVector parameters = model.RestoreParameters();
        return [.. names.SelectMany(name => parameters.Value(parameters.Layout.Parameters.Single(p => p.Name == name)).ToArray()).Select(value =>
            (double)value)];
    }
}
