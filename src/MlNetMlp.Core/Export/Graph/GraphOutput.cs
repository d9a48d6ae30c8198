namespace MlNetMlp;

/// <summary>A value [rows, <paramref name="Columns"/>] that the graph gives to its users.</summary>
internal sealed record GraphOutput(string Name, ElementType Type, int Columns, string Description);
