using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace MlNetMlp.Hosting;

/// <summary>The model in service, and the one way to put another in its place. A singleton; any number of threads may use it.</summary>
/// <remarks>
/// <para>
/// Registered by <c>services.AddMlpScoring</c>; a model with a name is a keyed service, <c>[FromKeyedServices("fares")] MlpScoring scoring</c>. A host
/// loads the model before it takes requests, and again whenever another is there.
/// </para>
/// <para>
/// A session takes the model in service once and keeps it to its end. So a swap is the change of one reference: sessions that have begun end with the old
/// model, later ones take the new, none waits or sees both, and the garbage collector frees the old model after its last session. A model that cannot be
/// loaded, or that would refuse rows which the one in service takes, never gets in.
/// </para>
/// </remarks>
public sealed partial class MlpScoring : IDisposable
{
    private readonly SemaphoreSlim _loading = new(1, 1);
    private readonly MlpScoringOptions _options;
    private readonly string _section;
    private readonly ScoringMetrics _metrics;
    private readonly TimeProvider _clock;
    private readonly ILogger<MlpScoring> _logger;
    private volatile ServedModel? _current;
    private volatile string? _refusal;

    internal MlpScoring(
        string name, IModelSource source, MlpScoringOptions options, string section, ScoringMetrics metrics, TimeProvider clock, ILogger<MlpScoring> logger)
    {
        (Name, Source, _options, _section, _metrics, _clock, _logger) = (name, source, options, section, metrics, clock, logger);
        metrics.Observe(this);
    }

    /// <summary>The name that models are served under; empty: none.</summary>
    public string Name { get; }

    /// <summary>The model in service; null before the first one is loaded.</summary>
    public ServedModel? Current => _current;

    /// <summary>Why the last model that was offered is not in service; null: it is.</summary>
    public string? Refusal => _refusal;

    internal IModelSource Source { get; }

    internal TimeSpan PollInterval => _options.PollInterval;

    /// <summary>A row of the model in service, to be filled, scored and read: <c>using ScoringSession session = scoring.Rent();</c>.</summary>
    /// <exception cref="InvalidOperationException">There is no model yet; <see cref="Current"/> is null.</exception>
    public ScoringSession Rent() => (_current ?? throw new InvalidOperationException(
        $"There is no model in service yet{(Name.Length > 0 ? $" under the name '{Name}'" : "")}: {_refusal ?? "it has not been loaded."}")).Rent();

    /// <summary>Reads the source and puts its model in service, unless it is the one that is served already.</summary>
    /// <param name="cancellationToken">Ends the attempt; the old model stays.</param>
    /// <exception cref="ModelLoadException">The model cannot be served; the old one stays.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public async Task<ModelReload> ReloadAsync(CancellationToken cancellationToken = default)
    {
        // One at a time: of two files in quick succession the later one stays.
        await _loading.WaitAsync(cancellationToken).ConfigureAwait(false);
        using Activity? activity = ScoringMetrics.Activities.StartActivity("load model");
        activity?.SetTag(ScoringMetrics.ModelName, Name);
        try
        {
            byte[] bytes = await ReadAsync(cancellationToken).ConfigureAwait(false);
            ServedModel? old = _current;
            if (old is not null && old.Version == ServedModel.VersionOf(bytes))
            {
                _refusal = null;
                return new(old, false);
            }

            ServedModel model = ServedModel.Load(bytes, Name, _options, _clock.GetUtcNow(), _metrics);
            ThrowIfColumnsDiffer(model);
            (_current, _refusal) = (model, null);
            activity?.SetTag("mlnetmlp.model.version", model.Version);
            _metrics.Reloaded(Name);
            LogSwap(Name, model.Version, bytes.Length, old?.Version ?? "none");
            return new(model, true);
        }
        catch (ModelLoadException exception)
        {
            _refusal = exception.Message;
            activity?.SetStatus(ActivityStatusCode.Error, exception.Message);
            _metrics.ReloadFailed(Name, exception.IsSourceProblem);
            LogRefused(exception.InnerException, Name, Source, exception.Message, _current?.Version ?? "none");
            throw;
        }
        finally
        {
            _loading.Release();
        }
    }

    /// <summary>Releases what it waits with. Sessions that have begun end as usual.</summary>
    public void Dispose() => _loading.Dispose();

    private async ValueTask<byte[]> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await Source.ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not (ModelLoadException or OperationCanceledException))
        {
            throw new ModelLoadException("The source of the model cannot be read; the log says why.", isSourceProblem: true, exception);
        }
    }

    private void ThrowIfColumnsDiffer(ServedModel model)
    {
        if (_current is { } current && !_options.AllowOtherColumns
            && ColumnComparison.Differences(current.Scorer, model.Scorer) is { Count: > 0 } differences)
        {
            throw new ModelLoadException(
                $"Requests that model {current.Version} answers would fail: {string.Join("; ", differences)}. "
                    + $"{_section}:{nameof(MlpScoringOptions.AllowOtherColumns)} = true, or a new start of the service, takes such a model.",
                isSourceProblem: false);
        }
    }

    /// <summary>The model in service.</summary>
    public override string ToString() => _current?.ToString() ?? $"No model in service{(Name.Length > 0 ? $" under the name '{Name}'" : "")}";

    [LoggerMessage(EventId = 1, EventName = "ModelSwapped", Level = LogLevel.Information,
        Message = "Model '{Name}' {Version} ({Bytes} bytes) is in service; before it was {OldVersion}")]
    private partial void LogSwap(string name, string version, int bytes, string oldVersion);

    [LoggerMessage(EventId = 2, EventName = "ModelRefused", Level = LogLevel.Error,
        Message = "Model '{Name}' of {Source} cannot be served: {Reason} In service stays: {Version}")]
    private partial void LogRefused(Exception? cause, string name, IModelSource source, string reason, string version);
}
