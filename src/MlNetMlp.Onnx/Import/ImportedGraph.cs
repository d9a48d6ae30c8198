namespace MlNetMlp.Onnx;

/// <summary>What is in a file.</summary>
/// <param name="Input">The one input that is no constant.</param>
/// <param name="Nodes">The operators.</param>
/// <param name="Constants">The constants by name.</param>
internal sealed record ImportedGraph(string Input, IReadOnlyList<ImportedNode> Nodes, Dictionary<string, ImportedTensor> Constants);
