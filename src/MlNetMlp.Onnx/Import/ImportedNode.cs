namespace MlNetMlp.Onnx;

/// <summary>One operator of a file.</summary>
internal sealed class ImportedNode
{
    /// <summary>Attributes are looked for one by one; no operator has nearly as many.</summary>
    private const int MostAttributes = 64;

    private readonly List<ImportedAttribute>? _attributes;
    private readonly string _operator = "";
    private readonly string _domain = "";
    private readonly string _name = "";

    /// <param name="message">The operator as it is in the file.</param>
    /// <param name="items">What is in the file so far: operands, results and attributes are counted.</param>
    public ImportedNode(MessageReader message, ItemCount items)
    {
        List<string>? inputs = null, outputs = null;
        while (message.Next())
        {
            switch (message.Field)
            {
                case Fields.Node.Input:
                    items.Add();
                    (inputs ??= []).Add(message.Text());
                    break;
                case Fields.Node.Output:
                    items.Add();
                    (outputs ??= []).Add(message.Text());
                    break;
                case Fields.Node.Name:
                    _name = message.Text();
                    break;
                case Fields.Node.OpType:
                    _operator = message.Text();
                    break;
                case Fields.Node.Domain:
                    _domain = message.Text();
                    break;
                case Fields.Node.Attribute:
                    items.Add();
                    (_attributes ??= []).Add(new ImportedAttribute(message.Message()));
                    if (_attributes.Count > MostAttributes)
                    {
                        throw new InvalidDataException($"The ONNX file is damaged: an operator has more than {MostAttributes} attributes.");
                    }

                    break;
            }
        }

        Inputs = (IReadOnlyList<string>?)inputs ?? [];
        Outputs = (IReadOnlyList<string>?)outputs ?? [];
    }

    public IReadOnlyList<string> Inputs { get; }

    public IReadOnlyList<string> Outputs { get; }

    /// <summary>The operator as messages name it: those of the standard without their domain.</summary>
    public string Name => _domain is "" or "ai.onnx" ? _operator : $"{_domain}.{_operator}";

    public string Output => Outputs.Count > 0 ? Outputs[0] : throw new InvalidDataException($"The ONNX file is damaged: {this} has no output.");

    /// <summary>An operand; empty if it is left out.</summary>
    public string Input(int operand) => operand < Inputs.Count ? Inputs[operand] : "";

    /// <summary>A setting; null if the operator does not have it.</summary>
    public ImportedAttribute? Attribute(string name) => _attributes?.Find(attribute => attribute.Name == name);

    public float Real(string name, float byDefault) => Attribute(name)?.Real ?? byDefault;

    public long Integer(string name, long byDefault) => Attribute(name)?.Integer ?? byDefault;

    /// <summary>The exception for an operator, or a use of one, that has no counterpart here.</summary>
    public NotSupportedException Refuse(string why) => new($"The ONNX file has an {this} that cannot be read as part of a dense network: {why}.");

    public override string ToString() => _name.Length > 0 ? $"operator {Name} '{_name}'"
        : Outputs.Count > 0 ? $"operator {Name} for '{Outputs[0]}'"
        : $"operator {Name}";
}
