using System.Globalization;

namespace MlNetMlp;

/// <summary>See <see cref="Schedule.Cosine"/>. Beyond the planned epochs the rate stays at its end.</summary>
internal sealed record CosineSchedule(float From, float To) : Schedule
{
    internal override float BaseRate => From;

    internal override bool DependsOnNumberOfEpochs => true;

    internal override float RateAt(in ScheduleMoment moment) =>
        (float)(To + (((double)From - To) * (1 + Math.Cos(Math.PI * moment.Progress)) / 2));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"cosine from {From} to {To}");
}
