using System.Buffers.Binary;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using MlNetMlp.Packages.Tests.Support;

namespace MlNetMlp.Packages.Tests;

/// <summary>What is in the packages, and what they ask for.</summary>
[Collection(OneFeed.Name)]
public sealed class PackageContentTests(LocalFeed feed)
{
    public static TheoryData<string> Names => [.. LocalFeed.Names];

    [Fact]
    public void Projects_ThatArePackable_AreAllTested()
    {
        string[] packable = [.. Directory.EnumerateFiles(Path.Combine(LocalFeed.SourceTree, "src"), "*.csproj", SearchOption.AllDirectories)
            .Where(project => File.ReadAllText(project).Contains("<IsPackable>true</IsPackable>", StringComparison.Ordinal))
            .Select(project => Path.GetFileNameWithoutExtension(project))
            .Order(StringComparer.Ordinal)];

        Assert.Equal(packable, LocalFeed.Names.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Files_AreAssemblyDocumentationReadmeAndIcon(string name)
    {
        using Package package = feed.Open(name);

        // So neither the copies of ML.NET's assemblies that the compiler reads nor a tool of the build is among them.
        string[] more = name == "MlNetMlp.Interactive" ? ["interactive-extensions/dotnet/extension.dib"] : [];
        Assert.Equal(["README.md", "icon.png", .. more, $"lib/net10.0/{name}.dll", $"lib/net10.0/{name}.xml"], package.Files);
        Assert.StartsWith($"# {name}", package.Text("README.md"), StringComparison.Ordinal);

        byte[] icon = package.Bytes("icon.png");
        Assert.Equal([0x89, .. "PNG"u8], icon[..4]);
        Assert.Equal((128, 128), (BinaryPrimitives.ReadInt32BigEndian(icon.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(icon.AsSpan(20))));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Manifest_SaysWhatUsersLookFor(string name)
    {
        using Package package = feed.Open(name);
        XElement manifest = package.Manifest;

        Assert.Equal("MIT", manifest.Element("license")?.Value);
        Assert.Equal("README.md", manifest.Element("readme")?.Value);
        Assert.Equal("icon.png", manifest.Element("icon")?.Value);
        Assert.Contains("multilayer-perceptron", manifest.Element("tags")?.Value.Split(' ') ?? []);
        Assert.NotEqual("Package Description", manifest.Element("description")?.Value);
        string project = manifest.Element("projectUrl")!.Value;
        Assert.StartsWith("https:", project, StringComparison.Ordinal);
        Assert.Equal(project, manifest.Element("repository")?.Attribute("url")?.Value);
        Assert.Matches("^[0-9a-f]{40}$", manifest.Element("repository")?.Attribute("commit")?.Value);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Dependencies_AreThoseOfTheProject_InSafeRanges(string name)
    {
        using Package package = feed.Open(name);
        XElement group = Assert.Single(package.Manifest.Element("dependencies")!.Elements("group"));
        Assert.Equal("net10.0", group.Attribute("targetFramework")?.Value);

        var project = XElement.Load(Path.Combine(LocalFeed.SourceTree, "src", name, $"{name}.csproj"));
        string[] expected = [.. project.Descendants("PackageReference").Where(reference => reference.Attribute("PrivateAssets")?.Value != "all")
            .Select(reference => reference.Attribute("Include")!.Value)
            .Concat(project.Descendants("ProjectReference").Select(reference => reference.Attribute("Include")!.Value.Split('/')[^2]))
            .Order(StringComparer.Ordinal)];
        Assert.Equal(expected, group.Elements("dependency").Select(dependency => dependency.Attribute("id")!.Value).Order(StringComparer.Ordinal));

        Assert.All(group.Elements("dependency"), dependency =>
        {
            string id = dependency.Attribute("id")!.Value, range = dependency.Attribute("version")!.Value;
            if (LocalFeed.Names.Contains(id))
            {
                Assert.Equal($"[{LocalFeed.Version}]", range);
            }
            else if (id.StartsWith("Microsoft.ML", StringComparison.Ordinal))
            {
                // Members that are not public may go with any minor version.
                Assert.Matches(@"^\[(\d+)\.(\d+)\.\d+, \1\.\d+\.0\)$", range);
                Version[] ends = [.. range.Trim('[', ')').Split(", ").Select(Version.Parse)];
                Assert.Equal(ends[0].Minor + 1, ends[1].Minor);
            }
            else
            {
                Assert.Matches(@"^\d+\.\d+\.\d+$", range);
            }
        });
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Documentation_HasWhatUsersSee_AndNothingElse(string name)
    {
        using Package package = feed.Open(name);
        byte[] assembly = package.Bytes($"lib/net10.0/{name}.dll");
        HashSet<string> types = VisibleMembers.Types(assembly), members = VisibleMembers.Members(assembly);
        var documentation = XElement.Parse(package.Text($"lib/net10.0/{name}.xml"));
        (char Kind, string Name)[] documented = [.. documentation.Descendants("member").Select(member => member.Attribute("name")!.Value)
            .Select(identifier => (identifier[0], Regex.Replace(identifier[2..], @"(``\d+)?(\(.*)?(~.*)?$", "")))];

        Assert.Equal(types.Order(), documented.Where(member => member.Kind == 'T').Select(member => member.Name).Order());
        Assert.All(documented.Where(member => member.Kind != 'T'), member => Assert.Contains(member.Name, members));
        Assert.Empty(documentation.Descendants("content"));

        // Nor does a text send its readers to something that they cannot see.
        string[] ours = [.. LocalFeed.Names.Select(other =>
        {
            using Package otherPackage = feed.Open(other);
            return otherPackage.Text($"lib/net10.0/{other}.xml");
        })];
        Assert.Empty(documentation.Descendants().Attributes("cref").Select(reference => reference.Value)
            .Where(reference => reference.Contains(":MlNetMlp.", StringComparison.Ordinal)
                && !ours.Any(text => text.Contains($"name=\"{reference}\"", StringComparison.Ordinal)))
            .Distinct());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Symbols_AreThoseOfTheAssembly(string name)
    {
        using Package package = feed.Open(name), symbols = feed.Open(name, "snupkg");
        Assert.Equal([$"lib/net10.0/{name}.pdb"], symbols.Files);

        using var assembly = new PEReader(new MemoryStream(package.Bytes($"lib/net10.0/{name}.dll")));
        CodeViewDebugDirectoryData expected = assembly.ReadCodeViewDebugDirectoryData(
            assembly.ReadDebugDirectory().Single(entry => entry.Type == DebugDirectoryEntryType.CodeView));
        using var reader = MetadataReaderProvider.FromPortablePdbStream(new MemoryStream(symbols.Bytes($"lib/net10.0/{name}.pdb")));
        Assert.Equal(expected.Guid, new BlobContentId(reader.GetMetadataReader().DebugMetadataHeader!.Id).Guid);

        // The same sources make the same bits, anywhere.
        Assert.Contains(assembly.ReadDebugDirectory(), entry => entry.Type == DebugDirectoryEntryType.Reproducible);
    }
}
