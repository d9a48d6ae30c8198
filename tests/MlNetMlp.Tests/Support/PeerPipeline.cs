using System.Collections.Concurrent;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetMlp.Tests.Support;

/// <summary>The same pipeline around one trainer or another, fitted to <see cref="MixedRow"/>s; each is fitted once for all tests.</summary>
public sealed class PeerPipeline
{
    /// <summary>The rows that pipelines learn from, and those that they are tried on.</summary>
    public static readonly MixedRow[] TrainingRows = MixedRow.Many(240), TestRows = MixedRow.Many(120, seed: 2);

    private static readonly ConcurrentDictionary<(string, string), Lazy<PeerPipeline>> _fitted = new();

    private PeerPipeline(PeerTrainer trainer)
    {
        Trainer = trainer;
        var context = new MLContext(1);
        Model = Create(context).Fit(context.Data.LoadFromEnumerable(TrainingRows));
    }

    public PeerTrainer Trainer { get; }

    /// <summary>Preprocessing and trainer, fitted.</summary>
    public ITransformer Model { get; }

    /// <summary>A pipeline of <see cref="PeerTrainer.OursAndTheirs"/>.</summary>
    public static PeerPipeline Of(string task, string name) =>
        _fitted.GetOrAdd((task, name), key => new Lazy<PeerPipeline>(() => new PeerPipeline(PeerTrainer.Of(key.Item1, key.Item2)))).Value;

    /// <summary>The pipeline, not fitted yet.</summary>
    public IEstimator<ITransformer> Create(MLContext context) =>
        new EstimatorChain<ITransformer>().Append<ITransformer>(MixedRow.Preprocessing(context, Trainer.Task)).Append<ITransformer>(Trainer.Create(context));

    /// <summary>The scored <see cref="TestRows"/>.</summary>
    public IDataView Scored(MLContext context) => Model.Transform(context.Data.LoadFromEnumerable(TestRows));
}
