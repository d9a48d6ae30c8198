namespace MlNetMlp.Search;

/// <summary>A training run as its client sees it.</summary>
/// <param name="number">The place in the queue.</param>
/// <param name="name">The checksum of the request.</param>
/// <param name="request">A <see cref="TrainingRequest"/>.</param>
internal sealed class ClusterTraining(int number, string name, byte[] request)
{
    /// <summary>A training run that has lost so many silos is likely to be what kills them.</summary>
    private const int MostLosses = 10;

    private readonly TaskCompletionSource<TrainingAnswer> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _losses;

    public int Number => number;

    public string Name => name;

    public byte[] Request => request;

    public Task<TrainingAnswer> Answer => _answer.Task;

    public void End(TrainingAnswer answer) => _answer.TrySetResult(answer);

    public void Fail(Exception exception) => _answer.TrySetException(exception);

    /// <summary>Told that the silo it was on is no more; false: it should not run again.</summary>
    public bool IsWorthAnother()
    {
        if (++_losses < MostLosses)
        {
            return true;
        }

        End(new TrainingAnswer(null, FormattableString.Invariant($"The training run was lost {_losses} times, with the silo that it was on.")));
        return false;
    }
}
