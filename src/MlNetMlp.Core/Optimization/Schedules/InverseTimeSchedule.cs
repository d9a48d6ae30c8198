using System.Globalization;

namespace MlNetMlp;

/// <summary>See <see cref="Schedule.InverseTime"/>.</summary>
internal sealed record InverseTimeSchedule(float From, float Decay) : Schedule
{
    internal override float BaseRate => From;

    internal override float RateAt(in ScheduleMoment moment) => (float)(From / (1 + (Decay * moment.Epoch)));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{From} / (1 + {Decay} t)");
}
