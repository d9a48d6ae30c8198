namespace MlNetMlp.Core.Tests;

/// <summary>A training with <see cref="Lbfgs"/> that was stopped and continued, also after it had converged, is the uninterrupted one.</summary>
public sealed class FullBatchContinuationTests : IDisposable
{
    private static readonly Loss _loss = new SoftmaxCrossEntropy();
    private static readonly MlpTrainingOptions _options = new()
    {
        NumberOfEpochs = 30,
        Optimizer = new Lbfgs { GradientTolerance = 1e-3f },
        L2Regularization = 0.05f,
        NumberOfThreads = 1
    };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Also after the epoch that it converged in.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(0.01f)]
    public void Train_ThatConverges_ContinuesBitForBit(float l1)
    {
        var training = new InterruptedTraining(new(4, 3), _loss, _options with { L1Regularization = l1 });
        MlpTrainingResult whole = training.AssertContinues(_folder);
        Assert.Equal(TrainingEnd.Converged, whole.End);
        Assert.InRange(whole.History.Count, 4, 25);
    }

    [Fact]
    public void Train_ThatHadConverged_RunsNoFurtherEpoch()
    {
        var rows = new ObservedRows(SmallData.For(_loss, 50));
        var training = new InterruptedTraining(new(4, 3), _loss, _options) { Rows = rows };
        MlpTrainingResult whole = training.Run();
        training.Stop(_folder.Path("c"), whole.History[^1]);
        rows.Requests.Clear();
        MlpTrainingResult resumed = training.Run(_folder.Path("c"), _ => Assert.Fail("An epoch was run."));
        InterruptedTraining.AssertSame(whole, resumed);

        // Once for the fingerprint, and sixteen rows at a time to measure them.
        Assert.Equal(1 + 4, rows.Requests.Count);
    }

    /// <summary>Several blocks of rows, so that sums and statistics have an order.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(0.002f)]
    public void Train_NetworkOfSeveralBlocks_ContinuesBitForBit(float l1)
    {
        MlpArchitecture architecture = new(4, 3)
        {
            InputNoise = 0.05f,
            HiddenLayers = [new(8) { Normalization = Normalization.Batch, Dropout = 0.1f },
                new(5) { Normalization = new BatchNormalization { Statistics = BatchStatistics.TrainingSet } }],
        };
        foreach (MlpArchitecture each in new[] { architecture, new(4, 3) { HiddenLayers = [new(8) { Activation = Activation.Tanh }] } })
        {
            new InterruptedTraining(each, _loss, _options with { NumberOfEpochs = 7, L1Regularization = l1 })
            {
                Rows = SmallData.For(_loss,
                600)
            }.AssertContinues(_folder);
        }
    }

    [Fact]
    public void Train_EarlyStopping_StopsAtTheSameEpoch()
    {
        var training = new InterruptedTraining(
            new(4, 3) { HiddenLayers = [new(12) { Activation = Activation.Tanh }] }, _loss,
                _options with { L2Regularization = 0, EarlyStopping = new() { Patience = 3 } })
        {
            Rows = SmallData.For(_loss, 30),
            Validation = SmallData.For(_loss, 60, seed: 2),
        };
        Assert.Equal(TrainingEnd.StoppedEarly, training.AssertContinues(_folder).End);
    }
}
