using System.Text.Json;
using System.Text.Json.Serialization;

namespace MlNetMlp.Benchmarks.Quality;

/// <summary>One training and what came of it: a line of <c>results.jsonl</c>.</summary>
/// <param name="Set">The name of the set.</param>
/// <param name="Side">The name of the side.</param>
/// <param name="Split">See <see cref="QualitySplit.Name"/>.</param>
/// <param name="Fold">Of folds, the one that was the test.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Threads">How many threads it was allowed; null: as it liked.</param>
/// <param name="Code">Of our own, the hash of the code, and the options; see <see cref="QualitySide.Code"/>.</param>
internal sealed record QualityResult(string Set, string Side, string Split, int Fold, int Seed, int? Threads, string? Code)
{
    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public QualityTask Task { get; init; }

    /// <summary>The number of training rows.</summary>
    public int Rows { get; init; }

    /// <summary>The number of slots of the features.</summary>
    public int Features { get; init; }

    /// <summary>RMSE or log-loss; NaN if it failed or if a prediction is no number.</summary>
    public double Metric { get; init; } = double.NaN;

    /// <summary>Of classes.</summary>
    public double? ErrorRate { get; init; }

    /// <summary>Of two classes.</summary>
    public double? AreaUnderCurve { get; init; }

    public double FitSeconds { get; init; }

    /// <inheritdoc cref="Predicted.ProcessorSeconds"/>
    public double? ProcessorSeconds { get; init; }

    public double ScoringMicrosecondsPerRow { get; init; }

    /// <inheritdoc cref="Predicted.Bytes"/>
    public long Bytes { get; init; }

    /// <summary>Why it failed.</summary>
    public string? Problem { get; init; }

    /// <summary>What it is the result of; two results of the same are the same training.</summary>
    [JsonIgnore]
    public (string Set, string Side, string Split, int Fold, int Seed, int? Threads, string? Code) Key =>
        (Set, Side, Split, Fold, Seed, Threads, Code);

    public string ToLine() => JsonSerializer.Serialize(this, _json);

    public static QualityResult Of(string line) =>
        JsonSerializer.Deserialize<QualityResult>(line, _json) ?? throw new JsonException("A line is null.");
}
