namespace MlNetMlp.Networks;

/// <summary>Weights, biases or statistics of a layer of a trained network, to be read. Immutable.</summary>
public sealed class WeightMatrix
{
    internal WeightMatrix(Parameter parameter, ReadOnlyMemory<float> values)
    {
        (Name, Rows, Columns, IsLearned) = (parameter.Name, parameter.Rows, parameter.Columns, parameter.Trainable);
        Values = values;
    }

    /// <summary>The name: that of the layer, a dot and what it is, for example <c>Hidden1.Weights</c>, <c>Output.Biases</c>.</summary>
    public string Name { get; }

    /// <summary>The number of rows: of weights one for each input of the layer; 1 for biases.</summary>
    public int Rows { get; }

    /// <summary>The number of columns: one for each sum that the layer forms, which are its units.</summary>
    public int Columns { get; }

    /// <summary>Whether it was learned; false for statistics that the training measured, such as the means of <see cref="BatchNormalization"/>.</summary>
    public bool IsLearned { get; }

    /// <summary>[<see cref="Rows"/>, <see cref="Columns"/>], row after row: the values themselves, not a copy.</summary>
    public ReadOnlyMemory<float> Values { get; }

    /// <summary>A value.</summary>
    /// <param name="row">The row, from 0.</param>
    /// <param name="column">The column, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row or column.</exception>
    public float this[int row, int column] => column >= 0 && column < Columns
        ? Row(row)[column]
        : throw new ArgumentOutOfRangeException(nameof(column), column, FormattableString.Invariant($"{Name} has {Columns} columns, from 0."));

    /// <summary>A row of values.</summary>
    /// <param name="row">The row, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public ReadOnlySpan<float> Row(int row) => row >= 0 && row < Rows
        ? Values.Span.Slice(row * Columns, Columns)
        : throw new ArgumentOutOfRangeException(nameof(row), row, FormattableString.Invariant($"{Name} has {Rows} rows, from 0."));

    /// <summary>The name and the shape, for example <c>Hidden1.Weights, 784 x 100</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"{Name}, {Rows} x {Columns}");
}
