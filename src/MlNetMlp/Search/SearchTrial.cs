using System.Globalization;

namespace MlNetMlp.Search;

/// <summary>One point of a search space and its results.</summary>
public abstract class SearchTrial
{
    private protected SearchTrial(int number, IReadOnlyList<SearchValue> values, string metric, IReadOnlyList<FoldScore> folds, Exception? error)
    {
        Number = number;
        Values = values;
        Metric = metric;
        Folds = folds;
        Error = error;
    }

    /// <summary>The number of the trial, from 1.</summary>
    public int Number { get; }

    /// <summary>The values that make the point; branches have only those of the alternative taken.</summary>
    public IReadOnlyList<SearchValue> Values { get; }

    /// <summary>The name of the metric.</summary>
    public string Metric { get; }

    /// <summary>The result of each training run; for a failed trial, of those before the failure.</summary>
    public IReadOnlyList<FoldScore> Folds { get; }

    /// <summary>Why the trial failed: its options are refused, its training diverged, or its metric is not a finite number. Null: it did not.</summary>
    public Exception? Error { get; }

    /// <summary>Whether a <see cref="MedianPruningSearch"/> has ended one of its training runs, so that the metric is that of fewer epochs.</summary>
    public bool IsPruned => Folds.Any(fold => fold.IsPruned);

    /// <summary>The mean of the metric over the folds; null for a failed trial.</summary>
    public double? Mean => Error is null ? Folds.Average(fold => fold.Value) : null;

    /// <summary>The standard deviation of the metric over the folds, with the divisor n - 1; null for a single training run or a failed trial.</summary>
    public double? StandardDeviation => Mean is { } mean && Folds.Count > 1
        ? Math.Sqrt(Folds.Sum(fold => (fold.Value - mean) * (fold.Value - mean)) / (Folds.Count - 1))
        : null;

    /// <summary>The mean number of epochs that were trained; null if not even one training run ended.</summary>
    public double? Epochs => Folds.Count > 0 ? Folds.Average(fold => fold.Epochs) : null;

    /// <summary>The total time of all training runs.</summary>
    public TimeSpan Elapsed => Folds.Aggregate(TimeSpan.Zero, (sum, fold) => sum + fold.Elapsed);

    /// <summary>One line, for example <c>Trial 3: rate 0.00123, units 64: log-loss 0.1234 ± 0.0100, 23 epochs, 1.2 s</c>.</summary>
    public override string ToString()
    {
        string point = string.Join(", ", Values);
        return string.Create(CultureInfo.InvariantCulture, $"Trial {Number}{(point.Length > 0 ? ": " : "")}{point}: {Outcome()}");
    }

    private string Outcome() => Error is not null
        ? $"failed, {Error.Message}"
        : string.Create(CultureInfo.InvariantCulture,
            $"{Metric} {Mean:F4}{(StandardDeviation is { } deviation ? string.Create(CultureInfo.InvariantCulture, $" ± {deviation:F4}") : "")}, " +
            $"{Epochs:0.#} epochs, {Elapsed.TotalSeconds:F1} s{(IsPruned ? ", pruned" : "")}");
}
