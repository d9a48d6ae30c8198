namespace MlNetMlp.Numerics;

/// <summary>What is summed over the rows of a matrix, column by column.</summary>
internal interface IColumnTerm
{
    /// <summary>The terms of a place; for the parameters see <see cref="IMatrixBody"/>.</summary>
    TVector At<TLanes, TVector, TAccess>(TAccess access, nint at, int row, int column)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
        where TAccess : struct, IAccess<TVector>;
}
