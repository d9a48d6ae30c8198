namespace MlNetMlp.TestSupport;

/// <summary>
/// Cancels a training at given moments and compares what it returns with what it would have returned had it been cancelled between the same epochs.
/// </summary>
internal sealed class Cancellations
{
    private readonly CancellationCase _case;
    private readonly Dictionary<int, MlpTrainingResult> _afterEpochs = [];
    private readonly List<string> _failures = [];

    public Cancellations(CancellationCase @case)
    {
        _case = @case;
        int requests = 0;
        Whole = @case.Train(() => requests++, null, null, default);
        Requests = requests;
    }

    /// <summary>The uninterrupted training.</summary>
    public MlpTrainingResult Whole { get; }

    /// <summary>How often it asks for rows.</summary>
    public int Requests { get; }

    /// <summary>How many trainings threw, returned the best so far, or were quicker than the cancellation.</summary>
    public (int Thrown, int Cancelled, int Completed) Ends { get; private set; }

    /// <summary>What was not as it should be.</summary>
    public IReadOnlyList<string> Failures => _failures;

    /// <summary>Cancels during request number <paramref name="number"/>, from 1, on the thread that trains.</summary>
    /// <param name="number">The request.</param>
    /// <param name="throws">Whether the options ask for the exception.</param>
    /// <param name="checkpoint">A checkpoint to keep, for the case that has one; afterwards the training is continued from it.</param>
    public void At(int number, bool throws, string? checkpoint = null)
    {
        using var source = new CancellationTokenSource();
        int requests = 0;
        string what = $"{_case}, cancelled at request {number} of {Requests}{(throws ? ", to throw" : "")}";
        MlpTrainingResult? result = Run(source, what, throws, checkpoint, () =>
        {
            if (++requests == number)
            {
                source.Cancel();
            }
        });

        // The statistics that a model from the first epoch needs are the one thing that is read to its end.
        bool collects = !throws && _case.Collects && result is { History.Count: <= 1, Members.Count: <= 1 };
        int more = _case.RequestsPerBatch - 1 + (collects ? _case.RequestsPerEpoch : 0);
        Check(requests <= number + more, $"{what}: {requests - number} more requests.");
        if (checkpoint is not null)
        {
            Same(Whole, _case.Train(null, null, task => task with { Options = task.Options with { Checkpoint = new(checkpoint) } }, default),
                what + ", continued");
            Check(!File.Exists(checkpoint), $"{what}: the checkpoint stays.");
        }
    }

    /// <summary>Cancels after this time, from another thread.</summary>
    /// <param name="delay">The time.</param>
    /// <param name="throws">Whether the options ask for the exception.</param>
    /// <param name="threads">The number of threads that train.</param>
    public void After(TimeSpan delay, bool throws, int threads)
    {
        using var source = new CancellationTokenSource(delay);
        Run(source, $"{_case}, cancelled after {delay.TotalMicroseconds} us", throws, null, null, threads);
    }

    private MlpTrainingResult? Run(CancellationTokenSource source, string what, bool throws, string? checkpoint, Action? onRequest, int threads = 1)
    {
        var steps = new StepCount();
        var reports = new List<EpochReport>();
        try
        {
            MlpTrainingResult result = _case.Train(
                onRequest,
                reports.Add,
                task => task with
                {
                    Options = task.Options with
                    {
                        ThrowOnCancellation = throws,
                        Checkpoint = checkpoint is null ? null : new(checkpoint),
                        NumberOfThreads = threads
                    },
                    StepObserver = steps,
                },
                source.Token);
            bool isCancelled = result.End == TrainingEnd.Cancelled;
            Ends = isCancelled ? Ends with { Cancelled = Ends.Cancelled + 1 } : Ends with { Completed = Ends.Completed + 1 };
            Check(!(isCancelled && throws), $"{what}: returned a model instead of throwing.");
            Check(result.History.Count == reports.Count, $"{what}: {reports.Count} epochs were reported, and the history has {result.History.Count}.");
            Check(!isCancelled || source.IsCancellationRequested, $"{what}: ended before it was cancelled.");
            Compare(result, isCancelled, what);
            return result;
        }
        catch (OperationCanceledException exception)
        {
            Ends = Ends with { Thrown = Ends.Thrown + 1 };
            Check(exception.CancellationToken == source.Token, $"{what}: threw with another token.");
            Check(throws || steps.Count == 0, $"{what}: threw although {steps.Count} mini-batches were learned.");
            return null;
        }
    }

    private void Compare(MlpTrainingResult result, bool isCancelled, string what)
    {
        if (!isCancelled)
        {
            Same(Whole, result, what);
        }
        else if (result.History.Count > 0)
        {
            if (!_afterEpochs.TryGetValue(result.History.Count, out MlpTrainingResult? expected))
            {
                _afterEpochs[result.History.Count] = expected = CancelledAfter(result.History.Count);
            }

            Same(expected, result, what);
        }
        else
        {
            float[] scores = new float[3];
            result.Model.Predict([1, 2, 3, 4], scores);
            Check(Array.TrueForAll(scores, score => score is >= 0 and <= 1), $"{what}: the model of the first epoch scores {string.Join(", ", scores)}.");
        }
    }

    /// <summary>As asked for between two epochs.</summary>
    private MlpTrainingResult CancelledAfter(int epochs)
    {
        using var source = new CancellationTokenSource();
        int reports = 0;
        return _case.Train(null, _ =>
        {
            if (++reports == epochs)
            {
                source.Cancel();
            }
        }, null, source.Token);
    }

    private void Same(MlpTrainingResult expected, MlpTrainingResult actual, string what)
    {
        Check(SmallData.Saved(expected.Model).AsSpan().SequenceEqual(SmallData.Saved(actual.Model)), $"{what}: another model.");
        Check((expected.End, expected.BestEpoch) == (actual.End, actual.BestEpoch),
            $"{what}: {(actual.End, actual.BestEpoch)} instead of {(expected.End, expected.BestEpoch)}.");
        Check(expected.History.Select(WithoutTime).SequenceEqual(actual.History.Select(WithoutTime)), $"{what}: another history.");
    }

    private static EpochReport WithoutTime(EpochReport report) => report with { Elapsed = default };

    private void Check(bool isSo, string failure)
    {
        if (!isSo)
        {
            _failures.Add(failure);
        }
    }

    private sealed class StepCount : IStepObserver
    {
        public long Count { get; private set; }

        public void BeforeUpdate(ParameterVector parameters, long step)
        {
        }

        public void AfterUpdate(ParameterVector parameters) => Count++;
    }
}
