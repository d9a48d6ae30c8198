using Microsoft.Extensions.Options;

namespace Service;

/// <summary>The model in service, and the one way to put another in its place.</summary>
/// <remarks>
/// A request takes <see cref="Current"/> once and keeps it to its end. So a swap is the change of one reference: requests that have begun end with
/// the old model, later ones take the new, none waits or sees both, and the garbage collector frees the old model after its last request.
/// </remarks>
internal sealed partial class ModelHolder(IOptions<ModelOptions> options, ServiceMetrics metrics, TimeProvider clock, ILogger<ModelHolder> logger) : IDisposable
{
    private readonly SemaphoreSlim _loading = new(1, 1);
    private volatile ServedModel? _current;

    /// <summary>The model in service; null before the first one is loaded.</summary>
    public ServedModel? Current => _current;

    /// <summary>Reads the file and puts its model in service, unless it is the one that is served already.</summary>
    /// <returns>The model that is in service afterwards, and whether it is another one than before.</returns>
    /// <exception cref="ModelLoadException">The file cannot be served; the old model stays.</exception>
    public async Task<(ServedModel Model, bool IsNew)> LoadAsync(CancellationToken cancellation)
    {
        // One at a time: of two files in quick succession the later one stays.
        await _loading.WaitAsync(cancellation);
        try
        {
            ModelFile file = await ModelFile.ReadAsync(options.Value.FullPath, cancellation);
            if (_current is { } current && current.Version == file.Version)
            {
                return (current, false);
            }

            ServedModel model = ServedModel.Load(file, options.Value.Outputs, clock.GetUtcNow());
            ThrowIfColumnsDiffer(model);
            string old = _current?.Version ?? "none";
            _current = model;
            metrics.Swapped(model);
            LogSwap(model.Version, file.Bytes.Length, old);
            return (model, true);
        }
        catch (ModelLoadException exception)
        {
            metrics.SwapFailed();
            LogRefused(exception.InnerException, options.Value.FullPath, exception.Message, _current?.Version ?? "none");
            throw;
        }
        finally
        {
            _loading.Release();
        }
    }

    public void Dispose() => _loading.Dispose();

    private void ThrowIfColumnsDiffer(ServedModel model)
    {
        if (_current is { } current && !options.Value.AllowOtherColumns && ColumnComparison.Differences(current, model) is { Count: > 0 } differences)
        {
            throw new ModelLoadException(
                $"Requests that model {current.Version} answers would fail: {string.Join("; ", differences)}. "
                    + $"{ModelOptions.Section}:{nameof(ModelOptions.AllowOtherColumns)} = true, or a new start of the service, takes such a model.",
                isFileProblem: false);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Model {Version} ({Bytes} bytes) is in service; before it was {OldVersion}")]
    private partial void LogSwap(string version, int bytes, string oldVersion);

    [LoggerMessage(Level = LogLevel.Error, Message = "The file {Path} cannot be served: {Reason} In service stays: {Version}")]
    private partial void LogRefused(Exception? cause, string path, string reason, string version);
}
