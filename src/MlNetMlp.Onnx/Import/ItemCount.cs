namespace MlNetMlp.Onnx;

/// <summary>Counts what a file is made of, so that one of very many tiny things is refused before there are objects for them.</summary>
/// <remarks>
/// Limits: 131,072 operators, and 524,288 operands, results, attributes, constants, inputs and outputs together. A network of the 20,000 layers that can
/// be read has less than half of them.
/// </remarks>
internal sealed class ItemCount
{
    public const int MostNodes = 1 << 17;

    private const int MostItems = 1 << 19;

    private int _nodes;
    private int _items;

    /// <exception cref="InvalidDataException">There are too many.</exception>
    public void AddNode()
    {
        if (++_nodes > MostNodes)
        {
            throw new InvalidDataException($"The ONNX file has more than {MostNodes} operators; no more are read.");
        }
    }

    /// <exception cref="InvalidDataException">There are too many.</exception>
    public void Add()
    {
        if (++_items > MostItems)
        {
            throw new InvalidDataException($"The ONNX file has more than {MostItems} operands, attributes and constants; no more are read.");
        }
    }
}
