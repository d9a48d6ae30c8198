namespace MlNetMlp;

/// <summary>A kind of section, of which a file has one or none.</summary>
/// <param name="Id">Its name in the file: 1 to 8 of the letters A to Z and the digits. A name, once given, keeps its meaning and its layout for ever.</param>
/// <param name="IsRequired">Whether a release that does not know the section has to refuse the file; otherwise it skips the section.</param>
internal sealed record SectionKind(string Id, bool IsRequired = true);
