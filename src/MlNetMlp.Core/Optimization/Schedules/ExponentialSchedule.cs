using System.Globalization;

namespace MlNetMlp;

/// <summary>See <see cref="Schedule.Exponential"/>.</summary>
internal sealed record ExponentialSchedule(float From, float Decay) : Schedule
{
    internal override float BaseRate => From;

    internal override float RateAt(in ScheduleMoment moment) => (float)(From * Math.Exp(-Decay * moment.Epoch));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{From} times e^(-{Decay} t)");
}
