namespace MlNetMlp.Onnx.Tests;

/// <summary>An operator of a <see cref="GraphFile"/>; attributes are Single, Int64, text, or lists of the first two.</summary>
internal sealed record GraphFileNode(string Operator, string[] Inputs, string Output, (string Name, object Value)[] Attributes)
{
    private const string Learning = "ai.onnx.ml.";

    public Message ToMessage()
    {
        bool isStandard = !Operator.StartsWith(Learning, StringComparison.Ordinal);
        Message node = Inputs.Aggregate(new Message(), (message, input) => message.Text(1, input)).Text(2, Output).Text(3, "node of " + Output)
            .Text(4, isStandard ? Operator : Operator[Learning.Length..]);
        foreach ((string name, object value) in Attributes)
        {
            node.Nested(5, AttributeOf(name, value));
        }

        return isStandard ? node : node.Text(7, "ai.onnx.ml");
    }

    private static Message AttributeOf(string name, object value)
    {
        Message message = new Message().Text(1, name);
        switch (value)
        {
            case float real:
                return message.Real(2, real).Number(20, 1);
            case long whole:
                return message.Number(3, whole).Number(20, 2);
            case string text:
                return message.Text(4, text).Number(20, 3);
            case float[] reals:
                Array.ForEach(reals, real => message.Real(7, real));
                return message.Number(20, 6);
            case long[] wholes:
                Array.ForEach(wholes, whole => message.Number(8, whole));
                return message.Number(20, 7);
            default:
                throw new NotSupportedException(value.GetType().Name);
        }
    }
}
