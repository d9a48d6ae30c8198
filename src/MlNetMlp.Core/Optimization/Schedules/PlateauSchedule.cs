using System.Globalization;

namespace MlNetMlp;

/// <summary>See <see cref="Schedule.ReduceOnPlateau"/>. Counts the plateaus anew from all losses every time, so that there is no state to lose.</summary>
internal sealed record PlateauSchedule(float From, float Factor, int Patience, double MinDelta, int Cooldown, float Floor) : Schedule
{
    internal override float BaseRate => From;

    internal override float RateAt(in ScheduleMoment moment) => (float)Math.Max(From * Math.Pow(Factor, Plateaus(moment.Losses)), Floor);

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{From} times {Factor} after {Patience} epochs without progress{(Floor > 0 ? $", at least {Floor}" : "")}");

    private int Plateaus(ReadOnlySpan<double> losses)
    {
        double reference = double.PositiveInfinity;
        int plateaus = 0, waiting = 0, resting = 0;
        foreach (double loss in losses)
        {
            if (loss < reference - MinDelta)
            {
                reference = loss;
                waiting = 0;
            }
            else if (resting == 0)
            {
                waiting++;
            }

            resting = Math.Max(resting - 1, 0);
            if (waiting == Patience)
            {
                plateaus++;
                waiting = 0;
                resting = Cooldown;
            }
        }

        return plateaus;
    }
}
