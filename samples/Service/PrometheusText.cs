using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Service;

/// <summary>The metrics of this service and of the runtime in the text format of Prometheus, version 0.0.4, for <c>GET /metrics</c>.</summary>
/// <remarks>
/// It listens to the meters of <c>System.Diagnostics.Metrics</c> and sums what they say by instrument and tags. With an exporter of OpenTelemetry
/// in place, this file can go: nothing else knows of it.
/// </remarks>
internal sealed class PrometheusText : IDisposable
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<Instrument, ConcurrentDictionary<string, Series>> _instruments = new();

    public PrometheusText(IMeterFactory factory)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "System.Runtime" || (instrument.Meter.Name == ServiceMetrics.MeterName && instrument.Meter.Scope == factory))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>All metrics, as of now.</summary>
    public string Write()
    {
        _listener.RecordObservableInstruments();
        var text = new StringBuilder();
        foreach ((Instrument instrument, ConcurrentDictionary<string, Series> series) in _instruments.OrderBy(entry => entry.Key.Name, StringComparer.Ordinal))
        {
            string name = Name(instrument);
            text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {Escape(instrument.Description ?? instrument.Name)}\n# TYPE {name} {Kind(instrument)}\n");
            foreach ((string tags, Series one) in series.OrderBy(entry => entry.Key, StringComparer.Ordinal))
            {
                one.Write(text, name, tags);
            }
        }

        return text.ToString();
    }

    public void Dispose() => _listener.Dispose();

    private void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _instruments.GetOrAdd(instrument, _ => new()).GetOrAdd(Labels(tags), static (_, source) => new Series(source), instrument).Take(value);

    private static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string labels = "";
        foreach ((string key, object? value) in tags)
        {
            string text = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
            labels += $"{(labels.Length == 0 ? "" : ",")}{Word(key)}=\"{Escape(text).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
        }

        return labels;
    }

    /// <summary>Whether it only ever grows. Counters of all types of numbers have only their names in common.</summary>
    private static bool IsTotal(Instrument instrument) => instrument.GetType().Name.Split('`')[0] is "Counter" or "ObservableCounter";

    private static bool IsHistogram(Instrument instrument) => instrument is Histogram<double>;

    private static string Kind(Instrument instrument) => IsHistogram(instrument) ? "histogram" : IsTotal(instrument) ? "counter" : "gauge";

    private static string Name(Instrument instrument)
    {
        string unit = instrument.Unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" };
        string prefix = instrument.Meter.Name == ServiceMetrics.MeterName ? "mlnetmlp_" : "";
        return prefix + Word(instrument.Name) + unit + (IsTotal(instrument) ? "_total" : "");
    }

    private static string Word(string name) => string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));

    private static string Escape(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    /// <summary>The numbers of one instrument under one set of tags.</summary>
    private sealed class Series(Instrument instrument)
    {
        private readonly Lock _lock = new();
        private readonly bool _isHistogram = IsHistogram(instrument);

        // What observes is told the value as a whole; what counts is told what came to it.
        private readonly bool _replaces = instrument.IsObservable;
        private readonly IReadOnlyList<double> _bounds = (instrument as Histogram<double>)?.Advice?.HistogramBucketBoundaries ?? [];
        private readonly long[] _buckets = new long[(instrument as Histogram<double>)?.Advice?.HistogramBucketBoundaries?.Count ?? 0];
        private double _value;
        private long _count;

        public void Take(double value)
        {
            lock (_lock)
            {
                _value = _replaces ? value : _value + value;
                _count++;
                for (int i = _bounds.Count - 1; i >= 0 && value <= _bounds[i]; i--)
                {
                    _buckets[i]++;
                }
            }
        }

        public void Write(StringBuilder text, string name, string tags)
        {
            lock (_lock)
            {
                if (!_isHistogram)
                {
                    Line(text, name, tags, _value);
                    return;
                }

                string separator = tags.Length == 0 ? "" : ",";
                for (int i = 0; i < _buckets.Length; i++)
                {
                    Line(text, name + "_bucket", string.Create(CultureInfo.InvariantCulture, $"{tags}{separator}le=\"{_bounds[i]}\""), _buckets[i]);
                }

                Line(text, name + "_bucket", $"{tags}{separator}le=\"+Inf\"", _count);
                Line(text, name + "_sum", tags, _value);
                Line(text, name + "_count", tags, _count);
            }
        }

        private static void Line(StringBuilder text, string name, string tags, double value) =>
            text.Append(name).Append(tags.Length == 0 ? "" : $"{{{tags}}}").Append(' ').Append(value.ToString(CultureInfo.InvariantCulture)).Append('\n');
    }
}
