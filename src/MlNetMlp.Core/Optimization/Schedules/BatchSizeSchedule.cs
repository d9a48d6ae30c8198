using System.Globalization;

namespace MlNetMlp;

/// <summary>See <see cref="Schedule.ScaledByBatchSize"/>.</summary>
internal sealed record BatchSizeSchedule(Schedule Schedule, int Reference) : Schedule
{
    internal override float BaseRate => Schedule.BaseRate;

    internal override bool DependsOnNumberOfEpochs => Schedule.DependsOnNumberOfEpochs;

    internal override float RateAt(in ScheduleMoment moment) => Schedule.RateAt(moment);

    internal override double BatchSizeFactor(int batchSize) => Schedule.BatchSizeFactor(batchSize) * batchSize / Reference;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Schedule}, for every {Reference} rows of a mini-batch");
}
