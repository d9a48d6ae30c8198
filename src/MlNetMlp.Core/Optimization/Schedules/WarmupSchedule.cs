using System.Globalization;

namespace MlNetMlp;

/// <summary>See <see cref="Schedule.Warmup"/>. A warm-up that is longer than the training never ends.</summary>
internal sealed record WarmupSchedule(double Epochs, Schedule Following) : Schedule
{
    internal override float BaseRate => Following.BaseRate;

    internal override bool DependsOnNumberOfEpochs => Following.DependsOnNumberOfEpochs;

    internal override float RateAt(in ScheduleMoment moment)
    {
        float rate = Following.RateAt(moment.After(Epochs));
        return moment.Epoch < Epochs ? (float)(rate * (moment.Epoch / Epochs)) : rate;
    }

    internal override double BatchSizeFactor(int batchSize) => Following.BatchSizeFactor(batchSize);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"warm-up over {Epochs} epochs, then {Following}");
}
