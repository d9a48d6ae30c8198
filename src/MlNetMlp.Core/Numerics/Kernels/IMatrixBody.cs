namespace MlNetMlp.Numerics;

/// <summary>What is done at every place of a matrix, with as many operands as it takes: matrices of that size, rows and columns of numbers.</summary>
internal interface IMatrixBody
{
    /// <summary>Loads, computes and stores.</summary>
    /// <param name="access">Loads and stores.</param>
    /// <param name="at">Where the place is in a matrix: behind its first element by so many.</param>
    /// <param name="row">The row of the place.</param>
    /// <param name="column">The first column of the place.</param>
    void At<TLanes, TVector, TAccess>(TAccess access, nint at, int row, int column)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
        where TAccess : struct, IAccess<TVector>;
}
