using System.Runtime.CompilerServices;
using MlNetMlp.Core.Tests.Support;
using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests.Numerics;

public sealed unsafe class MatrixMathTests
{
    private const int Rows = 5;

    /// <summary>Between guard pages, so that a place beyond a matrix, a row of numbers or a column of them would end the program.</summary>
    [Fact]
    public void Run_EveryNumberOfColumnsBetweenGuardPages_ComputesEveryPlaceFromItsRowAndColumn()
    {
        using GuardedMemory matrix = new(Rows * 256), results = new(Rows * 256), ofRows = new(Rows), ofColumns = new(256);
        for (int columns = 0; columns <= 256; columns++)
        {
            for (int end = 0; end < 2; end++)
            {
                Span<float> x = matrix.At(end == 1, Rows * columns), result = results.At(end == 1, Rows * columns);
                Span<float> row = ofRows.At(end == 1, Rows), column = ofColumns.At(end == 1, columns);
                TestData.Fill(x, columns);
                TestData.Fill(row, columns + 1);
                TestData.Fill(column, columns + 2);
                fixed (float* values = x, factors = row, terms = column, target = result)
                {
                    MatrixMath.Run(new ScaleAndAdd(values, factors, terms, target), Rows, columns);
                }

                for (int i = 0; i < result.Length; i++)
                {
                    Assert.Equal((float)(x[i] * row[i / columns]) + column[i % columns], result[i]);
                }
            }
        }
    }

    [Fact]
    public void AddColumnSums_OfProductsBetweenGuardPages_AddsThemInTheOrderOfTheRows()
    {
        using GuardedMemory left = new(Rows * 256), right = new(Rows * 256), sums = new(256);
        for (int columns = 0; columns <= 256; columns++)
        {
            for (int end = 0; end < 2; end++)
            {
                Span<float> x = left.At(end == 1, Rows * columns), y = right.At(end == 1, Rows * columns), target = sums.At(end == 1, columns);
                TestData.Fill(x, columns);
                TestData.Fill(y, columns + 1);
                target.Fill(3);
                fixed (float* first = x, second = y)
                {
                    MatrixMath.AddColumnSums(new MatrixMath.Products(first, second), columns, Rows, target);
                }

                for (int j = 0; j < columns; j++)
                {
                    float expected = 3;
                    for (int i = 0; i < Rows; i++)
                    {
                        expected += (float)(x[i * columns + j] * y[i * columns + j]);
                    }

                    Assert.Equal(expected, target[j]);
                }
            }
        }
    }

    private readonly struct ScaleAndAdd(float* matrix, float* ofRows, float* ofColumns, float* result) : IMatrixBody
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<TLanes, TVector, TAccess>(TAccess access, nint at, int row, int column)
            where TLanes : struct, ILanes<TVector>
            where TVector : struct
            where TAccess : struct, IAccess<TVector> => access.Store(
                result + at, TLanes.Add(TLanes.Multiply(access.Load(matrix + at), TLanes.Broadcast(ofRows[row])), access.Load(ofColumns + column)));
    }
}
