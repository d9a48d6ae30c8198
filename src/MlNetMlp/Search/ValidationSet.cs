using Microsoft.ML;

namespace MlNetMlp.Search;

/// <summary>The trials are evaluated on separate rows, and each is one training run on all training rows.</summary>
public sealed record ValidationSet : SearchValidation
{
    /// <summary>Evaluates on these rows.</summary>
    /// <param name="rows">The rows, with the columns that the training rows have before any preprocessing.</param>
    /// <exception cref="ArgumentNullException"><paramref name="rows"/> is null.</exception>
    public ValidationSet(IDataView rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        Rows = rows;
    }

    /// <summary>The rows.</summary>
    public IDataView Rows { get; }

    /// <summary>The name alone: rows are read and not listed.</summary>
    public override string ToString() => nameof(ValidationSet);
}
