using System.Runtime.InteropServices;
using System.Security.Cryptography;
using MlNetMlp.Numerics;

namespace MlNetMlp.Search;

/// <summary>The part of one silo in a training, as long as its silos stay the same.</summary>
/// <remarks>Operations follow each other, each on a thread of its own, which must not be one of those that handle messages.</remarks>
internal sealed class ShardWorker : IDisposable
{
    private readonly ContentStore _content;
    private readonly IDisposable _pinned;
    private readonly ClusterTrainingOptions _options;
    private readonly Mailbox _mailbox = new();
    private readonly CancellationTokenSource _end = new(), _stop = new();
    private readonly ShardExchange _exchange;
    private readonly Action<int, ShardMessage> _send;
    private readonly Lock _lock = new();
    private Task<ShardOutcome>? _operation;
    private ShardRows? _rows, _validation;
    private ThreadTeam? _team;
    private int _observed;
    private volatile bool _isReleased;

    /// <param name="job">The training.</param>
    /// <param name="content">The rows.</param>
    /// <param name="pinned">Keeps them there.</param>
    /// <param name="options">How the silo trains.</param>
    /// <param name="send">Sends a message to a silo of the training; null in the task's result: it has arrived.</param>
    public ShardWorker(ShardJob job, ContentStore content, IDisposable pinned, ClusterTrainingOptions options, Func<ShardPeer, ShardMessage, Task> send)
    {
        (Job, _content, _pinned, _options) = (job, content, pinned, options);
        _send = (place, message) => _ = Send(send, place, message);
        _exchange = new ShardExchange(job, _mailbox, _send);
    }

    public ShardJob Job { get; }

    /// <summary>When the client was last heard of, in the units of <see cref="Environment.TickCount64"/>.</summary>
    public long LastContact { get; private set; } = Environment.TickCount64;

    private TrainingRun Run
    {
        get => field ?? throw new InvalidOperationException("The rows of the training are not yet there.");
        set;
    }

    public void Put(ShardMessage message) => _mailbox.Put(message);

    public void Stop()
    {
        _exchange.WantStop();
        _stop.Cancel();
    }

    public void Touch() => LastContact = Environment.TickCount64;

    public void Begin(ShardOperation operation)
    {
        lock (_lock)
        {
            if (_operation is { IsCompleted: false })
            {
                throw new InvalidOperationException($"The training is still busy; it cannot {operation.Kind}.");
            }

            _operation = _isReleased ? Task.FromResult(new ShardOutcome(ShardOutcomeKind.Lost)) : Task.Factory.StartNew(
                () => Outcome(operation), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
    }

    /// <inheritdoc cref="IShardGrain.Wait"/>
    public async Task<ShardOutcome?> Wait(TimeSpan atMost)
    {
        Task<ShardOutcome> operation = _operation ?? throw new InvalidOperationException("The training has nothing to do.");
        await ((Task)operation).WaitAsync(atMost).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return operation.IsCompleted ? await operation : null;
    }

    /// <inheritdoc cref="IShardGrain.Read"/>
    public byte[] Read(int buffer, int first, int count) => MemoryMarshal.AsBytes(Run.State[buffer].Values.Span.Slice(first, count)).ToArray();

    /// <inheritdoc cref="IShardGrain.Write"/>
    public void Write(int buffer, int first, byte[] values) => MemoryMarshal.Cast<byte, float>(values).CopyTo(Run.State[buffer].Values.Span[first..]);

    /// <summary>Ends what is going on; what it needs is let go of as soon as that has ended.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_isReleased)
            {
                return;
            }

            _isReleased = true;
            _end.Cancel();
            _stop.Cancel();
            _mailbox.Close();
            (_operation ?? Task.CompletedTask).ContinueWith(_ => LetGo(), TaskScheduler.Default);
        }
    }

    private void LetGo()
    {
        _team?.Dispose();
        _rows?.Dispose();
        _validation?.Dispose();
        _pinned.Dispose();
        _end.Dispose();
        _stop.Dispose();
    }

