using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests.Numerics;

/// <summary>The carriers of shapes and memory.</summary>
public sealed class MatrixSpanTests
{
    [Fact]
    public void RowAndSlice_OfAMatrix_ViewTheSameFloats()
    {
        float[] values = [0, 1, 2, 3, 4, 5];
        MatrixSpan matrix = new(values, 3, 2);
        Assert.Equal([2, 3], matrix.Row(1).ToArray());
        matrix.Slice(1, 2).Row(1)[0] = 9;
        Assert.Equal(9, values[4]);

        ReadOnlyMatrixSpan view = matrix;
        Assert.Equal((3, 2), (view.Rows, view.Columns));
        Assert.Equal([9, 5], view.Row(2).ToArray());
        Assert.Equal([2, 3, 9, 5], view.Slice(1, 2).Values.ToArray());
        Assert.Equal(0, view.Slice(3, 0).Rows);
    }

    [Theory]
    [InlineData(5, 2, 3)]
    [InlineData(7, 2, 3)]
    [InlineData(0, 65536, 65536)]
    public void Constructor_LengthIsNotTheShape_Throws(int length, int rows, int columns)
    {
        ArgumentException exception = Assert.Throws<ArgumentException>(() => new MatrixSpan(new float[length], rows, columns).Rows);
        string needs = $"[{rows}, {columns}] matrix needs {(long)rows * columns} values, but {length}";
        Assert.Contains(needs, exception.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new ReadOnlyMatrixSpan(new float[length], rows, columns).Rows);
    }

    [Theory]
    [InlineData(-1, 3)]
    [InlineData(3, -1)]
    [InlineData(-2, -3)]
    public void Constructor_NegativeExtent_Throws(int rows, int columns)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new MatrixSpan(new float[6], rows, columns).Rows);
        Assert.Throws<ArgumentOutOfRangeException>(() => new ReadOnlyMatrixSpan(new float[6], rows, columns).Rows);
    }

    [Fact]
    public unsafe void AlignedBuffer_AnyLength_IsZeroedAlignedAndStays()
    {
        for (int length = 0; length < 100; length++)
        {
            AlignedBuffer buffer = new(length);
            nint address = (nint)buffer.Pointer;
            Assert.Equal(0, address % 64);
            Assert.Equal(length, buffer.Span.Length);
            Assert.All(buffer.Span.ToArray(), value => Assert.Equal(0, value));
            buffer.Span.Fill(1);
            GC.Collect(0);
            Assert.Equal(address, (nint)buffer.Pointer);
        }

        Assert.Equal(6, new AlignedBuffer(7).AsMatrix(2, 3).Values.Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => new AlignedBuffer(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AlignedBuffer(5).AsMatrix(2, 3).Rows);
    }
}
