using MlNetMlp.Numerics;

namespace MlNetMlp.Search;

/// <summary>
/// The training of one network on a cluster. The silos run the epochs, each with its shards; here is the state after the last of them, from which others go on
/// if a silo is lost.
/// </summary>
internal sealed class ClusterRun : ITrainingRun
{
    /// <summary>A training that has lost so many silos without coming a step further is likely to be what kills them.</summary>
    private const int MostLosses = 10;

    /// <summary>
    /// How many times as long silos may be out of reach that there have been: a busy cluster takes minutes to agree that one of them is no more.
    /// </summary>
    private const int PatienceAfterLoss = 5;

    private static readonly TimeSpan _afterLoss = TimeSpan.FromMilliseconds(200), _longestAfterLoss = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan _longestGoodbye = TimeSpan.FromSeconds(5);

    private readonly IClusterClient _client;
    private readonly SiloFinder _finder;
    private readonly TimeSpan _patience;
    private readonly TrainingTask _task;
    private readonly TrainingSetup _setup;
    private readonly int _number;
    private readonly TrainingContent.OfTraining _content;
    private readonly MlpNetwork _network;
    private readonly ShardJob _job;
    private readonly List<double> _monitored = [];
    private OptimizerState[] _state = [], _received = [];
    private ShardAttempt? _attempt;
    private ShardOutcome _last = new(ShardOutcomeKind.Done);
    private int _attempts;

    /// <summary>Whether the silos have the state that is here.</summary>
    private bool _isWritten;

    private ClusterRun(
        IClusterClient client, SiloFinder finder, TimeSpan patience, TrainingTask task, TrainingSetup setup, int network, TrainingContent.OfTraining content)
    {
        (_client, _finder, _patience, _task, _setup, _number, _content) = (client, finder, patience, task, setup, network, content);
        _network = Propagation.CreateNetwork(task, setup, maximumRows: 0);
        using var model = new MemoryStream();
        new MlpModel(setup.Architecture, task.Loss, setup.Standardizer, setup.Targets, new float[Parameters.Values.Length]).Save(model);
        _job = new ShardJob(
            Guid.NewGuid().ToString("n"), 0, 0, [], OptionsOf(task),
            task.Architecture with { Numbers = null, Encoding = null, Whitening = null, Categories = null }, task.Loss, model.ToArray(), setup.TotalWeight,
            setup.ValidationWeight,
            RowUpload.Write(task.Rows, task.Options.Shards, content.Add, task.CancellationToken),
            task.Validation is null ? null : RowUpload.Write(task.Validation, task.Options.Shards, content.Add, task.CancellationToken));
    }

    public ParameterVector Parameters => _network.Parameters;

    public float LearningRate => _last.LearningRate;

    public double GradientNorm => _last.GradientNorm;

    public long Steps { get; private set; }

    public double WeightChange => MlNetMlp.WeightChange.In(_state);

    public double RunningLoss => _last.RunningLoss;

    public double Penalty => _last.Penalty;

    public bool HasConverged => _last.HasConverged;

    public CallbackState Callbacks { get; set; } = CallbackState.None;

    public IReadOnlyList<OptimizerState> State => _state;

