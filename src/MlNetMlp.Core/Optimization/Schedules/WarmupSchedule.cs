using System.Globalization;

namespace MlNetMlp;

/// <summary>See <see cref="Schedule.Warmup"/>. A warm-up that is longer than the training never ends.</summary>
internal sealed record WarmupSchedule(double Epochs, Schedule Following) : Schedule
{
    internal override float BaseRate => Following.BaseRate;

    internal override float RateAt(double epoch, double epochs)
    {
        double rest = epochs - Epochs;
        return epoch < Epochs ? (float)(Following.RateAt(0, rest) * (epoch / Epochs)) : Following.RateAt(epoch - Epochs, rest);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"warm-up over {Epochs} epochs, then {Following}");
}
