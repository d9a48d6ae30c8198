namespace MlNetMlp;

/// <summary>Questions to a source of rows.</summary>
internal static class RowSourceExtensions
{
    /// <summary>The source as one of sparse rows, or null if it has dense ones.</summary>
    public static ISparseRowSource? AsSparse(this IRowSource rows) => rows is ISparseRowSource { IsSparse: true } sparse ? sparse : null;
}
