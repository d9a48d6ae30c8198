using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests;

/// <summary>Gradients and dense values are checked with all layers, see <see cref="GradientTests"/>; here is what is its own.</summary>
public sealed class FeatureEncodingTests
{
    private readonly FeatureEncoding _encoding = new(3, [0, 0, 2], [-1, 0.5f, 2], [2, 0.25f, 1], [1, 2], isClipped: false);

    /// <summary>By hand: shares of [-1, -0.5], [0.5, 4.5] and [2, 3].</summary>
    [Theory]
    [InlineData(new[] { -2f, 7, 2.25f }, new[] { -2f, 7, 2.25f, 0, 0, 0.25f, 0, 0 })]
    [InlineData(new[] { 2.5f, float.NaN, 9 }, new[] { 2.5f, 0, 9, 1, 0.5f, 1, 1, 0 })]
    [InlineData(new[] { -0.75f, 0, float.NaN }, new[] { -0.75f, 0, 0, 0.5f, 0, 0, 0, 1 })]
    public void Encode_Row_IsFeaturesSharesAndWhatIsMissing(float[] features, float[] expected)
    {
        float[] columns = new float[8];
        _encoding.Encode(features, columns);
        Assert.Equal(expected, columns);
        Assert.Equal([0, 1, 2, 0, 0, 2, 1, 2], _encoding.Features());
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(4, 2.4)]
    [InlineData(-4, -2.4)]
    [InlineData(3e38, 3)]
    [InlineData(-3e38, -3)]
    public void Encode_Clipped_EndsAtThree(float feature, double expected)
    {
        float[] columns = new float[1];
        new FeatureEncoding(1, [], [], [], [], isClipped: true).Encode([feature], columns);
        Assert.Equal(expected, columns[0], 1e-6);
    }

    /// <summary>Of a missing feature nothing is known, so nothing changes with it.</summary>
    [Fact]
    public void Differentiate_MissingFeature_HasNoGradient()
    {
        float[] features = [0.75f, float.NaN, float.NaN], columns = new float[8], gradient = new float[3];
        _encoding.Encode(features, columns);
        _encoding.Differentiate(features, columns, [1, 2, 3, 10, 20, 30, 40, 50], gradient);
        Assert.Equal([1 + 20 * 0.25f, 0, 0], gradient);
    }

    [Fact]
    public void Create_WhatCannotBe_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => new FeatureEncoding(2, [2], [0], [1], [], false));
        Assert.Throws<ArgumentException>(() => new FeatureEncoding(2, [1, 0], [0, 0], [1, 1], [], false));
        Assert.Throws<ArgumentException>(() => new FeatureEncoding(2, [], [], [], [1, 1], false));
        Assert.Throws<ArgumentException>(() => new FeatureEncoding(2, [1], [0, 0], [1], [], false));
        Assert.Throws<ArgumentException>(() => new FeatureEncoding(2, [1], [float.NaN], [1], [], false));
        Assert.Throws<ArgumentException>(() => new FeatureEncoding(2, [1], [0], [0], [], false));
    }

    [Fact]
    public void Equals_LooksAtEveryPart()
    {
        Assert.Equal(_encoding, new(3, [0, 0, 2], [-1, 0.5f, 2], [2, 0.25f, 1], [1, 2], false));
        Assert.NotEqual(_encoding, new(3, [0, 0, 2], [-1, 0.5f, 2], [2, 0.25f, 1], [1, 2], true));
        Assert.NotEqual(_encoding, new(3, [0, 0, 1], [-1, 0.5f, 2], [2, 0.25f, 1], [1, 2], false));
        Assert.NotEqual(_encoding, new(3, [0, 0, 2], [-1, 0.5f, 2.5f], [2, 0.25f, 1], [1, 2], false));
        Assert.NotEqual(_encoding, new(3, [0, 0, 2], [-1, 0.5f, 2], [2, 0.25f, 2], [1, 2], false));
        Assert.NotEqual(_encoding, new(3, [0, 0, 2], [-1, 0.5f, 2], [2, 0.25f, 1], [1], false));
    }
}
