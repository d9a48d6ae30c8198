using System.Globalization;

namespace MlNetMlp;

/// <summary>See <see cref="Schedule.Polynomial"/>. Beyond the planned epochs the rate stays at its end.</summary>
internal sealed record PolynomialSchedule(float From, float To, float Power) : Schedule
{
    internal override float BaseRate => From;

    internal override bool DependsOnNumberOfEpochs => true;

    internal override float RateAt(in ScheduleMoment moment) =>
        (float)(To + (((double)From - To) * Math.Pow(1 - moment.Progress, Power)));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"polynomial of power {Power} from {From} to {To}");
}
