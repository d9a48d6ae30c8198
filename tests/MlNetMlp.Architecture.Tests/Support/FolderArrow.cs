namespace MlNetMlp.Architecture.Tests.Support;

/// <summary>A type uses another one.</summary>
/// <param name="From">The type that uses the other, with its namespace.</param>
/// <param name="FromFolder">The folder of its file, from the project's folder; empty for the project's folder itself.</param>
/// <param name="To">The type that is used.</param>
/// <param name="ToFolder">The folder of that type's file.</param>
internal sealed record FolderArrow(string From, string FromFolder, string To, string ToFolder)
{
    public override string ToString() => $"{From}{In(FromFolder)} -> {To}{In(ToFolder)}";

    private static string In(string folder) => folder.Length == 0 ? "" : $" in {folder}";
}
