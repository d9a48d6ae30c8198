namespace MlNetMlp.Core.Tests;

/// <summary>The sections of files, tried with those of a saved model.</summary>
public sealed class SectionsTests
{
    private static readonly byte[] _saved = SmallData.Saved(RandomModels.Named("ensemble of residual"));

    private static readonly string[] _ids = ["LAYERS", "LOSS", "FEATURES", "TARGETS", "NETWORKS"];

    public static TheoryData<string> Ids => [.. _ids];

    [Fact]
    public void Save_Model_HasTheSectionsThatAreDocumented()
    {
        SectionedFile file = new(_saved);

        Assert.Equal(_ids, file.Sections.Select(section => section.Id));
        Assert.All(file.Sections, section => Assert.Equal(1, section.Mark));
        Assert.Equal(_saved, file.ToBytes());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(5)]
    public void Load_OptionalSectionThatIsNotKnown_IsSkipped(int place)
    {
        SectionedFile file = new(_saved);
        file.Sections.Insert(place, ("LATER2", 0, [1, 2, 3]));
        file.Sections.Insert(place, ("X", 0, []));

        Assert.Equal(_saved, SmallData.Saved(Load(file)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public void Load_RequiredSectionThatIsNotKnown_IsRefusedByItsName(int place)
    {
        SectionedFile file = new(_saved);
        file.Sections.Insert(place, ("EMBED99", 1, [1, 2, 3]));

        Assert.Contains("section EMBED99, which this release of MlNetMlp does not know", Refused(file), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_SectionsInAnotherOrder_AreTheSameModel()
    {
        SectionedFile file = new(_saved);
        file.Sections.Reverse();

        Assert.Equal(_saved, SmallData.Saved(Load(file)));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Load_WithoutASection_NamesIt(string id)
    {
        SectionedFile file = new(_saved);
        file.Sections.RemoveAll(section => section.Id == id);

        Assert.Contains($"its section {id} is missing", Refused(file), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Load_SectionTwice_NamesIt(string id)
    {
        SectionedFile file = new(_saved);
        file.Sections.Add(file.Sections.Single(section => section.Id == id));

        Assert.Contains($"two sections {id}", Refused(file), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_UnknownSectionTwice_NamesIt()
    {
        SectionedFile file = new(_saved);
        file.Sections.AddRange([("X", 0, []), ("X", 0, [])]);

        Assert.Contains("two sections X", Refused(file), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Load_SectionThatIsLongerOrShorter_NamesIt(string id)
    {
        foreach (int change in (int[])[1, -1, 4])
        {
            SectionedFile file = new(_saved);
            byte[] content = file[id];
            file[id] = change > 0 ? [.. content, .. new byte[change]] : content[..^1];

            Assert.Contains($"section {id} of the saved network", Refused(file), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("lower")]
    [InlineData("A B")]
    [InlineData("A\0B")]
    [InlineData("")]
    [InlineData("\u00C4")]
    public void Load_NameThatIsNone_IsRefused(string id)
    {
        SectionedFile file = new(_saved);
        file.Sections.Add((id, 0, []));

        Assert.Contains("no valid name", Refused(file), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(-1)]
    public void Load_MarkThatIsNone_IsRefused(int mark)
    {
        SectionedFile file = new(_saved);
        file.Sections.Add(("X", mark, []));

        Assert.Contains("neither required nor optional", Refused(file), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_MoreSectionsThanThereCanBe_IsRefused()
    {
        SectionedFile file = new(_saved);
        file.Sections.AddRange(Enumerable.Range(0, 995).Select(i => ($"X{i}", 0, Array.Empty<byte>())));
        Assert.Equal(_saved, SmallData.Saved(Load(file)));
        file.Sections.Add(("Y", 0, []));

        Assert.Contains("more than 1000 sections", Refused(file), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    public void Load_LengthThatIsNotThere_IsRefused(long length)
    {
        byte[] bytes = [.. _saved];
        BitConverter.GetBytes(length).CopyTo(bytes, 20 + 12);
        System.Security.Cryptography.SHA256.HashData(bytes.AsSpan(0, bytes.Length - 32)).CopyTo(bytes, bytes.Length - 32);

        Assert.Contains($"claims to have {length} bytes", Assert.Throws<InvalidDataException>(() => MlpModel.Load(new MemoryStream(bytes))).Message,
            StringComparison.Ordinal);
    }

    private static MlpModel Load(SectionedFile file) => MlpModel.Load(new MemoryStream(file.ToBytes()));

    private static string Refused(SectionedFile file) => Assert.Throws<InvalidDataException>(() => Load(file)).Message;
}
