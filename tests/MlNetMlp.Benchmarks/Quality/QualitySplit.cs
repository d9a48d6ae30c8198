using System.Globalization;

namespace MlNetMlp.Benchmarks.Quality;

/// <summary>Which rows are learned from and which are the test.</summary>
/// <param name="Folds">Null: the two files. A number: the training file alone, cut into so many folds.</param>
/// <param name="Fold">Of folds, the one that is the test.</param>
internal readonly record struct QualitySplit(int? Folds, int Fold)
{
    /// <summary>Of the two files, or of how many folds.</summary>
    public string Name => NameOf(Folds);

    public static string NameOf(int? folds) => folds is { } count ? string.Create(CultureInfo.InvariantCulture, $"cv{count}") : "test";

    /// <summary>All of a kind.</summary>
    /// <param name="folds">Null: the two files.</param>
    public static IEnumerable<QualitySplit> All(int? folds) => Enumerable.Range(0, folds ?? 1).Select(fold => new QualitySplit(folds, fold));
}
