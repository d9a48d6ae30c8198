using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetMlp;

/// <summary>Reads the label of the row that a cursor stands on.</summary>
/// <param name="targetCount">The number of values of a label.</param>
internal abstract class LabelReader(int targetCount)
{
    public int TargetCount { get; } = targetCount;

    /// <summary>Writes the label, NaN for what is missing, to <paramref name="targets"/> [<see cref="TargetCount"/>].</summary>
    /// <exception cref="InvalidOperationException">The value is not one that the column's type allows.</exception>
    public abstract void Read(Span<float> targets);

    /// <summary>A label of one value.</summary>
    public static LabelReader Scalar<T>(DataViewRow row, DataViewSchema.Column column, Func<T, float> convert) => new ScalarReader<T>(row, column, convert);

    /// <summary>A label of several values.</summary>
    public static LabelReader Vector(DataViewRow row, DataViewSchema.Column column, int size) => new VectorReader(row, column, size);

    private sealed class ScalarReader<T>(DataViewRow row, DataViewSchema.Column column, Func<T, float> convert) : LabelReader(1)
    {
        private readonly ValueGetter<T> _getter = row.GetGetter<T>(column);
        private T _value = default!;

        public override void Read(Span<float> targets)
        {
            _getter(ref _value);
            targets[0] = convert(_value);
        }
    }

    private sealed class VectorReader(DataViewRow row, DataViewSchema.Column column, int size) : LabelReader(size)
    {
        private readonly VectorReading _reading = new(row, column, size);

        public override void Read(Span<float> targets) => _reading.Read(targets);
    }
}
