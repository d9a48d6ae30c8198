namespace Microsoft.ML;

/// <summary>Loads text files.</summary>
public static class TextLoaderSaverCatalog
{
    public static IDataView LoadFromTextFile<TInput>(
        this DataOperationsCatalog catalog, string path, char separatorChar = '\t', bool hasHeader = false, bool allowQuoting = false,
        bool trimWhitespace = false, bool allowSparse = false)
    {
        Check.Value(catalog, nameof(catalog));
        Check.Param(File.Exists(Check.NonEmpty(path, nameof(path))), nameof(path), $"There is no file '{path}'");
        return new TextView(path, typeof(TInput), new TextFormat(separatorChar, hasHeader, allowQuoting, trimWhitespace, allowSparse));
    }
}
