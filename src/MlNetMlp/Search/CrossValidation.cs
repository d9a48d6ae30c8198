namespace MlNetMlp.Search;

/// <summary>
/// The rows are divided into folds, the same for all trials and with the same part of every class; each trial is trained once for each fold, on the
/// rows of the others, and evaluated by the mean over the folds. It costs as many training runs as there are folds, and depends
/// less on the luck of one split than <see cref="HeldOut"/>: for few rows.
/// </summary>
public sealed record CrossValidation : SearchValidation
{
    /// <summary>Divides the rows into folds.</summary>
    /// <param name="folds">The number of folds, at least 2.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="folds"/> is less than 2.</exception>
    public CrossValidation(int folds = 5) => Folds = folds >= 2
        ? folds
        : throw new ArgumentOutOfRangeException(nameof(folds), folds, FormattableString.Invariant($"{nameof(Folds)} is {folds}; it must be at least 2."));

    /// <summary>The number of folds.</summary>
    public int Folds { get; }

    internal override int TrainingsPerTrial => Folds;

    /// <summary>For example <c>CrossValidation { Folds = 5 }</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"{nameof(CrossValidation)} {{ {nameof(Folds)} = {Folds} }}");
}
