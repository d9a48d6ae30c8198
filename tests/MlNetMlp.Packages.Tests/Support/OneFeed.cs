namespace MlNetMlp.Packages.Tests.Support;

/// <summary>Tests of one set of packages, one after another.</summary>
[CollectionDefinition(Name)]
public sealed class OneFeed : ICollectionFixture<LocalFeed>
{
    public const string Name = "Packages";
}
