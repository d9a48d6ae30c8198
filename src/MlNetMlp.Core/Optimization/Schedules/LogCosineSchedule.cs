using System.Globalization;

namespace MlNetMlp;

/// <summary>See <see cref="Schedule.LogCosine"/>. The rate that others are multiples of is the peak.</summary>
internal sealed record LogCosineSchedule(float Peak, int Cycles) : Schedule
{
    internal override float BaseRate => Peak;

    internal override bool DependsOnNumberOfEpochs => true;

    internal override float RateAt(in ScheduleMoment moment)
    {
        double cycle = Math.Log2(1 + ((Math.Pow(2, Cycles) - 1) * moment.Progress));
        return (float)(Peak * (1 - Math.Cos(2 * Math.PI * cycle)) / 2);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Cycles} cosine waves up to {Peak}, each twice as long as the last");
}
