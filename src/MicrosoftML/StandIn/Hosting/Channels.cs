namespace Microsoft.ML.Runtime;

/// <summary>How serious a message is.</summary>
public enum ChannelMessageKind { Trace = 0, Info = 1, Warning = 2, Error = 3 }

/// <summary>What a message may tell about the data.</summary>
[Flags]
public enum MessageSensitivity { None = 0, UserData = 0x1, Schema = 0x2, Unknown = ~0, All = ~0 }

/// <summary>One message.</summary>
public readonly struct ChannelMessage
{
    public readonly ChannelMessageKind Kind;
    public readonly MessageSensitivity Sensitivity;

    internal ChannelMessage(ChannelMessageKind kind, MessageSensitivity sensitivity, string message)
    {
        Kind = kind;
        Sensitivity = sensitivity;
        Message = message;
    }

    public string Message { get; }
}

/// <summary>Adds to an exception where it came from.</summary>
public interface IExceptionContext
{
    string ContextDescription { get; }
    TException Process<TException>(TException ex) where TException : Exception;
}

/// <summary>Takes messages of one type.</summary>
public interface IPipe<TMessage> : IExceptionContext, IDisposable
{
    void Send(TMessage msg);
}

/// <summary>Takes log messages of one phase of work.</summary>
public interface IChannel : IPipe<ChannelMessage>
{
    void Trace(MessageSensitivity sensitivity, string fmt);
    void Trace(MessageSensitivity sensitivity, string fmt, params object[] args);
    void Error(MessageSensitivity sensitivity, string fmt);
    void Error(MessageSensitivity sensitivity, string fmt, params object[] args);
    void Warning(MessageSensitivity sensitivity, string fmt);
    void Warning(MessageSensitivity sensitivity, string fmt, params object[] args);
    void Info(MessageSensitivity sensitivity, string fmt);
    void Info(MessageSensitivity sensitivity, string fmt, params object[] args);
}

/// <summary>Starts channels.</summary>
public interface IChannelProvider : IExceptionContext
{
    IChannel Start(string name);
}

/// <summary>Starts progress channels.</summary>
public interface IProgressChannelProvider
{
    IProgressChannel StartProgressChannel(string name);
}

/// <summary>Takes reports of progress.</summary>
public interface IProgressChannel : IProgressChannelProvider, IDisposable
{
    void SetHeader(ProgressHeader header, Action<IProgressEntry> fillAction);
    void Checkpoint(params double?[] values);
}

/// <summary>One report of progress, filled on demand.</summary>
public interface IProgressEntry
{
    void SetProgress(int index, double value);
    void SetProgress(int index, double value, double lim);
    void SetMetric(int index, double value);
}

/// <summary>What the numbers of a progress channel are called.</summary>
public sealed class ProgressHeader
{
    public readonly IReadOnlyList<string> UnitNames;
    public readonly IReadOnlyList<string> MetricNames;

    public ProgressHeader(string[] metricNames, string[] unitNames)
    {
        UnitNames = unitNames ?? [];
        MetricNames = metricNames ?? [];
    }

    public ProgressHeader(params string[] unitNames) : this(null, unitNames) { }
}

/// <summary>What a component is given: log, progress, and hosts of its own.</summary>
public interface IHostEnvironment : IChannelProvider, IProgressChannelProvider
{
    ComponentCatalog ComponentCatalog { get; }
    IHost Register(string name, int? seed = null, bool? verbose = null);
}

/// <summary>The environment of one component, with its own random numbers.</summary>
public interface IHost : IHostEnvironment
{
    Random Rand { get; }
}
