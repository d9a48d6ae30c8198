namespace MlNetMlp.Search;

/// <summary>
/// On which rows the trials of a search are evaluated: <see cref="HeldOut"/>, <see cref="CrossValidation"/> or <see cref="ValidationSet"/>.
/// No trial learns from them; rows for early stopping are taken from the others, as the options say.
/// </summary>
public abstract record SearchValidation
{
    private protected SearchValidation()
    {
    }

    /// <summary>The number of training runs that a trial has.</summary>
    internal virtual int TrainingsPerTrial => 1;
}
