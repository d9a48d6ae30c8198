using MlNetMlp.Architecture.Tests.Support;

namespace MlNetMlp.Architecture.Tests;

/// <summary>What counts as a circle of folders, on arrows between types that are written as <c>folder:Type</c>.</summary>
public sealed class FolderCirclesTests
{
    [Theory]
    [InlineData("A:a > B:b", "B:b > C:c", "A:a > C:c")]
    [InlineData("A:a > A:b", "A:b > A:a")]
    [InlineData(":Facade > A:a", "A:a > :Word")]
    [InlineData("A:Facade > A/X:x", "A/X:x > A:Word", "A/Y:y > A/X:x")]
    public void In_ArrowsThatLeadNowhereBack_FindsNone(params string[] arrows) => Assert.Empty(FolderCircles.In(arrows.Select(Arrow)));

    [Theory]
    [InlineData("A -> B -> A", "A:a > B:b", "B:c > A:d")]
    [InlineData("A -> B -> C -> A", "A:a > B:b", "B:b > C:c", "C:c > A:a")]
    [InlineData("A -> B -> A", "A/X:x > B:b", "B:b > A/Y:y")]
    [InlineData("A/X -> A/Y -> A/X", "A/X:x > A/Y:y", "A/Y:z > A/X:x")]
    [InlineData("A/X -> Both -> A/X", "A:Both > A/X:x", "A/X:y > A:Both")]
    [InlineData("A -> Word -> Facade -> A", ":Facade > A:a", "A:a > :Word", ":Word > :Facade")]
    public void In_ArrowsThatLeadBack_FindsTheCircle(string expected, params string[] arrows)
        => Assert.Equal([expected], FolderCircles.In(arrows.Select(Arrow)).Select(text => text.Split(Environment.NewLine)[0]));

    [Fact]
    public void In_SeveralCircles_FindsEachAndNamesTheTypes()
    {
        string[] arrows = ["A:a > B:b", "A:a > B:c", "B:b > A:a", "C:c > D:d", "D:d > C:c", "B:b > C:c"];

        string line = Environment.NewLine + "    ";
        Assert.Equal(
            [$"A -> B -> A{line}a in A -> b in B, and 1 more{line}b in B -> a in A", $"C -> D -> C{line}c in C -> d in D{line}d in D -> c in C"],
            FolderCircles.In(arrows.Select(Arrow)));
    }

    private static FolderArrow Arrow(string text)
    {
        string[] ends = text.Split(" > "), from = ends[0].Split(':'), to = ends[1].Split(':');
        return new FolderArrow(from[1], from[0], to[1], to[0]);
    }
}
