namespace MlNetMlp.Core.Tests;

/// <summary>Models that score differently are not the same to a checkpoint.</summary>
public sealed class FingerprintTests
{
    private static readonly MlpArchitecture _encoded =
        new(3, 1) { Encoding = new(3, [0, 0], [-1, 1], [0.5f, 2], [1], isClipped: false), HiddenLayers = [new(4)] };

    private static readonly Dictionary<string, MlpArchitecture> _others = new()
    {
        ["clipped"] = _encoded with { Encoding = new(3, [0, 0], [-1, 1], [0.5f, 2], [1], isClipped: true) },
        ["another end"] = _encoded with { Encoding = new(3, [0, 0], [-1, 1.5f], [0.5f, 2], [1], isClipped: false) },
        ["another width"] = _encoded with { Encoding = new(3, [0, 0], [-1, 1], [0.5f, 1], [1], isClipped: false) },
        ["another source"] = _encoded with { Encoding = new(3, [0, 1], [-1, 1], [0.5f, 2], [1], isClipped: false) },
        ["another missing one"] = _encoded with { Encoding = new(3, [0, 0], [-1, 1], [0.5f, 2], [2], isClipped: false) },
        ["whitened"] = new(3, 1) { Whitening = new(3, [1, 0, 0, 0, 1, 0, 0, 0, 1]), HiddenLayers = [new(4)] },
        ["whitened otherwise"] = new(3, 1) { Whitening = new(3, [1, 0, 0, 0, 1, 0.5f, 0, 0, 1]), HiddenLayers = [new(4)] },
        ["embedded"] = new(3, 1) { Numbers = new(new PbldEmbedding(), [0]), HiddenLayers = [new(4)] },
        ["categories"] = Grouped([new(0, 1), new(3, 5)], [false, true]),
        ["another group"] = Grouped([new(1, 2), new(3, 5)], [false, true]),
        ["groups of one size"] = Grouped([new(0, 2), new(3, 5)], [false, true]),
        ["the other one embedded"] = Grouped([new(0, 2), new(3, 5)], [true, false]),
        ["another number"] = new(3, 1) { Numbers = new(new PbldEmbedding(), [1]), HiddenLayers = [new(4)] },
    };

    [Fact]
    public void AddModel_OtherEncodings_AreTold()
    {
        string[] hashes = [.. _others.Values.Append(_encoded).Select(architecture =>
        {
            var fingerprint = new TrainingFingerprint();
            fingerprint.AddModel("Model", RandomModels.Create(architecture, new SquaredError()));
            return fingerprint.Entries["Model"];
        })];
        Assert.Equal(hashes.Length, hashes.Distinct().Count());
    }

    private static MlpArchitecture Grouped(CategoricalGroup[] groups, bool[] isEmbedded) =>
        new(6, 1) { Categories = new(6, groups, isEmbedded, 2, 0.1f), HiddenLayers = [new(4)] };
}
