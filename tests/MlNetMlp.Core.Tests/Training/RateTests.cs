namespace MlNetMlp.Core.Tests;

/// <summary>What schedules and ramps make of the progress of a real training.</summary>
public class RateTests
{
    private const int Rows = 40;
    private static readonly Loss _loss = new SoftmaxCrossEntropy();
    private static readonly MlpArchitecture _architecture = new(4, 3) { HiddenLayers = [new(8)] };
    private static readonly MlpTrainingOptions _options = new()
    {
        NumberOfEpochs = 30,
        BatchSize = 8,
        Optimizer = new Sgd(),
        L2Regularization = 0.01f,
        NumberOfThreads = 1
    };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Train_ReduceOnPlateau_GoesByTheMonitoredLoss(bool hasValidation)
    {
        InMemoryRows? validation = hasValidation ? SmallData.For(_loss, 30, seed: 2) : null;
        MlpTrainingOptions options = _options with { LearningRate = Schedule.ReduceOnPlateau(2, factor: 0.5f, patience: 2) };
        MlpTrainingResult result = MlpTrainer.Train(new(_architecture, _loss, SmallData.For(_loss, Rows))
        {
            Validation = validation,
            Options = options,
        });

        // Loss by loss, with a memory that the schedule does not have.
        double rate = 2, best = double.PositiveInfinity;
        int waiting = 0;
        foreach (EpochReport report in result.History)
        {
            Assert.Equal(rate, report.LearningRate, 1e-6);
            Assert.True(hasValidation ? report.MonitoredLoss == report.ValidationLoss : report.MonitoredLoss > report.TrainingLoss + 0.001);
            waiting = report.MonitoredLoss < best ? 0 : waiting + 1;
            best = Math.Min(best, report.MonitoredLoss);
            if (waiting == 2)
            {
                (rate, waiting) = (rate / 2, 0);
            }
        }

        // Otherwise this test would prove nothing.
        Assert.True(rate < 1);
    }

    [Fact]
    public void Train_PerEpoch_TakesEveryStepOfAnEpochAtTheSameRate()
    {
        // Two epochs; the rate falls in a straight line, so its middles are 0.075 and 0.025.
        MlpTrainingOptions stages = _options with { NumberOfEpochs = 2, LearningRate = Schedule.Stages(0.075f, (1, 0.025f)) };
        MlpTrainingOptions perEpoch = stages with { LearningRate = Schedule.Polynomial(0.1f).PerEpoch() };
        Assert.Equal(Saved(stages), Saved(perEpoch));
        Assert.NotEqual(Saved(stages), Saved(perEpoch with { LearningRate = Schedule.Polynomial(0.1f) }));
    }

    [Theory]
    [InlineData(8)]
    [InlineData(16)]
    [InlineData(1000)]
    public void Train_ScaledByBatchSize_IsTheRateTimesTheSize(int batchSize)
    {
        // A power of two as reference, so that the products are exact; more than there are rows means all of them.
        MlpTrainingOptions options = _options with { NumberOfEpochs = 2, BatchSize = batchSize, LearningRate = Schedule.Constant(0.1f).ScaledByBatchSize(16) };
        float rate = 0.1f * Math.Min(batchSize, Rows) / 16;
        MlpTrainingResult result = MlpTrainer.Train(new(_architecture, _loss, SmallData.For(_loss, Rows)) { Options = options });
        Assert.All(result.History, report => Assert.Equal(rate, report.LearningRate));
        Assert.Equal(Saved(options with { LearningRate = rate }), SmallData.Saved(result.Model));
    }

    [Fact]
    public void Train_ScaledByBatchSize_LeavesTheDecayOfAdamWAlone()
    {
        // Targets that say nothing of the features: the weights of a linear model shrink by (1 - decay) a step, whatever the rate.
        MlpTrainingOptions options = _options with
        {
            NumberOfEpochs = 3,
            Optimizer = new AdamW { WeightDecay = 0.1f },
            L2Regularization = 0,
            LearningRate = 1e-9f
        };
        byte[] plain = Saved(options);
        Assert.Equal(plain, Saved(options with { LearningRate = Schedule.Constant(4e-9f).ScaledByBatchSize(32) }));
        Assert.NotEqual(plain, Saved(options with { LearningRate = 1e-9f, Optimizer = new AdamW { WeightDecay = 0.05f } }));
    }

    /// <summary>
    /// Steps of next to no length: what is left of the weights is the product of 1 - decay(t) shape(t), with the decay's own schedule and the shape
    /// of that of the rate, each in the middle of its step.
    /// </summary>
    [Fact]
    public void Train_DecayByASchedule_ShrinksWeightsAlongIt()
    {
        const int Epochs = 6, Batches = Rows / 8;
        MlpTrainingOptions options = _options with { NumberOfEpochs = Epochs, L2Regularization = 0, LearningRate = Schedule.Polynomial(1e-9f) };
        double left = 1;
        for (int step = 0; step < Epochs * Batches; step++)
        {
            double t = (step + 0.5) / (Epochs * Batches), flat = t < 0.5 ? 1 : (1 + Math.Cos(Math.PI * (2 * t - 1))) / 2;
            left *= 1 - (0.05 * flat * (1 - t));
        }

        float[] whole = Weights(options), decayed = Weights(options with { Optimizer = new Sgd { WeightDecay = Schedule.FlatThenCosine(0.05f) } });
        Assert.InRange(left, 0.4, 0.6);
        Assert.All(whole.Zip(decayed), pair => Assert.Equal(left * pair.First, pair.Second, 1e-5));

        static float[] Weights(MlpTrainingOptions own) => Parameter(own, "Hidden1.Weights");
    }

    private static float[] Parameter(MlpTrainingOptions options, string name)
    {
        ParameterVector parameters =
            MlpTrainer.Train(new(_architecture, _loss, SmallData.For(_loss, Rows)) { Options = options }).Model.RestoreParameters();
        return parameters.Value(parameters.Layout.Parameters.Single(parameter => parameter.Name == name)).ToArray();
    }

    [Fact]
    public void Train_MomentumRamp_GoesByTheEpochsOfTheTraining()
    {
        // Over before the first step, the ramp is none; one that lasts nearly for ever is a lower coefficient; one of an epoch lies between.
        MlpTrainingOptions options = _options with { NumberOfEpochs = 3, LearningRate = 0.05f };
        byte[] high = Saved(options with { Optimizer = new Momentum { Coefficient = 0.75f } });
        byte[] low = Saved(options with { Optimizer = new Momentum { Coefficient = 0.5f } });
        byte[] ramp = Saved(options with { Optimizer = new Momentum { Coefficient = 0.75f, RampEpochs = 1 } });
        Assert.Equal(high, Saved(options with { Optimizer = new Momentum { Coefficient = 0.75f, RampEpochs = 0.05 } }));
        Assert.Equal(low, Saved(options with { Optimizer = new Momentum { Coefficient = 0.75f, RampEpochs = 1e12 } }));
        Assert.NotEqual(high, ramp);
        Assert.NotEqual(low, ramp);
    }

    private static byte[] Saved(MlpTrainingOptions options) =>
        SmallData.Saved(MlpTrainer.Train(new(_architecture, _loss, SmallData.For(_loss, Rows)) { Options = options }).Model);
}
