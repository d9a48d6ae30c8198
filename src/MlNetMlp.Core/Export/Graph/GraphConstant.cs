namespace MlNetMlp;

/// <summary>A tensor that belongs to the graph, with the numbers <typeparamref name="T"/> row after row.</summary>
internal sealed record GraphConstant<T>(string Name, T[] Values, IReadOnlyList<long> Shape);
