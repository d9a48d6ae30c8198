using System.Diagnostics.Metrics;

namespace MlNetMlp.Search;

/// <summary>What the silos of this process do, for <c>dotnet-counters</c> and OpenTelemetry: the meter <c>MlNetMlp.Orleans</c>.</summary>
internal static class TrainingMetrics
{
    public const string MeterName = "MlNetMlp.Orleans";

    private static readonly Meter _meter = new(MeterName);

    public static UpDownCounter<int> Running { get; } =
        _meter.CreateUpDownCounter<int>("mlnetmlp.trainings.running", "{training}", "Training runs that take place.");

    public static UpDownCounter<int> Waiting { get; } =
        _meter.CreateUpDownCounter<int>("mlnetmlp.trainings.waiting", "{training}", "Training runs that wait for a processor or for memory.");

    public static Counter<int> Finished { get; } =
        _meter.CreateCounter<int>("mlnetmlp.trainings.finished", "{training}", "Training runs that have ended, by outcome: done, failed or cancelled.");

    public static Counter<long> Exchanged { get; } =
        _meter.CreateCounter<long>("mlnetmlp.gradients.sent", "By", "Sums and totals of gradients that this process has sent to other silos.");

    public static Counter<double> Exchanging { get; } =
        _meter.CreateCounter<double>("mlnetmlp.gradients.time", "s", "Time that silos wait for sums of gradients, not what is hidden by computing.");

    public static UpDownCounter<long> BytesHeld { get; } =
        _meter.CreateUpDownCounter<long>("mlnetmlp.rows.held", "By", "Rows on the disk.");
}
