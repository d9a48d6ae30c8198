namespace MlNetMlp.Serving;

/// <summary>The pipeline does not accept a row to be scored: a column is unknown or not set, or its value is refused.</summary>
/// <remarks>The message names the column, what was given and what is allowed, and can be shown to the sender of the row.</remarks>
public sealed class InvalidRowException : InvalidOperationException
{
    internal InvalidRowException(string? columnName, string message, Exception? innerException = null)
        : base(message, innerException) => ColumnName = columnName;

    /// <summary>The name of the column, as it was given; null if the network refused the features as a whole.</summary>
    public string? ColumnName { get; }
}
