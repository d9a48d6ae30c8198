using System.Globalization;

namespace MlNetMlp;

/// <summary>See <see cref="Schedule.FlatThenCosine"/>. Beyond the planned epochs the rate stays at its end.</summary>
internal sealed record FlatThenCosineSchedule(float From, float Flat, float To) : Schedule
{
    internal override float BaseRate => From;

    internal override bool DependsOnNumberOfEpochs => true;

    internal override float RateAt(in ScheduleMoment moment)
    {
        double progress = Math.Max(0, (moment.Progress - Flat) / (1 - (double)Flat));
        return (float)(To + (((double)From - To) * (1 + Math.Cos(Math.PI * progress)) / 2));
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{From} for {Flat} of the training, then a cosine to {To}");
}
