using System.Globalization;

namespace MlNetMlp;

/// <summary>See <see cref="Schedule.OneCycle"/>. The rate that others are multiples of is the peak; the rise to it is a warm-up.</summary>
internal sealed record OneCycleSchedule(float Peak, float Rise, float From, float To) : Schedule
{
    internal override float BaseRate => Peak;

    internal override bool DependsOnNumberOfEpochs => true;

    internal override float RateAt(in ScheduleMoment moment)
    {
        double progress = moment.Progress;
        return progress < Rise
            ? Between(From, Peak, progress / Rise)
            : Between(Peak, To, (progress - Rise) / (1 - Rise));
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"one cycle from {From} to {Peak} at {Rise} of the training, then to {To}");

    private static float Between(double start, double end, double progress) =>
        (float)(end + ((start - end) * (1 + Math.Cos(Math.PI * progress)) / 2));
}
