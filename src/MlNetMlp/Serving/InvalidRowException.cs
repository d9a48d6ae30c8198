namespace MlNetMlp.Serving;

/// <summary>A row that was to be scored is not one that the pipeline takes: a column is unknown or not set, or its value is refused.</summary>
/// <remarks>The message names the column, what was given and what is allowed, and can be shown to whoever sent the row.</remarks>
public sealed class InvalidRowException : InvalidOperationException
{
    internal InvalidRowException(string? columnName, string message, Exception? innerException = null)
        : base(message, innerException) => ColumnName = columnName;

    /// <summary>The name of the column, as it was given; null if the network refused the features as a whole.</summary>
    public string? ColumnName { get; }
}
