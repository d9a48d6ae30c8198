namespace MlNetMlp;

/// <summary>What ends a training on its way: its caller, or <see cref="MlpTrainingOptions.MaximumTrainingTime"/>.</summary>
internal sealed class TimeLimit : IDisposable
{
    /// <summary>The longest time that timers know; beyond, some seven weeks, there is no limit.</summary>
    private static readonly TimeSpan _longest = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    private readonly CancellationTokenSource? _timer;
    private readonly CancellationTokenSource? _either;

    /// <param name="task">The training.</param>
    /// <param name="spent">The time that it has taken already.</param>
    public TimeLimit(TrainingTask task, TimeSpan spent)
    {
        Caller = task.CancellationToken;
        if (task.Options.MaximumTrainingTime is not { } limit || limit - spent > _longest)
        {
            return;
        }

        TimeSpan left = limit - spent;
        _timer = left > TimeSpan.Zero ? new CancellationTokenSource(left, task.Time) : new CancellationTokenSource();
        if (left <= TimeSpan.Zero)
        {
            _timer.Cancel();
        }

        _either = CancellationTokenSource.CreateLinkedTokenSource(Caller, _timer.Token);
    }

    /// <summary>Whether there is a limit.</summary>
    public bool Exists => _timer is not null;

    /// <summary>Cancelled by the caller alone.</summary>
    public CancellationToken Caller { get; }

    /// <summary>Cancelled by either.</summary>
    public CancellationToken Token => _either?.Token ?? Caller;

    /// <summary>Whether the time is over, and the caller has not cancelled.</summary>
    public bool IsOver => _timer?.IsCancellationRequested == true && !Caller.IsCancellationRequested;

    /// <summary>Whether a training was cancelled by the time alone.</summary>
    public bool HasCaused(OperationCanceledException exception) => IsOver && exception.CancellationToken == Token;

    public void Dispose()
    {
        _either?.Dispose();
        _timer?.Dispose();
    }
}
