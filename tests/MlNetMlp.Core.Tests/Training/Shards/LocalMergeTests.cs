namespace MlNetMlp.Core.Tests;

/// <summary>What the mean of shards that have made steps on their own is corrected by.</summary>
public class LocalMergeTests
{
    private const int Shards = 4, LocalSteps = 3;

    private static readonly Loss _loss = new SoftmaxCrossEntropy();

    /// <summary>Two epochs of 6 mini-batches: a step that is exchanged at once, then three, the two that are left, and twice three.</summary>
    private static readonly int[] _counts = [1, 3, 2, 3, 3];

    /// <summary>
    /// Every step and every mean computed again in double precision from the gradients: squares and means of the steps between two exchanges directly from
    /// these, signal and noise by their two equations.
    /// </summary>
    [Fact]
    public void AdamW_RemembersSquaresOfAllShardsTogether()
    {
        const double Beta1 = 0.8, Beta2 = 0.98, Rate = 0.02, Epsilon = 1e-6;
        var optimizer = new AdamW { Beta1 = (float)Beta1, Beta2 = (float)Beta2, Epsilon = (float)Epsilon, WeightDecay = 0 };
        (List<Recorder.Step> steps, MlpModel model) = Train(optimizer, (float)Rate);

        int length = steps[0].Gradients.Length, done = 0, next = 0;
        double share = 1, smallestShare = 1;
        double[] parameters = [.. steps[0].Before.Select(value => (double)value)], mean = new double[length], square = new double[length];
        foreach (int count in _counts)
        {
            double[] parameterSum = new double[length], meanSum = new double[length], squareSum = new double[length], gradientSum = new double[length];
            double ofMeans = 0, ofSquares = 0;
            for (int shard = 0; shard < Shards; shard++)
            {
                for (int i = 0; i < length; i++)
                {
                    double w = parameters[i], m = mean[i], v = square[i];
                    for (int k = 0; k < count; k++)
                    {
                        double g = steps[next + k].Gradients[i];
                        m = Beta1 * m + (1 - Beta1) * g;
                        v = Beta2 * v + (1 - Beta2) * share * g * g;
                        w -= Rate * m / (1 - Math.Pow(Beta1, done + k + 1)) / (Math.Sqrt(v / (1 - Math.Pow(Beta2, done + k + 1))) + Epsilon);
                        squareSum[i] += Math.Pow(Beta2, count - 1 - k) * g * g / Shards;
                        gradientSum[i] += Math.Pow(Beta1, count - 1 - k) * g / Shards;
                        Assert.Equal(w, steps[next + k].After[i], 2e-5);
                    }

                    parameterSum[i] += w / Shards;
                    meanSum[i] += m / Shards;
                }

                next += count;
            }

            double[] weights1 = [.. Enumerable.Range(0, count).Select(k => Math.Pow(Beta1, k))], weights2 = [.. weights1.Select((_, k) => Math.Pow(Beta2, k))];
            double equal = weights1.Sum() * weights1.Sum() / weights1.Sum(weight => weight * weight);
            for (int i = 0; i < length; i++)
            {
                // found = signal + noise, ofMean = signal + noise / (Shards equal); of one step of all shards: signal + noise / Shards.
                double found = squareSum[i] / weights2.Sum(), ofMean = Math.Pow(gradientSum[i] / weights1.Sum(), 2);
                double noise = (found - ofMean) / (1 - 1 / (Shards * equal)), signal = found - noise, together = signal + noise / Shards;
                square[i] = Math.Pow(Beta2, count) * square[i] + (1 - Math.Pow(Beta2, count)) * together;
                (ofMeans, ofSquares) = (ofMeans + together, ofSquares + found);
            }

            (parameters, mean, share, done) = (parameterSum, meanSum, Math.Clamp(ofMeans / ofSquares, 1.0 / Shards, 1), done + count);
            smallestShare = Math.Min(share, smallestShare);
        }

        Assert.Equal(steps.Count, next);
        Assert.InRange(smallestShare, 0.26, 0.8);
        Assert.All(model.Values.ToArray().Zip(parameters), pair => Assert.Equal(pair.Second, pair.First, 2e-5));
    }

    /// <summary>Muon keeps no squares of its matrices: neither their momentum nor what it becomes is anything to the squares of the other parameters.</summary>
    [Fact]
    public void Squares_WhereNoneAreKept_StayZeroAndDoNotCount()
    {
        const int Kept = 64, Length = 3 * Kept;
        float[] meanBefore = Values(1), mean = Values(2), square = Values(3), squareBefore = new float[Length];
        for (int i = 0; i < Length; i++)
        {
            (squareBefore[i], square[i]) = i < Kept ? (square[i] / 100, square[i] / 50) : (0, 0);
        }

        float[] alone = square[..Kept], all = [.. square];
        var steps = new LocalSteps(LocalSteps, Shards, 0.9f);
        float share = steps.CorrectSquares(0.9f, 0.99f, meanBefore.AsSpan(0, Kept), squareBefore.AsSpan(0, Kept), mean.AsSpan(0, Kept), alone);

        Assert.InRange(share, 0.3f, 0.95f);
        Assert.Equal(share, steps.CorrectSquares(0.9f, 0.99f, meanBefore, squareBefore, mean, all));
        Assert.Equal([.. alone, .. new float[Length - Kept]], all);

        static float[] Values(int seed)
        {
            var random = new Random(seed);
            return [.. Enumerable.Range(0, Length).Select(_ => 0.1f + random.NextSingle() / 10)];
        }
    }

