namespace MlNetMlp.Search;

/// <summary>The fold of each row, as content.</summary>
internal static class FoldAssignment
{
    public static byte[] ToBytes(int[] folds) => RemoteFormats.Seal(RemoteFormats.Folds, writer =>
    {
        writer.Write(folds.Length);
        Array.ForEach(folds, writer.Write);
    });

    /// <exception cref="InvalidDataException">The bytes are damaged.</exception>
    public static int[] Read(byte[] bytes) => RemoteFormats.Open(RemoteFormats.Folds, bytes, reader =>
    {
        int[] folds = new int[reader.Count(sizeof(int), "rows")];
        for (int row = 0; row < folds.Length; row++)
        {
            folds[row] = reader.Int32();
        }

        return folds;
    });
}
