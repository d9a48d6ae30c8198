namespace MlNetMlp.Search;

/// <summary>The training runs of one search. Disposing of it ends those that are still running.</summary>
internal abstract class TrainingSession : IDisposable
{
    /// <summary>The number of training runs that are worth asking for at the same time, at least 1.</summary>
    public abstract int AtOnce { get; }

    /// <summary>Whether a training run keeps the thread busy that asks for it.</summary>
    public abstract bool IsOnThreadOfCaller { get; }

    /// <summary>Trains with options on a fold and evaluates; may be called from several threads.</summary>
    /// <param name="options">The options, whose token cancels the training run.</param>
    /// <param name="fold">The fold, from 0.</param>
    /// <param name="limits">The loss after each epoch that the training run must not exceed; null: losses are not compared.</param>
    /// <exception cref="OperationCanceledException">Cancelled. Whatever else is thrown is why the training run failed.</exception>
    public abstract Task<FoldScore> Train(MlpTrainerOptions options, int fold, IReadOnlyList<double>? limits);

    /// <summary>Told when the search has all that it is to have, the model of the best trial included: nobody will ask for its results again.</summary>
    public virtual void Complete()
    {
    }

    public abstract void Dispose();
}
