namespace MlNetMlp.Core.Tests;

public class EarlyStoppingTests
{
    private static readonly Loss _loss = new SoftmaxCrossEntropy();
    private static readonly MlpArchitecture _architecture = new(4, 3) { HiddenLayers = [new(30) { Normalization = Normalization.Batch }] };

    /// <summary>Few rows, a large rate: the validation loss falls, then rises.</summary>
    private static readonly MlpTrainingOptions _overfit = new()
    {
        NumberOfEpochs = 60,
        BatchSize = 8,
        LearningRate = 0.02f,
        NumberOfThreads = 1,
        OutputBiasFromTargets = false,
    };

    [Theory]
    [InlineData(TrainingEnd.Completed)]
    [InlineData(TrainingEnd.StoppedEarly)]
    [InlineData(TrainingEnd.Cancelled)]
    public void Train_WhateverEndsIt_ReturnsTheWeightsOfTheLowestValidationLoss(TrainingEnd end)
    {
        InMemoryRows validation = SmallData.For(_loss, 50, seed: 2);
        using var cancellation = new CancellationTokenSource();
        var progress = new ImmediateProgress(report =>
        {
            if (end == TrainingEnd.Cancelled && report.Epoch == 40)
            {
                cancellation.Cancel();
            }
        });
        MlpTrainingOptions options = end == TrainingEnd.StoppedEarly ? _overfit with { EarlyStopping = new EarlyStopping { Patience = 6 } } : _overfit;
        MlpTrainingResult result = MlpTrainer.Train(new(_architecture, _loss, SmallData.For(_loss, 30))
        {
            Validation = validation,
            Options = options,
            Progress = progress,
            CancellationToken = cancellation.Token,
        });

        Assert.Equal(end, result.End);
        double[] losses = [.. result.History.Select(report => report.ValidationLoss!.Value)];
        Assert.Equal(Array.IndexOf(losses, losses.Min()) + 1, result.BestEpoch);

        // Otherwise this test would prove nothing.
        Assert.True(losses[^1] > losses.Min() + 0.01);
        Assert.Equal(losses.Min(), ValidationLoss(result.Model, validation), 1e-5);
        if (end == TrainingEnd.StoppedEarly)
        {
            Assert.Equal(result.BestEpoch + 6, result.History.Count);
        }
    }

    [Fact]
    public void Train_MonitoredMetric_ChoosesAndStopsByTheAccuracy()
    {
        InMemoryRows validation = SmallData.For(_loss, 50, seed: 2);
        MlpTrainingResult result = MlpTrainer.Train(new(_architecture, _loss, SmallData.For(_loss, 30))
        {
            Validation = validation,
            Options = _overfit with { EarlyStopping = new() { Monitor = MonitoredQuantity.Metric, Patience = 12 } },
        });

        double[] accuracies = [.. result.History.Select(report => report.ValidationMetric!.Value)],
            losses = [.. result.History.Select(report => report.ValidationLoss!.Value)];
        Assert.Equal(Array.IndexOf(accuracies, accuracies.Max()) + 1, result.BestEpoch);
        Assert.Equal(accuracies.Max(), Evaluation.Accuracy(result.Model, validation), 1e-9);
        Assert.Equal(result.BestEpoch + 12, result.History.Count);

        // Otherwise this test would prove nothing.
        Assert.NotEqual(Array.IndexOf(losses, losses.Min()) + 1, result.BestEpoch);
    }

    [Fact]
    public void Train_MonitoredMetricOfAnError_TakesTheLowest()
    {
        var loss = new HuberLoss { Delta = 0.1f };
        MlpTrainingResult result = MlpTrainer.Train(new(new(4, 2) { HiddenLayers = [new(30)] }, loss, SmallData.For(loss, 30, outputs: 2))
        {
            Validation = SmallData.For(loss, 50, outputs: 2, seed: 2),
            Options = _overfit with { EarlyStopping = new() { Monitor = MonitoredQuantity.Metric, Patience = 60 } },
        });

        double[] errors = [.. result.History.Select(report => report.ValidationMetric!.Value)];
        Assert.Equal(Array.IndexOf(errors, errors.Min()) + 1, result.BestEpoch);
        Assert.InRange(result.BestEpoch, 2, 59);
    }

