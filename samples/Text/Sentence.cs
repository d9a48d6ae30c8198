namespace Text;

/// <summary>What the documentation says of a member, and the library that it belongs to.</summary>
internal sealed class Sentence
{
    public string Words { get; set; } = "";

    public string Library { get; set; } = "";
}
