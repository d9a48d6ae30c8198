using System.Globalization;

namespace MlNetMlp;

/// <summary>See <see cref="Schedule.Step"/>.</summary>
internal sealed record StepSchedule(float From, int Every, float Factor) : Schedule
{
    internal override float BaseRate => From;

    internal override float RateAt(in ScheduleMoment moment) => (float)(From * Math.Pow(Factor, Math.Floor(moment.Epoch / Every)));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{From} times {Factor} every {Every} epochs");
}
