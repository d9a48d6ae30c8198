using System.Diagnostics;
using MlNetMlp.Benchmarks.SideBySide;

namespace MlNetMlp.Benchmarks.Growth;

/// <summary>Trains the same network on the same rows again and again and collects the times of the epochs.</summary>
internal sealed class GrowthMeasurement
{
    /// <summary>How long a visit measures, and how long it warms up: what runs often is compiled anew, in the background and only after a while.</summary>
    private const double SecondsPerVisit = 0.4, WarmUpSeconds = 0.7;
    private const int FewestEpochs = 2, MostEpochs = 400;

    private readonly GrowthCase _case;
    private readonly InMemoryRows _rows;
    private readonly List<double> _epochs = [];
    private readonly List<double> _processor = [];
    private readonly List<double> _others = [];
    private int _epochsPerVisit;
    private long _bytes;

    /// <param name="what">The training.</param>
    /// <param name="rows">Rows for it; trainings may share them.</param>
    public GrowthMeasurement(GrowthCase what, InMemoryRows rows) => (_case, _rows) = (what, rows);

    public GrowthResult Result => GrowthResult.Of(_case, _epochs, _processor, _others, _bytes);

    /// <summary>Trains until our runtime has compiled what runs often, and finds out how many epochs a visit has.</summary>
    public void WarmUp()
    {
        long start = Stopwatch.GetTimestamp();
        double seconds;
        do
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            TrainingHistory history = Train(FewestEpochs);
            _bytes = GC.GetTotalAllocatedBytes(precise: true) - before;
            seconds = (history[^1].Elapsed - history[^2].Elapsed).TotalSeconds;
        }
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < WarmUpSeconds);
        _epochsPerVisit = (int)Math.Clamp(SecondsPerVisit / seconds, FewestEpochs, MostEpochs);
    }

    /// <summary>Measures one training; only after <see cref="WarmUp"/>.</summary>
    public void Visit()
    {
        var clock = new ProcessorClock();
        TimeSpan start = Environment.CpuUsage.TotalTime;
        TrainingHistory history = Train(_epochsPerVisit + 1, clock);
        double whole = (Environment.CpuUsage.TotalTime - start).TotalSeconds;

        // From the second epoch: the time of the first one also holds what comes before it.
        _epochs.AddRange(history.Zip(history.Skip(1), (first, second) => (second.Elapsed - first.Elapsed).TotalSeconds));
        _processor.AddRange(clock.Epochs);
        _others.Add(whole - clock.Epochs.Sum() - Rounds.Median(clock.Epochs));
    }

    private TrainingHistory Train(int epochs, IProgress<EpochReport>? progress = null)
    {
        var options = new MlpTrainingOptions
        {
            BatchSize = _case.BatchSize,
            Optimizer = new Adam(),
            LearningRate = 1e-4f,
            NumberOfEpochs = epochs,
            NumberOfThreads = _case.Threads
        };
        return MlpTrainer.Train(new(Trainings.Architecture(_case.Sizes, 0), Trainings.LossFor(_case.Sizes), _rows)
        {
            Options = options,
            Progress = progress,
        }).History;
    }

    /// <summary>The seconds of the processor, over all threads, of every epoch but the first.</summary>
    private sealed class ProcessorClock : IProgress<EpochReport>
    {
        private TimeSpan? _last;

        public List<double> Epochs { get; } = [];

        public void Report(EpochReport value)
        {
            TimeSpan now = Environment.CpuUsage.TotalTime;
            if (_last is { } last)
            {
                Epochs.Add((now - last).TotalSeconds);
            }

            _last = now;
        }
    }
}
