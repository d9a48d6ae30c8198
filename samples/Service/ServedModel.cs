using System.Collections.Concurrent;
using Microsoft.ML;
using MlNetMlp;
using MlNetMlp.Serving;

namespace Service;

/// <summary>A model in service: what its file says, and what requests score with. Immutable; any number of requests may use it at once.</summary>
internal sealed class ServedModel
{
    private readonly ConcurrentStack<ScoringSession> _idle = new();

    private ServedModel(RowScorer scorer, string version, DateTimeOffset servedSince)
    {
        Scorer = scorer;
        Version = version;
        ServedSince = servedSince;
        Inputs = new InputColumns(scorer.Inputs);
        Outputs = [.. scorer.Outputs.Select(output => new OutputColumn(output, scorer.OutputSchema))];
    }

    /// <summary>The whole pipeline, from the columns of a row to the predictions.</summary>
    public RowScorer Scorer { get; }

    /// <summary>The beginning of the file's SHA-256: the same file has the same version everywhere.</summary>
    public string Version { get; }

    public DateTimeOffset ServedSince { get; }

    public InputColumns Inputs { get; }

    public IReadOnlyList<OutputColumn> Outputs { get; }

    /// <summary>Makes a model of a file, whatever its columns are: they are learned from the schema that was saved with it.</summary>
    /// <exception cref="ModelLoadException">The file is no model, or not one that can score single rows.</exception>
    public static ServedModel Load(ModelFile file, string[]? outputs, DateTimeOffset now)
    {
        try
        {
            var mlContext = new MLContext();
            ITransformer model = mlContext.Model.Load(new MemoryStream(file.Bytes), out DataViewSchema schema);
            var served = new ServedModel(mlContext.Model.CreateRowScorer(model, schema, outputs), file.Version, now);

            // Binds the whole pipeline once, so that what cannot work is found before it is in service.
            served.Return(served.Rent());
            return served;
        }
        catch (Exception exception)
        {
            // Of any kind: bytes that are no model can make a loader stumble anywhere. ML.NET wraps what a component says; the cause is the innermost.
            throw new ModelLoadException(exception.GetBaseException().Message, isFileProblem: false, exception);
        }
    }

    /// <summary>What a request scores with; it is given back with <see cref="Return"/> and used again.</summary>
    public ScoringSession Rent() => _idle.TryPop(out ScoringSession? session) ? session : new ScoringSession(Scorer);

    public void Return(ScoringSession session)
    {
        session.Clear();
        _idle.Push(session);
    }
}
