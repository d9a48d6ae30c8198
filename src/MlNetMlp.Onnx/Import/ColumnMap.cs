namespace MlNetMlp.Onnx;

/// <summary><c>y = scale x + shift</c>, column by column; a single number holds for all columns.</summary>
internal sealed class ColumnMap(double[] scale, double[] shift)
{
    /// <summary>The number of columns, or 1 where any number will do.</summary>
    public int Columns => Math.Max(scale.Length, shift.Length);

    /// <summary>Whether nothing is added to any column.</summary>
    public bool HasNoShift => Array.TrueForAll(shift, value => value == 0);

    public double Scale(int column) => scale[scale.Length == 1 ? 0 : column];

    public double Shift(int column) => shift[shift.Length == 1 ? 0 : column];

    /// <summary>Whether it fits as many columns.</summary>
    public bool Fits(int columns) => (scale.Length == 1 || scale.Length == columns) && (shift.Length == 1 || shift.Length == columns);

    /// <summary>This map, and <paramref name="next"/> of its result.</summary>
    public ColumnMap Then(ColumnMap next)
    {
        int columns = Math.Max(Columns, next.Columns);
        return Fits(columns) && next.Fits(columns)
            ? new(
                [.. Enumerable.Range(0, columns).Select(j => next.Scale(j) * Scale(j))],
                [.. Enumerable.Range(0, columns).Select(j => next.Scale(j) * Shift(j) + next.Shift(j))])
            : throw new InvalidDataException("The ONNX file is damaged: two operators work on different numbers of columns.");
    }
}
