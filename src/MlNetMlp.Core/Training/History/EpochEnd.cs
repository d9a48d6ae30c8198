namespace MlNetMlp;

/// <summary>What a callback sees after an epoch: the report, those before, and the model as it is now.</summary>
public sealed class EpochEnd
{
    private Func<MlpModel>? _toModel;

    internal EpochEnd(IReadOnlyList<EpochReport> history, Func<MlpModel> toModel)
    {
        History = history;
        _toModel = toModel;
    }

    /// <summary>What the epoch brought. <see cref="EpochReport.IsBest"/> is what the loss says; the callback may decide otherwise.</summary>
    public EpochReport Report => History[^1];

    /// <summary>The reports of this network up to this epoch, those from before a checkpoint was resumed among them.</summary>
    public IReadOnlyList<EpochReport> History { get; }

    /// <summary>
    /// The model with the parameters after this epoch, or their average where the options ask for one. It is made when it is asked for first, which copies all
    /// parameters, and stays as it is. To be asked for while the callback runs.
    /// </summary>
    /// <exception cref="InvalidOperationException">The callback is over, and the parameters have moved on.</exception>
    /// <exception cref="TrainingDivergedException">The parameters are finite, but not a weight into which several of them are folded for scoring.</exception>
    public MlpModel Model => field ??= _toModel?.Invoke() ?? throw new InvalidOperationException(FormattableString.Invariant(
        $"The model after epoch {Report.Epoch} is to be asked for while the callback runs; its parameters have moved on since."));

    /// <summary>The report, in one line.</summary>
    public override string ToString() => Report.ToString();

    /// <summary>The parameters move on.</summary>
    internal void Close() => _toModel = null;
}
