namespace MlNetMlp.Numerics;

/// <summary>What happens to the elements of a product when they are complete and still in cache: a bias, an activation.</summary>
/// <remarks>
/// A struct, so that the compiler builds the product around it. Every element of the result is handed over exactly once. Pieces
/// arrive in no particular order and from several threads at once, and how the result is cut into pieces depends on the shapes,
/// the processor and the number of threads: what <see cref="Apply"/> does to an element must not depend on its neighbours.
/// </remarks>
internal interface IEpilogue
{
    /// <param name="values">A finished piece of one row of the result, or several whole rows one after the other, to be changed in place.</param>
    /// <param name="row">The row of the result, or the first one.</param>
    /// <param name="column">The column of the result at which the piece starts.</param>
    void Apply(Span<float> values, int row, int column);
}