    /// <summary>Sends the rows to silos, which make ready.</summary>
    /// <exception cref="TrainingRunnerException">There is no silo that trains, or one has another version.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static ClusterRun Start(
        IClusterClient client, SiloFinder finder, TimeSpan patience, TrainingTask task, TrainingSetup setup, int network, TrainingContent all)
    {
        TrainingContent.OfTraining content = all.Begin();
        try
        {
            var run = new ClusterRun(client, finder, patience, task, setup, network, content);
            Wait(() => run.WithSilos(null, task.CancellationToken));
            return run;
        }
        catch
        {
            content.Dispose();
            throw;
        }
    }

    /// <summary>The options as they are sent: without what concerns this process alone.</summary>
    public static MlpTrainingOptions OptionsOf(TrainingTask task) =>
        task.Options.Plain() with { Checkpoint = null, TransferFrom = null, NumberOfThreads = null, ThrowOnCancellation = false };

    public void Observe(double monitoredLoss) => _monitored.Add(monitoredLoss);

    public void ContinueFrom(long steps, CallbackState callbacks)
    {
        (Steps, Callbacks) = (steps, callbacks);
        _isWritten = false;
    }

    public (double Loss, double Metric)? RunEpoch(int epoch, bool keepsUnfinished)
    {
        if (_task.CancellationToken.IsCancellationRequested)
        {
            return null;
        }

        var operation = new ShardOperation(ShardOperationKind.Epoch)
        {
            Epoch = epoch,
            Monitored = [.. _monitored],
            RateFactor = Callbacks.RateFactor,
            KeepsUnfinished = keepsUnfinished,
        };
        _last = Wait(() => WithSilos(
            async attempt =>
            {
                ShardOutcome outcome = await attempt.Perform(operation, _task.CancellationToken).ConfigureAwait(false);
                if (outcome.IsComplete || keepsUnfinished)
                {
                    await attempt.Read(_received).ConfigureAwait(false);
                }

                return outcome;
            },
            _task.CancellationToken));
        if (!_last.IsComplete && !keepsUnfinished)
        {
            return null;
        }

        Copy(_received, _state);
        Steps = _last.Steps;
        return _last.IsComplete ? (_last.Loss, _last.Metric!.Value) : null;
    }

    public (double Loss, double? Metric) EvaluateStart(CancellationToken cancellationToken)
    {
        ShardOutcome outcome = Wait(() => WithSilos(
            attempt => attempt.Perform(new ShardOperation(ShardOperationKind.EvaluateStart), cancellationToken), cancellationToken));
        cancellationToken.ThrowIfCancellationRequested();

        // Whoever asks puts back the parameters.
        _isWritten = false;
        return (outcome.Loss, outcome.Metric);
    }

    public (double Loss, double Metric)? Evaluate(IRowSource validation, int epoch)
    {
        if (_task.CancellationToken.IsCancellationRequested)
        {
            return null;
        }

        ShardOutcome outcome = Wait(() => WithSilos(
            attempt => attempt.Perform(new ShardOperation(ShardOperationKind.Evaluate) { Epoch = epoch }, CancellationToken.None), _task.CancellationToken));
        return (outcome.Loss, outcome.Metric!.Value);
    }

    public MlpModel ToModel(int epoch)
    {
        try
        {
            return new MlpModel(_task.Architecture, _task.Loss, _setup.Standardizer, _setup.Targets, Parameters.Snapshot());
        }
        catch (OverflowException)
        {
            throw new TrainingDivergedException(epoch, "a weight of the network as it scores", LearningRate);
        }
    }

    public void Dispose()
    {
        Task.Run(Release).Wait(_longestGoodbye);
        _content.Dispose();
    }

    /// <summary>Not in the context of the caller, which may have one thread alone.</summary>
    private static T Wait<T>(Func<Task<T>> action) => Task.Run(action).GetAwaiter().GetResult();

    private static void Copy(OptimizerState[] source, OptimizerState[] target)
    {
        foreach ((OptimizerState from, OptimizerState to) in source.Zip(target))
        {
            from.Values.Span.CopyTo(to.Values.Span);
        }
    }

    /// <summary>Does something with silos that have the state; again, with others, when one of them is lost.</summary>
    /// <param name="action">What; null: there shall be silos, which are told of the state later.</param>
    /// <param name="cancellationToken">Ends the search for silos.</param>
    private async Task<ShardOutcome> WithSilos(Func<ShardAttempt, Task<ShardOutcome>>? action, CancellationToken cancellationToken)
    {
        DateTime lastSeen = DateTime.UtcNow;
        Exception? problem = null;
        for (int losses = 0; losses < MostLosses;)
        {
            try
            {
                if (_attempt is null)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    await Begin(cancellationToken).ConfigureAwait(false);
                }

                if (_attempt is not null)
                {
                    lastSeen = DateTime.UtcNow;
                    if (action is null)
                    {
                        return _last;
                    }

                    if (!_isWritten)
                    {
                        await _attempt.Write(_state).ConfigureAwait(false);
                        await _attempt.Perform(new ShardOperation(ShardOperationKind.Restore) { Steps = Steps }, CancellationToken.None)
                            .ConfigureAwait(false);
                        _isWritten = true;
                    }

                    return await action(_attempt).ConfigureAwait(false);
                }
            }
            catch (Exception exception) when (
                exception is not (TrainingRunnerException or TrainingDivergedException)
                && !(exception is OperationCanceledException canceled && canceled.CancellationToken == cancellationToken && cancellationToken.CanBeCanceled))
            {
                // With other silos it may come to its end.
                problem = exception;
                losses += _attempt is null ? 0 : 1;
                lastSeen = _attempt is null ? lastSeen : DateTime.UtcNow;
                await Release().ConfigureAwait(false);
            }

            if (DateTime.UtcNow - lastSeen > (_finder.HasFound ? PatienceAfterLoss * _patience : _patience))
            {
                break;
            }

            // The cluster needs time to find out which silo is no more.
            TimeSpan pause = _afterLoss * Math.Pow(2, losses);
            await Task.Delay(pause < _longestAfterLoss ? pause : _longestAfterLoss, cancellationToken).ConfigureAwait(false);
        }

        throw new TrainingRunnerException(
            !_finder.HasFound ? "No silo of the cluster trains; build them with AddMlpTraining()."
                : "The silos of the training could not be reached, or were lost again and again.", problem ?? _finder.LastProblem);
    }

    /// <summary>Makes an attempt with the silos that there are, if there are any.</summary>
    private async Task Begin(CancellationToken cancellationToken)
    {
        ShardAttempt? attempt = await ShardAttempt.Begin(
            _client, _finder, _content.Store, _job, _number, _attempts + 1, cancellationToken).ConfigureAwait(false);
        if (attempt is null)
        {
            return;
        }

        // Whoever fails from here on releases it.
        _attempt = attempt;
        _attempts++;
        ShardOutcome loaded = await attempt.Perform(new ShardOperation(ShardOperationKind.Load), CancellationToken.None).ConfigureAwait(false);
        if (_state.Length == 0)
        {
            // Some rules do not begin with zeros.
            _received = [.. loaded.Buffers.Zip(loaded.Lengths, (name, length) => new OptimizerState(name, new AlignedBuffer(length)))];
            OptimizerState[] state = [new(loaded.Buffers[0], Parameters.Values), .. loaded.Buffers.Zip(loaded.Lengths).Skip(1)
                .Select(buffer => new OptimizerState(buffer.First, new AlignedBuffer(buffer.Second)))];
            await attempt.Read(_received).ConfigureAwait(false);
            Copy(_received[1..], state[1..]);
            _state = state;
        }

        _isWritten = false;
    }

    private async Task Release()
    {
        if (_attempt is { } attempt)
        {
            _attempt = null;
            await attempt.Release().ConfigureAwait(false);
        }
    }
}
