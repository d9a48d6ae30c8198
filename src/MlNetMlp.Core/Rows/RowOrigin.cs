namespace MlNetMlp;

/// <summary>Where a row came from, so that messages have the number that it has for the caller and not for whatever was made of the caller's rows.</summary>
internal static class RowOrigin
{
    /// <summary>The source that was given in the first place, and the row's number in it.</summary>
    public static (IRowSource Source, int Row) Of(IRowSource source, int row)
    {
        while (source is IDerivedRows derived)
        {
            (source, row) = derived.OriginOf(row);
        }

        return (source, row);
    }
}