    [Fact]
    public void Train_MonitoredMetricWithoutValidationRows_IsRefused()
    {
        var exception = Assert.Throws<ArgumentException>(() => MlpTrainer.Train(new(_architecture, _loss, SmallData.For(_loss, 30))
        {
            Options = _overfit with { EarlyStopping = new() { Monitor = MonitoredQuantity.Metric } },
        }));
        Assert.StartsWith("EarlyStopping.Monitor is Metric, but there are no validation rows", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_Reports_AreTheHistoryAndFlagTheBestSoFar()
    {
        var reports = new List<EpochReport>();
        MlpTrainingResult result = MlpTrainer.Train(new(_architecture, _loss, SmallData.For(_loss, 30))
        {
            Validation = SmallData.For(_loss, 50, seed: 2),
            Options = _overfit with { LearningRate = Schedule.Step(0.02f, 7) },
            Progress = new ImmediateProgress(reports.Add),
        });
        Assert.Equal(result.History, reports);
        double best = double.PositiveInfinity;
        for (int i = 0; i < reports.Count; i++)
        {
            EpochReport report = reports[i];
            Assert.Equal((i + 1, 60), (report.Epoch, report.NumberOfEpochs));
            Assert.Equal(report.ValidationLoss < best, report.IsBest);
            best = Math.Min(best, report.ValidationLoss!.Value);
            Assert.Equal((float)(0.02f * Math.Pow(0.5, i / 7)), report.LearningRate);
            Assert.True(report.GradientNorm > 0);
            Assert.InRange(report.ValidationMetric!.Value, 0, 1);
            Assert.True(i == 0 || report.Elapsed >= reports[i - 1].Elapsed);
        }
    }

    [Fact]
    public void Train_ValidationMetric_IsTheAccuracyOfTheModelWithWeights()
    {
        var validation = new InMemoryRows(4, 1);
        for (int i = 0; i < 40; i++)
        {
            (float[] x, float[] y) = SmallData.Row(_loss, i, seed: 2);
            validation.Add(x, y, i % 3);
        }

        MlpTrainingResult result = MlpTrainer.Train(new(_architecture, _loss, SmallData.For(_loss, 30))
        {
            Validation = validation,
            Options = _overfit with { NumberOfEpochs = 1 },
        });
        double right = 0, all = 0;
        for (int i = 0; i < 40; i++)
        {
            (float[] x, float[] y) = SmallData.Row(_loss, i, seed: 2);
            float[] scores = RandomModels.Scores(result.Model, x);
            right += Array.IndexOf(scores, scores.Max()) == (int)y[0] ? i % 3 : 0;
            all += i % 3;
        }

        Assert.Equal(right / all, result.History[0].ValidationMetric!.Value, 1e-9);
    }

    [Fact]
    public void Train_WithoutValidationButPatience_ChoosesByTheTrainingLossWithItsPenalties()
    {
        // Continuing from a model that fits well, under a strong penalty: the data loss rises with every epoch while the sum falls.
        InMemoryRows rows = SmallData.For(_loss, 30);
        var architecture = new MlpArchitecture(4, 3);
        MlpTrainingOptions options = new() { NumberOfEpochs = 100, BatchSize = 30, Optimizer = new Sgd(), LearningRate = 0.5f, NumberOfThreads = 1 };
        MlpModel fitted = MlpTrainer.Train(new(architecture, _loss, rows) { Options = options }).Model;
        MlpTrainingResult result = MlpTrainer.Train(new(architecture, _loss, rows)
        {
            Options = options with { NumberOfEpochs = 20, L2Regularization = 1, LearningRate = 0.1f, EarlyStopping = new() { Patience = 20 } },
            InitialModel = fitted,
        });
        Assert.True(result.History[^1].TrainingLoss > result.History[0].TrainingLoss);
        Assert.Equal(20, result.BestEpoch);
        Assert.Null(result.History[0].ValidationLoss);
        Assert.Null(result.History[0].ValidationMetric);
    }

    [Fact]
    public void Train_WithoutValidationButPatience_StopsByTheTrainingLoss()
    {
        // The loss of a network that stands still never improves after its first epoch.
        MlpTrainingOptions options = new()
        {
            NumberOfEpochs = 50,
            BatchSize = 30,
            Optimizer = new Sgd(),
            LearningRate = 1e-30f,
            NumberOfThreads = 1,
            EarlyStopping = new EarlyStopping { Patience = 4 },
        };
        MlpTrainingResult result = MlpTrainer.Train(new(new MlpArchitecture(4, 3), _loss, SmallData.For(_loss, 30))
        {
            Options = options with { Shuffle = false },
        });
        Assert.Equal((TrainingEnd.StoppedEarly, 5, 1), (result.End, result.History.Count, result.BestEpoch));
    }

    [Theory]
    [InlineData(0, 2, new[] { 3, 2, 2.5, 1, 1.5, 1 }, 4, 6)]
    [InlineData(0, 1, new[] { 3, 2, 2.0, 1 }, 2, 3)]
    [InlineData(0.1, 2, new[] { 1, 0.95, 0.91, 0.5 }, 3, 3)]
    [InlineData(0.1, 2, new[] { 1, 0.95, 0.85, 0.8, 0.79 }, 5, 5)]
    [InlineData(0, 3, new[] { 1, 2, 3.0 }, 1, 0)]
    public void BestWeights_Losses_KeepTheLowestAndStopAfterThePatience(double minDelta, int patience, double[] losses, int bestEpoch, int stopsAfter)
    {
        var layout = new ParameterLayout();
        Parameter parameter = layout.Add(new("p", 1, 1) { Decays = true });
        var parameters = new ParameterVector(layout);
        var stopping = new EarlyStopping { Patience = patience, MinDelta = minDelta };
        var best = new BestWeights(parameters, higherMetricIsBetter: false, stopping, keepsLatest: false, numberOfEpochs: 50);
        int stopped = 0;
        for (int epoch = 1; epoch <= losses.Length && stopped == 0; epoch++)
        {
            parameters.Value(parameter)[0] = epoch;
            best.Offer(epoch, losses[epoch - 1], null);
            stopped = best.ShouldStop ? epoch : 0;
        }

        best.Restore();
        Assert.Equal((bestEpoch, bestEpoch, stopsAfter), (best.Epoch, parameters.Value(parameter)[0], stopped));
    }

    /// <summary>The loss improves up to the given epoch, and never again.</summary>
    [Theory]
    [InlineData(null, 0.0, 50, 3, 13)]
    [InlineData(null, 0.0, 20, 3, 13)]
    [InlineData(null, 0.0, 256, 3, 54)]
    [InlineData(4, 2.0, 256, 3, 13)]
    [InlineData(4, 2.0, 256, 7, 25)]
    [InlineData(4, 0.5, 256, 7, 15)]
    public void BestWeights_AnyPatience_StopSoManyEpochsAfterTheBest(int? patience, double growth, int epochs, int best, int stopsAfter)
    {
        var layout = new ParameterLayout();
        layout.Add(new("p", 1, 1));
        var weights = new BestWeights(
            new ParameterVector(layout), higherMetricIsBetter: false, new EarlyStopping { Patience = patience, PatienceGrowth = growth },
            keepsLatest: false, epochs);
        int epoch = 0;
        while (!weights.ShouldStop)
        {
            epoch++;
            weights.Offer(epoch, Math.Max(1.0 / epoch, 1.0 / best), null);
        }

        Assert.Equal((best, stopsAfter), (weights.Epoch, epoch));
    }

    /// <summary>y = x from x = -1 and x = 1, full batches: a rate of 2.1 multiplies the error by 1 - 2.1 in every step, so that the loss rises.</summary>
    [Theory]
    [InlineData(false, 6)]
    [InlineData(true, 1)]
    public void Train_WithoutValidation_KeepsTheLastEpochUnlessItStopsEarly(bool stopsEarly, int bestEpoch)
    {
        var rows = new InMemoryRows(1, 1);
        rows.Add([-1], [-1]);
        rows.Add([1], [1]);
        var architecture = new MlpArchitecture(1, 1) { OutputInitializer = Initializer.Zero };
        var options = new MlpTrainingOptions
        {
            NumberOfEpochs = 6,
            BatchSize = 2,
            Optimizer = new Sgd(),
            LearningRate = 2.1f,
            EarlyStopping = stopsEarly ? new() { Patience = 6 } : null,
        };

        MlpTrainingResult result = MlpTrainer.Train(new(architecture, new SquaredError(), rows) { Options = options });

        Assert.Equal(1, result.History.MinBy(report => report.TrainingLoss)!.Epoch);
        Assert.Equal(bestEpoch, result.BestEpoch);
        Assert.Equal(stopsEarly, !result.History[^1].IsBest);
    }

    private static double ValidationLoss(MlpModel model, InMemoryRows rows)
    {
        RowBatch all = rows.Read();
        float[][] scores = [.. RandomModels.Scores(model, all.Features.ToArray()).Chunk(3)];
        return scores.Zip(all.Targets.ToArray(), (row, target) => -Math.Log(row[(int)target])).Average();
    }
}
