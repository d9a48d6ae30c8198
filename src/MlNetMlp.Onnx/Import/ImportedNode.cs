namespace MlNetMlp.Onnx;

/// <summary>One operator of a file.</summary>
internal sealed record ImportedNode(
    string Operator, string Domain, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs, IReadOnlyDictionary<string, ImportedAttribute> Attributes)
{
    /// <summary>The operator as messages name it.</summary>
    public string Name => Domain is "" or "ai.onnx" ? Operator : $"{Domain}.{Operator}";

    public string Output => Outputs.Count > 0 ? Outputs[0] : throw new InvalidDataException($"The ONNX file is damaged: an operator {Name} has no output.");

    public float Real(string name, float byDefault) => Attributes.TryGetValue(name, out ImportedAttribute? found) ? found.Real : byDefault;

    public long Integer(string name, long byDefault) => Attributes.TryGetValue(name, out ImportedAttribute? found) ? found.Integer : byDefault;

    /// <summary>The exception for a setting or an operand that has no counterpart here.</summary>
    public NotSupportedException Refuse(string why) => new($"The ONNX file has an operator {Name} that cannot be read as a layer: {why}.");
}
