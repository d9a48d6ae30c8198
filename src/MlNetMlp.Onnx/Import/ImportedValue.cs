namespace MlNetMlp.Onnx;

/// <summary>An input or an output as a file declares it.</summary>
/// <param name="Name">The name of the value.</param>
/// <param name="Type">The type of its elements; null if it is no tensor, or not declared.</param>
/// <param name="IsTensor">False for what is declared as something else, such as a list of maps.</param>
/// <param name="Shape">The dimensions, -1 for those that are free; null: not declared.</param>
internal sealed record ImportedValue(string Name, ElementType? Type, bool IsTensor, IReadOnlyList<long>? Shape)
{
    private const int MostDimensions = 16;

    public static ImportedValue Read(MessageReader value)
    {
        var result = new ImportedValue("", null, true, null);
        while (value.Next())
        {
            result = value.Field switch
            {
                Fields.ValueInfo.Name => result with { Name = value.Text() },
                Fields.ValueInfo.Type => WithType(result, value.Message()),
                _ => result,
            };
        }

        return result;
    }

    private static ImportedValue WithType(ImportedValue value, MessageReader type)
    {
        while (type.Next())
        {
            if (type.Field != Fields.Type.TensorType)
            {
                value = value with { IsTensor = false };
                continue;
            }

            MessageReader tensor = type.Message();
            while (tensor.Next())
            {
                value = tensor.Field switch
                {
                    Fields.Type.ElementType => value with { Type = (ElementType)tensor.Number() },
                    Fields.Type.Shape => value with { Shape = ReadShape(tensor.Message()) },
                    _ => value,
                };
            }
        }

        return value;
    }

    private static List<long> ReadShape(MessageReader shape)
    {
        List<long> dimensions = [];
        while (shape.Next())
        {
            if (shape.Field == Fields.Type.Dimension)
            {
                MessageReader dimension = shape.Message();
                dimensions.Add(-1);
                while (dimension.Next())
                {
                    dimensions[^1] = dimension.Field == Fields.Type.DimensionValue ? dimension.Number() : dimensions[^1];
                }
            }

            if (dimensions.Count > MostDimensions)
            {
                throw new InvalidDataException($"The ONNX file is damaged: a value has more than {MostDimensions} dimensions.");
            }
        }

        return dimensions;
    }
}
