using System.Runtime.CompilerServices;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>The largest of the weighted sums of each unit: <c>Y[i, j] = max over p of Z[i, p units + j]</c>; see <see cref="Activation.Maxout"/>.</summary>
internal sealed unsafe class MaxoutStep(int units, int pieces) : ScoringStep(units * pieces, units)
{
    /// <summary>The number of sums of a unit; those of all units for the first piece come first.</summary>
    public int Pieces => pieces;

    public override double LargestOutput(double input) => input;

    public override void Apply(ReadOnlyMatrixSpan input, MatrixSpan output) => Maximum(input, output);

    /// <summary>Computes Y [rows, units] from Z [rows, pieces units].</summary>
    public static void Maximum(ReadOnlyMatrixSpan input, MatrixSpan output)
    {
        fixed (float* sums = input.Values, largest = output.Values)
        {
            MatrixMath.Run(new Largest(sums, input.Columns, output.Columns, largest), output.Rows, output.Columns);
        }
    }

    /// <summary>Goes over Y; the sums of a unit are <paramref name="units"/> apart, those of the next row <paramref name="sumsPerRow"/>.</summary>
    private readonly struct Largest(float* sums, int sumsPerRow, int units, float* largest) : IMatrixBody
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<TLanes, TVector, TAccess>(TAccess access, nint at, int row, int column)
            where TLanes : struct, ILanes<TVector>
            where TVector : struct
            where TAccess : struct, IAccess<TVector>
        {
            float* piece = sums + ((nint)row * sumsPerRow) + column;
            TVector maximum = access.Load(piece);
            for (int start = units; start < sumsPerRow; start += units)
            {
                maximum = TLanes.Max(maximum, access.Load(piece + start));
            }

            access.Store(largest + at, maximum);
        }
    }
}
