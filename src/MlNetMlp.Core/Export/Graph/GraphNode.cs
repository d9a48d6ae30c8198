namespace MlNetMlp;

/// <summary>One operator of a graph: it makes the value <paramref name="Output"/>.</summary>
internal sealed record GraphNode(string Operator, IReadOnlyList<string> Inputs, string Output, IReadOnlyList<GraphAttribute> Attributes);
