using System.Globalization;

namespace MlNetMlp;

/// <summary>See <see cref="Schedule.Constant"/>.</summary>
internal sealed record ConstantSchedule(float Rate) : Schedule
{
    internal override float BaseRate => Rate;

    internal override float RateAt(in ScheduleMoment moment) => Rate;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"constant {Rate}");
}
