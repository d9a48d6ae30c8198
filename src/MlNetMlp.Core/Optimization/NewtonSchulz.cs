using System.Numerics.Tensors;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// Replaces a matrix <c>X = U S V^T</c> by about <c>U V^T</c>, the nearest one whose columns or rows are orthonormal, without a singular value
/// decomposition: all singular values are brought to at most 1 and then go through a polynomial again and again, which draws them to about 1.
/// </summary>
/// <remarks>
/// <para>
/// <c>X &lt;- X (a I + b A + c A^2)</c> with <c>A = X^T X</c>, or the same from the left with <c>A = X X^T</c> where that is smaller: a singular value s
/// becomes <c>a s + b s^3 + c s^5</c>. All factors are polynomials of the first A, so they are multiplied with each other, and once with X.
/// </para>
/// <para>
/// The coefficients are the best for two polynomials one after the other, if the singular values are between 0.01 and 1: the first has the least largest
/// distance to 1 there, the second on what the first makes of that (found by linear programming). They come to 0.3 to
/// 1.7, and smaller ones are multiplied by up to 29. The same coefficients again and again (Jordan et al.) have to go three times for that.
/// </para>
/// <para>
/// Keller Jordan et al., "Muon: An optimizer for hidden layers in neural networks", 2024; Noah Amsel et al., "The Polar Express: Optimal matrix sign
/// methods and their application to the Muon algorithm", 2025.
/// </para>
/// </remarks>
internal sealed class NewtonSchulz
{
    /// <summary>a, b and c of each polynomial, in their order.</summary>
    private static readonly (float A, float B, float C)[] _polynomials = [(8.0934f, -23.6204f, 17.4462f), (3.6366f, -2.7219f, 0.5365f)];

    private readonly ThreadTeam _team;
    private readonly AlignedBuffer _gram;
    private readonly AlignedBuffer _factor;
    private readonly AlignedBuffer _total;
    private readonly AlignedBuffer _scratch;
    private readonly AlignedBuffer _product;

    /// <param name="shapes">Those of the matrices to come; at least one.</param>
    /// <param name="team">The threads that share the products; the bits do not depend on their number.</param>
    public NewtonSchulz(IReadOnlyList<Parameter> shapes, ThreadTeam team)
    {
        _team = team;
        int side = shapes.Max(shape => GramMatrix.SideOf(shape.Rows, shape.Columns)), square = checked(side * side);
        (_gram, _factor, _total, _scratch) = (new(square), new(square), new(square), new(square));
        _product = new(shapes.Max(shape => shape.Length));
    }

    /// <summary>Replaces a matrix by <paramref name="scale"/> times the orthogonal one. One of zeros stays; NaN and infinity become NaN.</summary>
    public void Apply(MatrixSpan matrix, float scale)
    {
        double length = Math.Sqrt(OrderedSum.OfSquares(matrix.Values));
        if (length == 0)
        {
            return;
        }

        int side = GramMatrix.SideOf(matrix.Rows, matrix.Columns);
        MatrixSpan gram = _gram.AsMatrix(side, side), factor = _factor.AsMatrix(side, side);
        MatrixSpan total = _total.AsMatrix(side, side), scratch = _scratch.AsMatrix(side, side);
        TensorPrimitives.Multiply(matrix.Values, (float)(1 / length), matrix.Values);
        GramMatrix.Write(matrix, gram, _team);

        // The norm of A bounds its eigenvalues, the squares of the singular values, more closely than that of X bounds those.
        double largest = Math.Sqrt(OrderedSum.OfSquares(gram.Values));
        TensorPrimitives.Multiply(gram.Values, (float)(1 / largest), gram.Values);
        WriteFactor(gram, total, _polynomials[0]);
        total.Values.CopyTo(factor.Values);
        foreach ((float A, float B, float C) polynomial in _polynomials.AsSpan(1))
        {
            MatMul.Multiply(gram, factor, scratch, _team, default(NoEpilogue));
            MatMul.Multiply(scratch, factor, gram, _team, default(NoEpilogue));
            WriteFactor(gram, factor, polynomial);
            MatMul.Multiply(total, factor, scratch, _team, default(NoEpilogue));
            scratch.Values.CopyTo(total.Values);
        }

        TensorPrimitives.Multiply(total.Values, (float)(scale / Math.Sqrt(largest)), total.Values);
        MatrixSpan product = _product.AsMatrix(matrix.Rows, matrix.Columns);
        GramMatrix.Multiply(matrix, total, product, _team);
        product.Values.CopyTo(matrix.Values);
    }

    /// <summary><c>a I + b A + c A^2</c>.</summary>
    private void WriteFactor(MatrixSpan gram, MatrixSpan factor, (float A, float B, float C) polynomial)
    {
        MatMul.Multiply(gram, gram, factor, _team, default(NoEpilogue));
        TensorPrimitives.Multiply(factor.Values, polynomial.C, factor.Values);
        TensorPrimitives.FusedMultiplyAdd(gram.Values, polynomial.B, factor.Values, factor.Values);
        for (int i = 0; i < factor.Rows; i++)
        {
            factor.Row(i)[i] += polynomial.A;
        }
    }
}
