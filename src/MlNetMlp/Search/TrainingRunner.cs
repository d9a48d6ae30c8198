namespace MlNetMlp.Search;

/// <summary>Where the training runs of a search take place; null in <see cref="SearchOptions.Runner"/> means on threads of this process.</summary>
/// <remarks>
/// A training run depends on its options, its seed and its rows alone, so the trials and the model are the same, bit for bit, wherever it takes place.
/// The package <c>MlNetMlp.Orleans</c> has a runner for a cluster.
/// </remarks>
public abstract class TrainingRunner
{
    private protected TrainingRunner()
    {
    }

    /// <summary>Refuses what cannot be sent, before rows are read.</summary>
    /// <exception cref="NotSupportedException">An option or the metric belongs to this program; the message names it.</exception>
    internal abstract void Check(TrainingPlan plan);

    /// <summary>Makes ready for the training runs of a search; nothing is trained yet.</summary>
    /// <param name="plan">What is going to be trained.</param>
    /// <param name="folds">For each fold the rows to learn from and the rows to evaluate on.</param>
    /// <param name="cancellationToken">Ends the preparation.</param>
    internal abstract TrainingSession Start(TrainingPlan plan, IReadOnlyList<FoldViews> folds, CancellationToken cancellationToken);
}
