using MlNetMlp.Numerics;

namespace MlNetMlp.Interop;

/// <summary>What the class in an exported C# file is called. Immutable.</summary>
public sealed record CSharpExportOptions : ISettings
{
    /// <summary>The namespace: identifiers with dots between them. Default "MlNetMlp.Exported".</summary>
    /// <exception cref="ArgumentException">The value is not a namespace that C# allows without escapes.</exception>
    public string Namespace
    {
        get;
        init => field = Array.TrueForAll(Given(value, nameof(Namespace)).Split('.'), CSharpNames.IsIdentifier)
            ? value
            : throw new ArgumentException($"{nameof(Namespace)} is '{value}'; allowed are identifiers of C# with dots between them, and no keywords.",
                nameof(Namespace));
    } = "MlNetMlp.Exported";

    /// <summary>The name of the class. Default "Network".</summary>
    /// <exception cref="ArgumentException">The value is not an identifier that C# allows without escapes, or is the name of a member of the class.</exception>
    public string ClassName
    {
        get;
        init => field = CSharpNames.IsIdentifier(Given(value, nameof(ClassName))) && !CSharpNames.IsMember(value)
            ? value
            : throw new ArgumentException(
                $"{nameof(ClassName)} is '{value}'; allowed is an identifier of C# that is no keyword and not the name of a member of " +
                "the class, such as Score.", nameof(ClassName));
    } = "Network";

    /// <summary>Whether other assemblies may use the class. Default false.</summary>
    public bool IsPublic { get; init; }

    private static string Given(string value, string name) => value ?? throw new ArgumentNullException(name);

    /// <summary>The name, and what is not as it is by default.</summary>
    public override string ToString() => SettingsText.Of(this);
}