    /// <summary>
    /// Gradients of a known signal and noise: the mean squares of four shards that exchange seldom are those of one that sees all rows, and without the
    /// correction they would be 2.2 times as large.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(8)]
    [InlineData(30)]
    public void Squares_OfSeldomExchanges_AreThoseOfAllRows(int count)
    {
        const int Length = 2000;
        const float Signal = 1, Noise = 2, Beta1 = 0.9f, Beta2 = 0.99f;
        var random = new Random(count);
        float[] mean = new float[Length], square = new float[Length];
        double together = 0;
        float share = 1;
        for (int exchange = 0; exchange < 600 / count; exchange++)
        {
            float[] meanSum = new float[Length], squareSum = new float[Length];
            for (int shard = 0; shard < Shards; shard++)
            {
                for (int i = 0; i < Length; i++)
                {
                    float m = mean[i], v = square[i];
                    for (int k = 0; k < count; k++)
                    {
                        float g = Signal + Noise * Normal();
                        m = Beta1 * m + (1 - Beta1) * g;
                        v = Beta2 * v + (1 - Beta2) * share * g * g;
                    }

                    meanSum[i] += m / Shards;
                    squareSum[i] += v / Shards;
                }
            }

            share = new LocalSteps(count, Shards, share).CorrectSquares(Beta1, Beta2, mean, square, meanSum, squareSum);
            (mean, square) = (meanSum, squareSum);
        }

        together = Signal * Signal + Noise * Noise / Shards;
        Assert.Equal(together, square.Average() / (1 - Math.Pow(Beta2, 600 / count * count)), 0.02 * together);
        Assert.Equal(together / (Signal * Signal + Noise * Noise), share, 0.02);

        float Normal() => (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
    }

    /// <summary>What is never learned from has no squares to correct, and its memory fades as that of all shards together would.</summary>
    [Fact]
    public void Squares_WithoutGradient_Fade()
    {
        float[] square = [0.25f, 0];

        float share = new LocalSteps(2, Shards, 0.5f).CorrectSquares(0.9f, 0.5f, [0, 0], [1, 0], [0, 0], square);

        Assert.Equal([0.25f, 0], square);
        Assert.Equal(0.5f, share);
    }

    /// <summary>Hidden matrices go as far as the root mean square of the shards' ways, in the direction of their mean; all else goes to the mean.</summary>
    [Fact]
    public void Muon_GoesAsFarAsItsShards()
    {
        (List<Recorder.Step> steps, MlpModel model) = Train(new Muon { WeightDecay = 0 }, 0.01f);
        int next = 0;
        double shortest = 1;
        foreach (int count in _counts)
        {
            float[] start = steps[next].Before;
            float[][] ends = [.. Enumerable.Range(0, Shards).Select(shard => steps[next + shard * count + count - 1].After)];
            next += Shards * count;
            float[] end = next < steps.Count ? steps[next].Before : model.Values.ToArray();

            double[] mean = [.. start.Select((value, i) => ends.Average(one => (double)one[i]) - value)];
            foreach (Parameter parameter in steps[0].Parameters)
            {
                Range range = parameter.Offset..(parameter.Offset + parameter.Length);
                bool isMatrix = parameter.Part.IsHidden && parameter.Rows > 1 && parameter.Columns > 1;
                double way = Math.Sqrt(ends.Average(one => one[range].Zip(start[range], (a, b) => Math.Pow((double)a - b, 2)).Sum()));
                double factor = isMatrix ? way / Math.Sqrt(mean[range].Sum(x => x * x)) : 1;
                shortest = Math.Min(shortest, 1 / factor);
                for (int i = range.Start.Value; i < range.End.Value; i++)
                {
                    Assert.Equal(start[i] + factor * mean[i], end[i], 1e-6);
                }
            }
        }

        Assert.Equal(steps.Count, next);
        Assert.InRange(shortest, 0.3, 0.9);
    }

    private static (List<Recorder.Step> Steps, MlpModel Model) Train(Optimizer optimizer, float rate)
    {
        var recorder = new Recorder();
        MlpTrainingResult result = MlpTrainer.Train(new(new MlpArchitecture(4, 3) { HiddenLayers = [new(7), new(5)] }, _loss, SmallData.For(_loss, 96))
        {
            Options = new()
            {
                Optimizer = optimizer,
                LearningRate = rate,
                NumberOfEpochs = 2,
                BatchSize = 16,
                Shards = Shards,
                LocalSteps = LocalSteps,
                NumberOfThreads = 1,
            },
            StepObserver = recorder,
        });
        return (recorder.Steps, result.Model);
    }

    private sealed class Recorder : IStepObserver
    {
        private float[] _before = [], _gradients = [];

        public List<Step> Steps { get; } = [];

        public void BeforeUpdate(ParameterVector parameters, long step) =>
            (_before, _gradients) = (parameters.Snapshot(), parameters.Gradients.Span[..parameters.Layout.TrainableLength].ToArray());

        public void AfterUpdate(ParameterVector parameters) =>
            Steps.Add(new(_before, _gradients, parameters.Snapshot(), parameters.Layout.Parameters));

        public sealed record Step(float[] Before, float[] Gradients, float[] After, IReadOnlyList<Parameter> Parameters);
    }
}
