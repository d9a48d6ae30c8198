using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests.Support;

/// <summary>Calls the product of a form by its name.</summary>
internal static class Products
{
    public static void Run(
        string form, ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> result, int m, int n, int k, ThreadTeam team)
    {
        MatrixSpan target = new(result, m, n);
        switch (form)
        {
            case "NN":
                MatMul.Multiply(new(left, m, k), new ReadOnlyMatrixSpan(right, k, n), target, team, default(NoEpilogue));
                break;
            case "NT":
                MatMul.MultiplyTransposed(new(left, m, k), new(right, n, k), target, team);
                break;
            default:
                MatMul.TransposedMultiply(new(left, k, m), new(right, k, n), target, team);
                break;
        }
    }

    public static void RunPacked(ReadOnlySpan<float> left, PackedMatrix right, Span<float> result, int m) =>
        MatMul.Multiply(new(left, m, right.Rows), right, new MatrixSpan(result, m, right.Columns), default(NoEpilogue));
}
