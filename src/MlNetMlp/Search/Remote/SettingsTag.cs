namespace MlNetMlp.Search;

/// <summary>How a value among settings is written. A number, once given, is never reused.</summary>
internal enum SettingsTag : byte
{
    None = 0,
    Boolean = 1,
    Int32 = 2,
    Int64 = 3,
    Single = 4,
    Double = 5,
    Text = 6,
    Named = 7,
    List = 8,
    Tuple = 9,
    Settings = 10,
    Time = 11,
}
