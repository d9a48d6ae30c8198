using System.Diagnostics.Metrics;

namespace Service;

/// <summary>What the service counts besides what ASP.NET Core does (<c>http.server.*</c>), under the meter <c>MlNetMlp.Service</c>.</summary>
internal sealed class ServiceMetrics
{
    public const string MeterName = "MlNetMlp.Service";

    private readonly Counter<long> _rows;
    private readonly Counter<long> _swaps;
    private readonly TimeProvider _clock;
    private long _servedSince;

    public ServiceMetrics(IMeterFactory factory, TimeProvider clock)
    {
        _clock = clock;
        Meter meter = factory.Create(MeterName);
        _rows = meter.CreateCounter<long>("mlnetmlp.service.rows", "{row}", "Rows that were scored and answered.");
        _swaps = meter.CreateCounter<long>("mlnetmlp.service.model.swaps", "{model}", "Models put in service, and files refused.");
        meter.CreateObservableGauge("mlnetmlp.service.model.age", ModelAge, "s", "The time since the model was put in service.");
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
}
