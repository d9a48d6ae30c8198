using System.Globalization;

namespace MlNetMlp;

/// <summary>See <see cref="Schedule.Custom"/>.</summary>
internal sealed record CustomSchedule(string Name, float From, Func<double, double, double> Function) : Schedule
{
    internal override float BaseRate => From;

    internal override bool DependsOnNumberOfEpochs => true;

    internal override float RateAt(in ScheduleMoment moment)
    {
        float rate = (float)Function(moment.Epoch, moment.Epochs);
        return rate >= 0 && float.IsFinite(rate) ? rate : throw new InvalidOperationException(FormattableString.Invariant(
            $"The schedule '{Name}' gives {rate} at epoch {moment.Epoch:G6} of {moment.Epochs:G6}; it must give a finite number of at least 0."));
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"custom '{Name}' from {From}");
}
