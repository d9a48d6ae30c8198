namespace MlNetMlp;

/// <summary>Rows that are those of another source, chosen or changed.</summary>
internal interface IDerivedRows : IRowSource
{
    /// <summary>The other source, and the number that a row has there.</summary>
    (IRowSource Source, int Row) OriginOf(int row);
}
