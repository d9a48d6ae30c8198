using System.Globalization;

namespace MlNetMlp;

/// <summary>See <see cref="Schedule.Exponential"/>.</summary>
internal sealed record ExponentialSchedule(float From, float Decay) : Schedule
{
    internal override float BaseRate => From;

    internal override float RateAt(double epoch, double epochs) => (float)(From * Math.Exp(-Decay * epoch));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{From} times e^(-{Decay} t)");
}
