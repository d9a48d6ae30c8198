using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// A file that keeps the state of a training run, so that one that was stopped, by cancellation, an exception or the end of the process, goes on
/// where it was when it is started again with the same options and data. Immutable.
/// </summary>
/// <remarks>
/// <para>
/// The continued training run is the uninterrupted one, bit for bit: the same model, the same history, except for the times. The seconds of a training run that
/// was killed count until its last checkpoint. <see cref="IProgress{T}"/> is told of the remaining epochs.
/// </para>
/// <para>
/// What the training depends on must be as it was: architecture, loss, all options, every training and validation row in its order, the model to
/// continue from; a <see cref="CheckpointMismatchException"/> names what is not. The number of epochs may be another one, not less than were run, for a
/// single network whose options do not look at it (a rate and a decay that are constant, step, stages, exponential, inverse time, cyclic, on plateau, not
/// cosine, one cycle or polynomial; no Polyak average; early stopping with a patience that is given): the training is then that of the new length from
/// the start. The number of threads, the time that it may take, where progress is reported to, cancellation, callbacks and this record itself are free; what a
/// callback has decided, such as another learning rate, is kept, and is to follow from what it is told alone. Of an object that is
/// not the library's own only the type is compared.
/// </para>
/// <para>
/// The file is written beside its place, under a name that begins with <c>.mlnetmlp-</c>, flushed to disk and renamed: at any moment there is the old one
/// or the new one, whole. What a killed process leaves there is removed when the training is started again.
/// When the training has run all its epochs or has stopped early the file is deleted, so that it is not in the way of the next training, with other
/// options or on other rows as in cross-validation; it stays when the training was cancelled or its time was over, even if that returned a model, and after any
/// exception. One training at a time may use a path: a second one is refused as long as the first holds the lock on <c>path.lock</c>. A file that another
/// release wrote in another version of the format is refused and
/// stays: finish that training with that release, or delete the file and start anew.
/// </para>
/// </remarks>
public sealed record TrainingCheckpoint
{
    /// <param name="path">The file; its folder exists. A relative path starts at the current directory.</param>
    /// <exception cref="ArgumentException"><paramref name="path"/> is null, empty or only white space.</exception>
    public TrainingCheckpoint(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        Path = path;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>
    /// The number of epochs from one checkpoint to the next, at least 1; default 1. That much is lost when the training is stopped. A
    /// checkpoint takes about four times the bytes of the parameters, and once more for every finished member of an <see cref="Ensemble"/>, and as
    /// long as the disk needs for them.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int EveryEpochs
    {
        get;
        init => field = Require.Positive(value, nameof(EveryEpochs));
    } = 1;

    /// <summary>What the file holds, or null if there is none. Reads all of it.</summary>
    /// <exception cref="InvalidDataException">The file is not a checkpoint, ends too early, is damaged, or has another version of the format.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public CheckpointSummary? Find() => new CheckpointFile(Path).Load()?.Summary;

    /// <summary>Refuses a file that a training could not use now; the training itself looks again.</summary>
    /// <exception cref="IOException">The file cannot be written, or another training has it.</exception>
    internal void CheckFree() => new CheckpointFile(Path).CheckFree();

    /// <summary>The file, for example <c>'run.checkpoint' every 5 epochs</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"'{Path}' every {(EveryEpochs == 1 ? "epoch" : $"{EveryEpochs} epochs")}");
}
