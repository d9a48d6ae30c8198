using System.Globalization;

namespace MlNetMlp;

/// <summary>See <see cref="Schedule.Cyclic"/>. The rate that others are multiples of is the high one, which the first cycle reaches.</summary>
internal sealed record CyclicSchedule(float Low, float High, double Every, float Factor) : Schedule
{
    internal override float BaseRate => High;

    internal override float RateAt(in ScheduleMoment moment)
    {
        double cycles = moment.Epoch / Every;
        double cycle = Math.Floor(cycles);
        double height = 1 - Math.Abs((2 * (cycles - cycle)) - 1);
        return (float)(Low + (((double)High - Low) * Math.Pow(Factor, cycle) * height));
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Low} to {High} and back every {Every} epochs{(Factor < 1 ? $", each time {Factor} times as high" : "")}");
}
