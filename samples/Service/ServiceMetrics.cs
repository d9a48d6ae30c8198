using System.Diagnostics.Metrics;

namespace Service;

/// <summary>What the service counts, under the meter <c>MlNetMlp.Service</c>: for <c>/metrics</c>, dotnet-counters and OpenTelemetry alike.</summary>
internal sealed class ServiceMetrics
{
    public const string MeterName = "MlNetMlp.Service";

    private readonly Counter<long> _requests;
    private readonly Counter<long> _rows;
    private readonly Counter<long> _swaps;
    private readonly Histogram<double> _duration;
    private readonly TimeProvider _clock;
    private long _servedSince;

    public ServiceMetrics(IMeterFactory factory, TimeProvider clock)
    {
        _clock = clock;
        Meter meter = factory.Create(MeterName);
        _requests = meter.CreateCounter<long>("service.requests", description: "Requests to score, by outcome.");
        _rows = meter.CreateCounter<long>("service.rows", description: "Rows that were scored and answered.");
        _swaps = meter.CreateCounter<long>("service.model.swaps", description: "Models put in service, and files refused.");
        _duration = meter.CreateHistogram("service.request.duration", "s", "The time of a request to score, from its first to its last byte.", tags: null,
            new InstrumentAdvice<double>
            {
                HistogramBucketBoundaries = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25,
                0.5, 1, 2.5, 5, 10]
            });
        meter.CreateObservableGauge("service.model.age", ModelAge, "s", "The time since the model was put in service.");
    }

    public void Answered(int status, TimeSpan duration)
    {
        _requests.Add(1, new KeyValuePair<string, object?>("outcome", Outcome(status)));
        _duration.Record(duration.TotalSeconds);
    }

    public void Scored(int rows) => _rows.Add(rows);

    public void Swapped(ServedModel model)
    {
        Interlocked.Exchange(ref _servedSince, model.ServedSince.UtcTicks);
        _swaps.Add(1, new KeyValuePair<string, object?>("outcome", "swapped"));
    }

    public void SwapFailed() => _swaps.Add(1, new KeyValuePair<string, object?>("outcome", "refused"));

    private IEnumerable<Measurement<double>> ModelAge() =>
        Interlocked.Read(ref _servedSince) is > 0 and var since ? [new((_clock.GetUtcNow().UtcTicks - since) / (double)TimeSpan.TicksPerSecond)] : [];

    private static string Outcome(int status) => status switch
    {
        StatusCodes.Status200OK => "ok",
        StatusCodes.Status413PayloadTooLarge => "too_large",
        StatusCodes.Status429TooManyRequests => "too_many",
        StatusCodes.Status499ClientClosedRequest => "cancelled",
        StatusCodes.Status503ServiceUnavailable => "no_model",
        StatusCodes.Status504GatewayTimeout => "timeout",
        < 500 => "bad_input",
        _ => "error",
    };
}
