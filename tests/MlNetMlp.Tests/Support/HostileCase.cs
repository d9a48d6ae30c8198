using Microsoft.ML;

namespace MlNetMlp.Tests.Support;

/// <summary>Data, or a use of an option on them, that nobody wishes for; and what comes of it.</summary>
/// <param name="Name">What is wrong.</param>
/// <param name="Tasks">Who can meet it.</param>
/// <param name="Spoil">Makes it of the rows of a task that are as they should be.</param>
public sealed record HostileCase(string Name, string[] Tasks, Func<string, RowsView, RowsView> Spoil)
{
    /// <summary>Options that the case needs.</summary>
    public Func<MlpTrainerOptions, MlpTrainerOptions> Options { get; init; } = options => options;

    /// <summary>Whether the spoiled rows are those to validate on, beside right ones to train on.</summary>
    public bool IsValidation { get; init; }

    /// <summary>The exception; null: it is learned.</summary>
    public Type? Refusal { get; init; }

    /// <summary>Whether the schema alone is enough to be refused, so that no row is read and a pipeline refuses it, too.</summary>
    public bool IsInSchema { get; init; }

    /// <summary>What the exception has to say.</summary>
    public string[] Message { get; init; } = [];

    public override string ToString() => Name;
}
