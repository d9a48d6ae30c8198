using System.Security.Cryptography;
using System.Text;

namespace MlNetMlp.Search;

/// <summary>The training runs of a search as requests.</summary>
/// <param name="task">The task.</param>
/// <param name="metric">The name of the metric.</param>
/// <param name="folds">The rows of each fold.</param>
internal sealed class TrainingRequests(MlpTask task, string metric, IReadOnlyList<(RowChoice Training, RowChoice Test)> folds)
{
    /// <summary>The request for a training run, which has one thread.</summary>
    public byte[] Of(MlpTrainerOptions options, int fold, IReadOnlyList<double>? limits = null) =>
        new TrainingRequest(task, metric, options with { NumberOfThreads = 1 }, folds[fold].Training, folds[fold].Test, limits).ToBytes();

    /// <summary>What the search is known by: the same rows, options and version make the same name in every process.</summary>
    public string NameOfSearch(IEnumerable<MlpTrainerOptions> trials, string version)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        digest.AppendData(Encoding.UTF8.GetBytes(version));
        foreach (MlpTrainerOptions options in trials)
        {
            for (int fold = 0; fold < folds.Count; fold++)
            {
                digest.AppendData(SHA256.HashData(Of(options, fold)));
            }
        }

        return Convert.ToHexStringLower(digest.GetHashAndReset());
    }
}
