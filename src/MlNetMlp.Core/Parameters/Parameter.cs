namespace MlNetMlp;

/// <summary>
/// A named view of the flat parameter vector: where one layer's weights, biases or statistics lie in it, and their shape.
/// It holds no values; <see cref="ParameterVector.Value"/> and <see cref="ParameterVector.Gradient"/> give them.
/// </summary>
/// <param name="Name">Unique in its layout, for example <c>hidden1.weights</c>; checkpoints and error messages use it.</param>
/// <param name="Offset">Index of the first element within its part of the vector: the trainable part, or the statistics.</param>
/// <param name="Rows">Rows of the matrix, row-major; a dense layer's weights are <c>[inputs, outputs]</c>.</param>
/// <param name="Columns">Columns of the matrix; a bias is <c>[1, outputs]</c>.</param>
/// <param name="Trainable">False for statistics that training measures instead of learning, such as running means.</param>
/// <param name="Decays">True where L1, L2 and weight decay apply: weights; never biases nor normalization gains.</param>
internal sealed record Parameter(string Name, int Offset, int Rows, int Columns, bool Trainable, bool Decays)
{
    public int Length => Rows * Columns;

    /// <summary>The weights whose columns have these elements for lengths and count by their direction alone, or null.</summary>
    public Parameter? LengthsOf { get; init; }
}
