namespace MlNetMlp.Search;

/// <summary>
/// The keys of grains that belong to a silo: its address and a name. Who fails to reach one takes another name: what the cluster knows of a grain may have been
/// on a silo that has died, and it may have made the grain anew on a wrong one.
/// </summary>
internal static class SiloKey
{
    private const char Separator = '/';

    public static string Of(string silo, string name) => silo + Separator + name;

    /// <summary>A name that no grain had before.</summary>
    public static string NewName() => Guid.NewGuid().ToString("n");

    /// <summary>The address of the silo.</summary>
    public static string SiloOf(string key) => key.IndexOf(Separator, StringComparison.Ordinal) is >= 0 and var end ? key[..end] : key;
}
