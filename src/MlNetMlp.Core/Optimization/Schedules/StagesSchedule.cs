using System.Globalization;

namespace MlNetMlp;

/// <summary>See <see cref="Schedule.Stages"/>.</summary>
internal sealed record StagesSchedule(float From, IReadOnlyList<(double Epoch, float Rate)> Changes) : Schedule
{
    internal override float BaseRate => From;

    internal override float RateAt(in ScheduleMoment moment)
    {
        float rate = From;
        foreach ((double start, float next) in Changes)
        {
            if (moment.Epoch < start)
            {
                break;
            }

            rate = next;
        }

        return rate;
    }

    // A list is compared by reference, so the record's own comparison would not be one of values.
    public bool Equals(StagesSchedule? other) => other is not null && From.Equals(other.From) && Changes.SequenceEqual(other.Changes);

    public override int GetHashCode() => Changes.Aggregate(From.GetHashCode(), HashCode.Combine);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{From}") + string.Concat(
        Changes.Select(change => string.Create(CultureInfo.InvariantCulture, $", from epoch {change.Epoch} on {change.Rate}")));
}
