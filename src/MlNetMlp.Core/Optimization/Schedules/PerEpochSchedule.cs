namespace MlNetMlp;

/// <summary>See <see cref="Schedule.PerEpoch"/>.</summary>
internal sealed record PerEpochSchedule(Schedule Schedule) : Schedule
{
    internal override float BaseRate => Schedule.BaseRate;

    internal override bool DependsOnNumberOfEpochs => Schedule.DependsOnNumberOfEpochs;

    internal override float RateAt(in ScheduleMoment moment) => Schedule.RateAt(moment.AtMiddleOfEpoch());

    internal override double BatchSizeFactor(int batchSize) => Schedule.BatchSizeFactor(batchSize);

    public override string ToString() => $"{Schedule}, once per epoch";
}
