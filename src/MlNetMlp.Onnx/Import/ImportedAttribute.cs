namespace MlNetMlp.Onnx;

/// <summary>A setting of an operator; what it does not have is zero, empty or null.</summary>
internal sealed class ImportedAttribute
{
    /// <summary>Longer lists of whole numbers are no axes.</summary>
    private const int MostIntegers = 64;

    /// <param name="message">The setting as it is in the file.</param>
    public ImportedAttribute(MessageReader message)
    {
        List<float>? reals = null;
        List<long>? integers = null;
        while (message.Next())
        {
            switch (message.Field)
            {
                case Fields.Attribute.Name:
                    Name = message.Text();
                    break;
                case Fields.Attribute.Real:
                    Real = message.Real();
                    break;
                case Fields.Attribute.Integer:
                    Integer = message.Number();
                    break;
                case Fields.Attribute.Text:
                    Text = message.Text();
                    break;
                case Fields.Attribute.Tensor:
                    Tensor = new ImportedTensor(message.Bytes());
                    break;
                case Fields.Attribute.Reals:
                    message.AddReals(reals ??= []);
                    break;
                case Fields.Attribute.Integers when integers is null || integers.Count <= MostIntegers:
                    message.AddNumbers(integers ??= [], MostIntegers);
                    break;
            }
        }

        Reals = reals?.ToArray();
        Integers = integers?.Count <= MostIntegers ? integers : null;
    }

    public string Name { get; } = "";

    public float Real { get; }

    public long Integer { get; }

    public string Text { get; } = "";

    public ImportedTensor? Tensor { get; }

    public float[]? Reals { get; }

    /// <summary>Null also if there are very many.</summary>
    public IReadOnlyList<long>? Integers { get; }
}
