namespace MlNetMlp.Onnx;

/// <summary>A setting of an operator; what it does not have is zero, empty or null.</summary>
internal sealed record ImportedAttribute(float Real, long Integer, string Text, float[] Reals, ImportedTensor? Tensor);
