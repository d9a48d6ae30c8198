namespace MlNetMlp.Tests.Support;

/// <summary>A column of one of ML.NET's types, and which trainers take it.</summary>
/// <param name="Name">The type, as tests show it.</param>
/// <param name="Column">The column, named <c>Label</c>, <c>Features</c> or <c>Weight</c>, for the rows of <see cref="TrainerCase"/>.</param>
/// <param name="Tasks">The tasks of <see cref="TrainerCase.Tasks"/> whose trainers take it, by their documentation.</param>
public sealed record ColumnKind(string Name, ViewColumn Column, params string[] Tasks)
{
    /// <summary>What ML.NET's own trainers refuse, and ours does not: the reason.</summary>
    public string? OursAlone { get; init; }
}
