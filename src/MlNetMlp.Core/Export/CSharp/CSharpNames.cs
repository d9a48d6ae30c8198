using System.Globalization;

namespace MlNetMlp.Interop;

/// <summary>Which names a class can have in an exported file.</summary>
internal static class CSharpNames
{
    /// <summary>The reserved words, those of the others that cannot name a type, and the sign for what is thrown away, which the code uses as such.</summary>
    private static readonly HashSet<string> _keywords =
    [
        .. """
        abstract as base bool break byte case catch char checked class const continue decimal default delegate do double else enum event explicit extern
        false finally fixed float for foreach goto if implicit in int interface internal is lock long namespace new null object operator out override
        params private protected public readonly ref return sbyte sealed short sizeof stackalloc static string struct switch this throw true try typeof
        uint ulong unchecked unsafe ushort using virtual void volatile while
        _ await dynamic extension field file nint notnull nuint partial record required scoped unmanaged var where yield
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries),
    ];

    /// <summary>Whether C# takes the text as a name without escapes.</summary>
    public static bool IsIdentifier(string text) =>
        text.Length > 0 && (char.IsLetter(text[0]) || text[0] == '_') && text.All(c => char.IsLetterOrDigit(c) || c == '_') && text.IsNormalized()
        && !_keywords.Contains(text);

    /// <summary>Whether a member of the exported class, or a type that its code names, is called so.</summary>
    public static bool IsMember(string text) => text is "global" || CSharpScorer.Members.Contains(text) || CSharpFunctions.Names.Contains(text);

    /// <summary>A number as C# reads it back with the same bits.</summary>
    public static string Literal(float value) => value.ToString("R", CultureInfo.InvariantCulture) + "f";
}
