namespace MlNetMlp;

/// <summary>The first half of <c>Schedule.Warmup(epochs).Then(schedule)</c>; not a schedule until the second half is given.</summary>
public sealed record Warmup
{
    internal Warmup(double epochs) => Epochs = epochs;

    /// <summary>How long the rate grows, in epochs.</summary>
    internal double Epochs { get; }

    /// <summary>
    /// Grows linearly from 0 to the schedule's first rate; then the schedule runs, its progress counted from the end of the warm-up.
    /// </summary>
    /// <param name="schedule">What follows.</param>
    /// <exception cref="ArgumentNullException"><paramref name="schedule"/> is null.</exception>
    public Schedule Then(Schedule schedule)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        return new WarmupSchedule(Epochs, schedule);
    }

    /// <summary>For example <c>warm-up over 5 epochs</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"warm-up over {Epochs} epochs");
}
