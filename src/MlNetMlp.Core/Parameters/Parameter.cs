namespace MlNetMlp;

/// <summary>
/// A named view of the flat parameter vector: where one layer's weights, biases or statistics lie in it, their shape, and all that optimizers,
/// penalties and initialization have to know of them. It holds no values; <see cref="ParameterVector.Value"/> and
/// <see cref="ParameterVector.Gradient"/> give them.
/// </summary>
/// <param name="Name">Unique in its layout, for example <c>Hidden1.Weights</c>; error messages and diagnoses use it.</param>
/// <param name="Rows">Rows of the matrix, row-major; a dense layer's weights are <c>[inputs, outputs]</c>.</param>
/// <param name="Columns">Columns of the matrix; a bias is <c>[1, outputs]</c>.</param>
internal sealed record Parameter(string Name, int Rows, int Columns)
{
    /// <summary>The part of the network that it belongs to.</summary>
    public NetworkPart Part { get; init; }

    /// <summary>Index of the first element within its part of the vector: the trainable part, or the statistics. Given by the layout.</summary>
    public int Offset { get; init; }

    /// <summary>False for statistics that training measures instead of learning, such as running means. Default true.</summary>
    public bool Trainable { get; init; } = true;

    /// <summary>True for a statistic that counts the mini-batches of the training. Default false.</summary>
    public bool CountsSteps { get; init; }

    /// <summary>True where L1, L2 and weight decay apply: weights; never biases nor normalization gains. Default false.</summary>
    public bool Decays { get; init; }

    /// <summary>True for what is added to the sums of units: biases, and the shifts of normalizations. Default false.</summary>
    public bool IsBias { get; init; }

    /// <summary>What draws the starting values, [fan-in, fan-out]. Default null: all are <see cref="InitialValue"/>.</summary>
    public Initializer? Initializer { get; init; }

    /// <summary>What the starting values are addressed by, beside the part. Default <see cref="RandomPurpose.Weights"/>.</summary>
    public RandomPurpose Purpose { get; init; } = RandomPurpose.Weights;

    /// <summary>The starting value of all elements, where neither <see cref="Initializer"/> nor <see cref="LengthsOf"/> says otherwise. Default 0.</summary>
    public float InitialValue { get; init; }

    /// <summary>
    /// The weights whose columns have these elements for lengths and count by their direction alone, or null. The starting values are the
    /// lengths of the columns as they were drawn.
    /// </summary>
    public Parameter? LengthsOf { get; init; }

    /// <summary>The number of elements.</summary>
    public int Length => Rows * Columns;
}