    private async Task Send(Func<ShardPeer, ShardMessage, Task> send, int place, ShardMessage message)
    {
        try
        {
            await send(Job.Peers[place], message).ConfigureAwait(false);
            TrainingMetrics.Exchanged.Add(message.Content.Length);
        }
        catch (Exception)
        {
            // Whoever waits for an answer waits in vain; the client finds out which silo is no more.
            _mailbox.Close();
        }
    }

    private ShardOutcome Outcome(ShardOperation operation)
    {
        try
        {
            return Perform(operation);
        }
        catch (OperationCanceledException)
        {
            return new ShardOutcome(ShardOutcomeKind.Lost);
        }
        catch (TrainingDivergedException exception)
        {
            return new ShardOutcome(ShardOutcomeKind.Diverged) { Epoch = exception.Epoch, Problem = exception.Text };
        }
        catch (Exception exception)
        {
            return new ShardOutcome(ShardOutcomeKind.Failed) { Problem = exception.Message };
        }
    }

    private ShardOutcome Perform(ShardOperation operation)
    {
        switch (operation.Kind)
        {
            case ShardOperationKind.Load:
                Load();
                return new ShardOutcome(ShardOutcomeKind.Done)
                {
                    IsComplete = true,
                    Buffers = [.. Run.State.Select(state => state.Name)],
                    Lengths = [.. Run.State.Select(state => state.Values.Length)],
                };
            case ShardOperationKind.Restore:
                if (operation.Steps > 0)
                {
                    Run.ContinueFrom(operation.Steps, CallbackState.None);
                }

                return Done((0, 0), null);
            case ShardOperationKind.Epoch:
                foreach (double loss in operation.Monitored.Skip(_observed))
                {
                    Run.Observe(loss);
                    _observed++;
                }

                Run.Callbacks = CallbackState.None with { RateFactor = operation.RateFactor };
                return Done(Run.RunEpoch(operation.Epoch, operation.KeepsUnfinished), 0);
            case ShardOperationKind.Evaluate:
                return Done(Run.Evaluate(_validation!, operation.Epoch), 0);
            case ShardOperationKind.EvaluateStart:
                (double atStart, double? metric) = Run.EvaluateStart(_end.Token);
                return Done((atStart, metric ?? 0), metric);
            default:
                throw new InvalidOperationException($"There is no operation {operation.Kind}.");
        }
    }

    /// <param name="result">Loss and metric; null: it was stopped on the way.</param>
    /// <param name="metric">Whether there is a metric.</param>
    private ShardOutcome Done((double Loss, double Metric)? result, double? metric) => new(ShardOutcomeKind.Done)
    {
        IsComplete = result is not null,
        Loss = result?.Loss ?? double.NaN,
        Metric = metric is null ? null : result?.Metric,
        LearningRate = Run.LearningRate,
        GradientNorm = Run.GradientNorm,
        Steps = Run.Steps,
        RunningLoss = Run.RunningLoss,
        Penalty = Run.Penalty,
        HasConverged = Run.HasConverged,
        Parameters = Convert.ToHexString(SHA256.HashData(MemoryMarshal.AsBytes(Run.Parameters.Values.Span))),
    };

    private void Load()
    {
        MlpModel known;
        using (var stream = new MemoryStream(Job.Model, writable: false))
        {
            known = MlpModel.Load(stream);
        }

        _rows = ShardRows.Load(Job.Rows, Job, _content.Read, _options, _end.Token);
        _validation = Job.Validation is null ? null : ShardRows.Load(Job.Validation, Job, _content.Read, _options, _end.Token);
        bool isSharded = Job.Options.Shards > 1;
        var task = new TrainingTask(Job.Architecture.WithPreparationOf(known.Architecture), Job.Loss, _rows)
        {
            Validation = _validation,
            Options = Job.Options with { NumberOfThreads = _options.TrainingsAtOnce },
            Exchange = isSharded ? _exchange : null,

            // Shards have to agree on where they stop; a single one stops at once.
            CancellationToken = isSharded ? CancellationToken.None : _stop.Token,
        };
        _team = new ThreadTeam(_options.TrainingsAtOnce);
        var setup = new TrainingSetup(task.Architecture, known.Standardizer, known.Targets, Job.TotalWeight, classes: null)
        {
            ValidationWeight = Job.ValidationWeight,
        };
        Run = new TrainingRun(task, setup, _team);
    }
}
