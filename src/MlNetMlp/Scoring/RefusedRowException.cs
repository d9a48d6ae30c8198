namespace MlNetMlp;

/// <summary>The network refuses a value of a row.</summary>
/// <param name="position">The row's number in what is scored, from 0.</param>
/// <param name="finding">Column, slot and value, and what is wrong with it.</param>
/// <param name="exception">What the network said.</param>
internal sealed class RefusedRowException(long position, string finding, InvalidFeatureException exception)
    : InvalidOperationException($"Row {position} (from 0), {finding}", exception)
{
    /// <summary>The message without the number, for a caller whose rows have other numbers or none.</summary>
    public string Finding => finding;
}
