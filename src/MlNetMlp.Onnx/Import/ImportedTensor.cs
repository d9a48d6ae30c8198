namespace MlNetMlp.Onnx;

/// <summary>A constant of a file: shape and numbers, row after row; no numbers if they are of a kind that no weights have.</summary>
internal sealed record ImportedTensor(string Name, IReadOnlyList<long> Shape, float[]? Values);
