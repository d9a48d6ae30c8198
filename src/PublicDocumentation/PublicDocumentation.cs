using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

/// <summary>
/// Takes the members that users of an assembly cannot see out of its XML documentation: the compiler writes down those of internal types, too.
/// Arguments: the assembly, and its XML file, which is changed in place.
/// </summary>
internal static class PublicDocumentation
{
    private static int Main(string[] args)
    {
        if (args.Length != 2)
        {
            Console.Error.WriteLine("usage: PublicDocumentation ASSEMBLY XML");
            return 2;
        }

        // Other assemblies only give types of parameters, whose names are all that an identifier has.
        MetadataReference assembly = MetadataReference.CreateFromFile(args[0]);
        var compilation = CSharpCompilation.Create("documentation", references: [assembly]);
        var visible = new HashSet<string>(VisibleMembers(((IAssemblySymbol)compilation.GetAssemblyOrModuleSymbol(assembly)!).GlobalNamespace));

        var documentation = XDocument.Load(args[1], LoadOptions.PreserveWhitespace);
        foreach (XElement member in documentation.Descendants("member").Where(member => !visible.Contains((string)member.Attribute("name")!)).ToArray())
        {
            // With the line break that follows.
            (member.NextNode as XText)?.Remove();
            member.Remove();
        }

        // What only readers of the source need: the parts of partial types.
        documentation.Descendants("content").Remove();
        documentation.Save(args[1], SaveOptions.DisableFormatting);
        return 0;
    }

    private static IEnumerable<string> VisibleMembers(INamespaceOrTypeSymbol container)
        => container.GetMembers()
            .Where(member => member is INamespaceSymbol
                || member.DeclaredAccessibility is Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal)
            .SelectMany(member => member is INamespaceOrTypeSymbol inner ? [.. Identifier(member), .. VisibleMembers(inner)] : Identifier(member));

    private static IEnumerable<string> Identifier(ISymbol member) => member.GetDocumentationCommentId() is { } identifier ? [identifier] : [];
}
