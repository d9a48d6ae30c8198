namespace MlNetMlp;

/// <summary>What a schedule is told about one moment of the training; its rate is a function of nothing else.</summary>
/// <param name="epoch">Epochs done since the schedule began, with the fraction of the current one: 0 before the first mini-batch.</param>
/// <param name="epochs">Epochs planned for the schedule.</param>
/// <param name="losses">The monitored losses of all epochs done since the training began; see <see cref="EpochReport.MonitoredLoss"/>.</param>
internal readonly ref struct ScheduleMoment(double epoch, double epochs, ReadOnlySpan<double> losses = default)
{

    /// <summary>Epochs done since the schedule began, with the fraction of the current one.</summary>
    public double Epoch { get; private init; } = epoch;

    /// <summary>Epochs planned for the schedule.</summary>
    public double Epochs { get; private init; } = epochs;

    /// <summary>The monitored losses of the whole epochs since the schedule began. An epoch that began under another schedule is not its own.</summary>
    public ReadOnlySpan<double> Losses { get => field[(int)Math.Min(Math.Ceiling(Start), field.Length)..]; } = losses;

    /// <summary>The share of the planned epochs that is done, in [0, 1].</summary>
    /// <remarks>A warm-up may leave no epochs at all: then the share is 0.</remarks>
    public double Progress => Epochs > 0 ? Math.Clamp(Epoch / Epochs, 0, 1) : 0;

    /// <summary>The epochs of the training that had passed when the schedule began.</summary>
    private double Start { get; init; }

    /// <summary>The same moment for a schedule that begins <paramref name="epochs"/> later; before that it stands at its beginning.</summary>
    public ScheduleMoment After(double epochs) =>
        this with { Epoch = Math.Max(Epoch - epochs, 0), Epochs = Epochs - epochs, Start = Start + epochs };

    /// <summary>The middle of the training's current epoch, or the schedule's beginning where that comes later.</summary>
    public ScheduleMoment AtMiddleOfEpoch() => this with { Epoch = Math.Max(Math.Floor(Start + Epoch) + 0.5 - Start, 0) };
}
