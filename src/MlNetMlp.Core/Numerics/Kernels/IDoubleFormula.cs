using System.Runtime.Intrinsics;

namespace MlNetMlp.Numerics;

/// <summary>A function of up to three variables, as a formula over vectors of double precision.</summary>
/// <remarks>
/// Its operations are rounded one by one, never fused, so that its bits are the same on every processor: <see cref="Vector512{T}"/> stands for two or four
/// shorter vectors where there are none of that length.
/// </remarks>
internal interface IDoubleFormula
{
    Vector512<double> Of(Vector512<double> x, Vector512<double> y, Vector512<double> z);
}
