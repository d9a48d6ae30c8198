namespace MlNetMlp.Core.Tests;

internal static class ScheduleExtensions
{
    /// <summary>The rate after so many epochs of so many planned, with these monitored losses of the epochs done.</summary>
    public static float RateAt(this Schedule schedule, double epoch, double epochs, params double[] losses) =>
        schedule.RateAt(new ScheduleMoment(epoch, epochs, losses));
}
