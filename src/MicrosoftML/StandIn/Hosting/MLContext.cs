namespace Microsoft.ML;

/// <summary>Where everything starts: the catalogs, the seed and the log.</summary>
public sealed class MLContext : IHostEnvironment
{
    private readonly HostEnvironment _environment;

    public MLContext(int? seed = null)
    {
        _environment = new HostEnvironment(
            seed, (source, message) => Log?.Invoke(this, new LoggingEventArgs(message.Message, message.Kind, source)));
        BinaryClassification = new BinaryClassificationCatalog(_environment);
        MulticlassClassification = new MulticlassClassificationCatalog(_environment);
        Regression = new RegressionCatalog(_environment);
        Transforms = new TransformsCatalog(_environment);
        Model = new ModelOperationsCatalog(_environment);
        Data = new DataOperationsCatalog(_environment);
    }

    public event EventHandler<LoggingEventArgs> Log;
    public BinaryClassificationCatalog BinaryClassification { get; }
    public MulticlassClassificationCatalog MulticlassClassification { get; }
    public RegressionCatalog Regression { get; }
    public TransformsCatalog Transforms { get; }
    public ModelOperationsCatalog Model { get; }
    public DataOperationsCatalog Data { get; }
    public ComponentCatalog ComponentCatalog => _environment.ComponentCatalog;
    string IExceptionContext.ContextDescription => _environment.ContextDescription;
    TException IExceptionContext.Process<TException>(TException ex) => _environment.Process(ex);
    IHost IHostEnvironment.Register(string name, int? seed, bool? verbose) => _environment.Register(name, seed, verbose);
    IChannel IChannelProvider.Start(string name) => _environment.Start(name);
    IProgressChannel IProgressChannelProvider.StartProgressChannel(string name) => _environment.StartProgressChannel(name);
}
