namespace MlNetMlp.Search;

/// <summary>What the values of a column that is sent are. A number, once given, is never reused.</summary>
internal enum TableColumnKind : byte
{
    Boolean = 1,
    Single = 2,
    Key = 3,
    Vector = 4,
}
