namespace Microsoft.ML.StandIn;

/// <summary>The one implementation of an environment and of the hosts registered in it.</summary>
internal sealed class HostEnvironment : IHost
{
    private readonly Lock _lock = new();
    private readonly string _name;
    private readonly Action<string, ChannelMessage> _listener;

    public HostEnvironment(int? seed, Action<string, ChannelMessage> listener)
    {
        _name = "";
        _listener = listener;
        Seed = seed;
        Rand = seed is int value ? new Random(value) : new Random();
        ComponentCatalog = new ComponentCatalog();
    }

    private HostEnvironment(HostEnvironment parent, string name, Random rand)
    {
        _name = parent._name.Length == 0 ? name : $"{parent._name}; {name}";
        _listener = parent._listener;
        Seed = parent.Seed;
        Rand = rand;
        ComponentCatalog = parent.ComponentCatalog;
    }

    public int? Seed { get; }
    public Random Rand { get; }
    public ComponentCatalog ComponentCatalog { get; }
    public string ContextDescription => _name.Length == 0 ? "HostEnvironment" : _name;

    public IHost Register(string name, int? seed = null, bool? verbose = null)
    {
        Check.NonEmpty(name, nameof(name));
        lock (_lock)
            return new HostEnvironment(this, name, new Random(seed ?? Rand.Next()));
    }

    /// <summary>A seed out of the environment's own random numbers.</summary>
    public int NextSeed()
    {
        lock (_lock)
            return Rand.Next();
    }

    public IChannel Start(string name) => new LogChannel($"{ContextPrefix}{Check.NonEmpty(name, nameof(name))}", _listener);
    public IProgressChannel StartProgressChannel(string name) => new SilentProgress(Check.NonEmpty(name, nameof(name)));
    public TException Process<TException>(TException ex) where TException : Exception => ex;
    private string ContextPrefix => _name.Length == 0 ? "" : $"{_name}; ";

    /// <summary>Hands each message to the listener, with the bracket of traces that ML.NET's channels have.</summary>
    private sealed class LogChannel : IChannel
    {
        private readonly string _name;
        private readonly Action<string, ChannelMessage> _listener;
        private readonly long _started = System.Diagnostics.Stopwatch.GetTimestamp();
        private bool _disposed;

        public LogChannel(string name, Action<string, ChannelMessage> listener)
        {
            _name = name;
            _listener = listener;
            Trace(MessageSensitivity.None, "Channel started");
        }

        public string ContextDescription => _name;
        public void Send(ChannelMessage msg) => _listener(_name, msg);
        public void Trace(MessageSensitivity sensitivity, string fmt) => Send(new(ChannelMessageKind.Trace, sensitivity, fmt));
        public void Trace(MessageSensitivity sensitivity, string fmt, params object[] args) => Trace(sensitivity, Text(fmt, args));
        public void Error(MessageSensitivity sensitivity, string fmt) => Send(new(ChannelMessageKind.Error, sensitivity, fmt));
        public void Error(MessageSensitivity sensitivity, string fmt, params object[] args) => Error(sensitivity, Text(fmt, args));
        public void Warning(MessageSensitivity sensitivity, string fmt) => Send(new(ChannelMessageKind.Warning, sensitivity, fmt));
        public void Warning(MessageSensitivity sensitivity, string fmt, params object[] args) => Warning(sensitivity, Text(fmt, args));
        public void Info(MessageSensitivity sensitivity, string fmt) => Send(new(ChannelMessageKind.Info, sensitivity, fmt));
        public void Info(MessageSensitivity sensitivity, string fmt, params object[] args) => Info(sensitivity, Text(fmt, args));
        public TException Process<TException>(TException ex) where TException : Exception => ex;

        public void Dispose()
        {
            if (_disposed)
                return;
            _disposed = true;
            Trace(MessageSensitivity.None, $"Channel finished. Elapsed {System.Diagnostics.Stopwatch.GetElapsedTime(_started):c}.");
            Trace(MessageSensitivity.None, "Channel disposed");
        }

        private static string Text(string format, object[] args) => string.Format(CultureInfo.CurrentCulture, format, args);
    }

    /// <summary>MLContext shows no progress of its own; only the number of values is checked, as in ML.NET.</summary>
    private sealed class SilentProgress(string name) : IProgressChannel
    {
        private ProgressHeader _header = new([], []);
        private bool _disposed;
        public void SetHeader(ProgressHeader header, Action<IProgressEntry> fillAction) => _header = Check.Value(header, nameof(header));

        public void Checkpoint(params double?[] values)
        {
            Check.That(!_disposed, $"Progress channel '{name}' reports after it was disposed");
            Check.That(
                (values?.Length ?? 0) <= _header.MetricNames.Count + (2 * _header.UnitNames.Count),
                $"Progress channel '{name}' was given more values than its header names");
        }

        public IProgressChannel StartProgressChannel(string name) => new SilentProgress(name);
        public void Dispose() => _disposed = true;
    }
}
