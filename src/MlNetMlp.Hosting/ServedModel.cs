using System.Globalization;
using System.Security.Cryptography;
using Microsoft.ML;
using MlNetMlp.Serving;

namespace MlNetMlp.Hosting;

/// <summary>A model in service. Any number of requests may use it at once, also after another has taken its place.</summary>
public sealed class ServedModel
{
    private const int VersionLength = 12;

    private readonly Lock _lock = new();
    private readonly Stack<ScoringSession> _idle = new();
    private readonly ScoringMetrics _metrics;
    private long _rows, _rowsOutside, _slotsOutside;

    private ServedModel(RowScorer scorer, string name, string version, DateTimeOffset servedSince, FeatureRanges? ranges, ScoringMetrics metrics)
    {
        (Scorer, Name, Version, ServedSince, Ranges, _metrics) = (scorer, name, version, servedSince, ranges, metrics);
        ActivityName = name.Length > 0 ? $"score {name}" : "score";
    }

    /// <summary>The whole pipeline, from the columns of a row to the predictions.</summary>
    public RowScorer Scorer { get; }

    /// <summary>The name that it is served under; empty: it is the one without a name.</summary>
    public string Name { get; }

    /// <summary>The beginning of the SHA-256 of its bytes: the same file has the same version everywhere.</summary>
    public string Version { get; }

    /// <summary>Since when it has been in service.</summary>
    public DateTimeOffset ServedSince { get; }

    /// <summary>The number of rows of which it is known whether they are far outside of what the training saw.</summary>
    public long CheckedRows => Interlocked.Read(ref _rows);

    /// <summary>
    /// The share of <see cref="CheckedRows"/> that have a feature far outside of what the training saw, as <see cref="MlpScoringOptions.RangeTolerance"/> says;
    /// null if there are none, or the model does not know.
    /// </summary>
    public double? ShareOfRowsOutside => CheckedRows is > 0 and var rows ? Interlocked.Read(ref _rowsOutside) / (double)rows : null;

    /// <summary>The share of all features of those rows that are far outside; null if there are none, or the model does not know.</summary>
    public double? ShareOfSlotsOutside => CheckedRows is > 0 and var rows && Ranges is not null
        ? Interlocked.Read(ref _slotsOutside) / ((double)rows * Ranges.Lower.Length)
        : null;

    /// <summary>What is not far outside; null: nobody looks.</summary>
    internal FeatureRanges? Ranges { get; }

    internal string ActivityName { get; }

    /// <summary>Makes a model of the bytes of a file, whatever its columns are: they are learned from the schema that was saved with it.</summary>
    /// <exception cref="ModelLoadException">The bytes are no model, or not one that can score single rows.</exception>
    internal static ServedModel Load(byte[] bytes, string name, MlpScoringOptions options, DateTimeOffset now, ScoringMetrics metrics)
    {
        try
        {
            var mlContext = new MLContext();
            ITransformer model = mlContext.Model.Load(new MemoryStream(bytes), out DataViewSchema schema);
            RowScorer scorer = mlContext.Model.CreateRowScorer(model, schema, options.Outputs);
            FeatureRanges? ranges = options.RangeTolerance is { } tolerance ? scorer.FeatureRanges?.Widen(tolerance) : null;
            var served = new ServedModel(scorer, name, VersionOf(bytes), now, ranges, metrics);

            // Binds the whole pipeline once, so that what cannot work is found before it is in service.
            served.Return(new ScoringSession(served, metrics));
            return served;
        }
        catch (Exception exception)
        {
            // Of any kind: bytes that are no model can make a loader stumble anywhere. ML.NET wraps what a component says; the cause is the innermost.
            throw new ModelLoadException(exception.GetBaseException().Message, isSourceProblem: false, exception);
        }
    }

    internal static string VersionOf(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes))[..VersionLength];

    /// <summary>A row to fill, score and read, for one caller at a time; it is given back by <see cref="ScoringSession.Dispose"/>.</summary>
    /// <remarks>Nothing is allocated once there are as many as are used at the same time.</remarks>
    public ScoringSession Rent()
    {
        ScoringSession? session;
        lock (_lock)
        {
            _idle.TryPop(out session);
        }

        session ??= new ScoringSession(this, _metrics);
        session.Begin();
        return session;
    }

    internal void Return(ScoringSession session)
    {
        lock (_lock)
        {
            _idle.Push(session);
        }
    }

    internal void CountOutside(int slots)
    {
        Interlocked.Increment(ref _rows);
        if (slots > 0)
        {
            Interlocked.Increment(ref _rowsOutside);
            Interlocked.Add(ref _slotsOutside, slots);
        }
    }

    /// <summary>The name, the version and the columns.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"Model {(Name.Length > 0 ? $"'{Name}' " : "")}{Version}: {Scorer}, in service since {ServedSince:u}");
}
