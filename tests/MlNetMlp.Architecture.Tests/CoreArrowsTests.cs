using System.Reflection.Metadata;
using MlNetMlp.Architecture.Tests.Support;

namespace MlNetMlp.Architecture.Tests;

/// <summary>The folders of MlNetMlp.Core are rooms; what is written in one may use its own room and the rooms of the floors below.</summary>
public sealed class CoreArrowsTests
{
    private const string Core = "MlNetMlp.Core";

    /// <summary>From the ground up. Rooms of one floor do not know each other.</summary>
    private static readonly string[][] _floors =
    [
        ["Numerics"],
        ["Activations", "Losses", "Initialization", "Optimization", "Regularization"],
        ["Layers"],
        ["Models"],
        ["Training", "Serialization"],
        ["Diagnostics"],
    ];

    /// <summary>Doors besides: a room, or one type of it, may use one more room.</summary>
    private static readonly (string From, string To, string Why)[] _doors =
    [
        ("Activations", "Initialization", "an activation names the initial weights that suit it"),
        ("Regularization", "Optimization", "penalties act on the flat parameter vector"),
        ("MlNetMlp.CheckpointFile", "Serialization", "a checkpoint is sealed as a model is"),
        ("MlNetMlp.CheckpointContent", "Serialization", "a checkpoint is read as carefully as a model is"),
        ("MlNetMlp.CheckpointHistory", "Serialization", "so are the reports in it"),
        ("MlNetMlp.FinishedMember", "Serialization", "and the members of an ensemble"),
        ("MlNetMlp.Networks.MlpModel", "Serialization", "a model loads and saves itself: static members that every language can call"),
    ];

    [Fact]
    public void Types_OfEveryFile_LieInOneRoom()
    {
        using var core = CompiledAssembly.Open(Core + ".dll");

        // Everything that has a file has a room, and partial types do not stand in two.
        string[] strays = [.. core.OutermostTypes()
            .Select(type => (Name: SignatureText.NameOf(core.Metadata, type), Files: core.FilesOf(type)))
            .Where(type => type.Files.Count > 0 && (type.Files.Select(RoomOf).Distinct().Count() > 1 || FloorOf(RoomOf(type.Files.First())) < 0))
            .Select(type => $"{type.Name} ({string.Join(", ", type.Files)})")];

        Assert.True(strays.Length == 0, Report.Of("Types outside the rooms or in several of them:", strays));
    }

    [Fact]
    public void Arrows_BetweenRooms_PointDownwards()
    {
        string[] wrong = [.. Arrows()
            .Where(arrow => FloorOf(arrow.ToRoom) >= FloorOf(arrow.FromRoom) && !_doors.Any(door => Opens(door.From, door.To, arrow)))
            .Select(arrow => $"{arrow.FromRoom}: {arrow.From} -> {arrow.ToRoom}: {arrow.To}")
            .Order(StringComparer.Ordinal)];

        Assert.True(wrong.Length == 0, Report.Of("Arrows that the plan of the rooms does not have:", wrong));
    }

    [Fact]
    public void Doors_OfTheTable_AreAllUsed()
    {
        Arrow[] arrows = [.. Arrows()];

        string[] unused = [.. _doors
            .Where(door => !arrows.Any(arrow => Opens(door.From, door.To, arrow)))
            .Select(door => $"{door.From} -> {door.To}, because {door.Why}")];

        Assert.True(unused.Length == 0, Report.Of("Doors that nobody uses any more:", unused));
    }

    [Fact]
    public void References_OfCore_AreTheFrameworkAndItsTensors()
    {
        using var core = CompiledAssembly.Open(Core + ".dll");

        string[] strange = [.. core.Metadata.AssemblyReferences
            .Select(handle => core.Metadata.GetString(core.Metadata.GetAssemblyReference(handle).Name))
            .Where(name => name != "System" && !name.StartsWith("System.", StringComparison.Ordinal))];

        Assert.True(strange.Length == 0, Report.Of("Assemblies that Core has no business with:", strange));
    }

    [Theory]
    [InlineData(Core)]
    [InlineData("MlNetMlp")]
    [InlineData("MlNetMlp.Onnx")]
    public void Methods_OfTheProduct_AreManaged(string assemblyName)
    {
        using var assembly = CompiledAssembly.Open(assemblyName + ".dll");

        string[] native = [.. assembly.Metadata.MethodDefinitions
            .Select(assembly.Metadata.GetMethodDefinition)
            .Where(method => !method.GetImport().Module.IsNil)
            .Select(method => assembly.Metadata.GetString(method.Name))];

        Assert.True(native.Length == 0, Report.Of("Calls of native code:", native));
    }

    /// <summary>Which type of one room uses which type of another.</summary>
    private static Arrow[] Arrows()
    {
        using var core = CompiledAssembly.Open(Core + ".dll");
        Dictionary<TypeDefinitionHandle, string> rooms = core.OutermostTypes()
            .Where(type => core.FilesOf(type).Count > 0)
            .ToDictionary(type => type, type => RoomOf(core.FilesOf(type).First()));

        return [.. rooms.Keys
            .SelectMany(type => UseWalker.UsesOf(core, type))
            .Where(use => use.Target.Kind == HandleKind.TypeDefinition)
            .Select(use => (use.User, Used: core.OutermostOf((TypeDefinitionHandle)use.Target)))
            .Distinct()
            // What the compiler generated beside all types lies in no room.
            .Where(pair => rooms.TryGetValue(pair.Used, out string? room) && room != rooms[pair.User])
            .Select(pair => new Arrow(SignatureText.NameOf(core.Metadata, pair.User), rooms[pair.User],
                SignatureText.NameOf(core.Metadata, pair.Used), rooms[pair.Used]))];
    }

    private static bool Opens(string from, string to, Arrow arrow)
        => (from == arrow.FromRoom || from == arrow.From) && to == arrow.ToRoom;

    private static string RoomOf(string file) => file.Split('/')[0];

    private static int FloorOf(string room) => Array.FindIndex(_floors, floor => floor.Contains(room));

    private sealed record Arrow(string From, string FromRoom, string To, string ToRoom);
}
