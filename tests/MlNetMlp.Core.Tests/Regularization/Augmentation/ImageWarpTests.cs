using MlNetMlp.Core.Tests.Support;
using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests;

public class ImageWarpTests
{
    [Theory]
    [InlineData(5, 4, 2, -1)]
    [InlineData(5, 4, 0, 3)]
    [InlineData(1, 6, 1, 2)]
    [InlineData(3, 3, -3, 0)]
    [InlineData(3, 3, 50, -1000)]
    public void Apply_WholeShift_MovesPixelsAsTheyAre(int width, int height, int right, int down)
    {
        float[] image = TestData.Values(width * height, 1), moved = [.. image];
        new ImageWarp(new(width, height) { Background = 7 }).Apply(moved, Map(width, height, right, down));
        float[] expected = [.. Places(width, height).Select(place => (X: place.X - right, Y: place.Y - down))
            .Select(from => from.X >= 0 && from.X < width && from.Y >= 0 && from.Y < height ? image[from.Y * width + from.X] : 7)];
        TestData.AssertSameBits(expected, moved, "The moved image");
    }

    [Theory]
    [InlineData(5, 4, true, false)]
    [InlineData(5, 4, false, true)]
    [InlineData(4, 4, true, true)]
    public void Apply_Mirror_ExchangesPixels(int width, int height, bool mirrorX, bool mirrorY)
    {
        float[] image = TestData.Values(width * height, 2), mirrored = [.. image];
        new ImageWarp(new(width, height)).Apply(mirrored, ImageMap.Inverse(width, height, 0, 0, 0, 1, 0, mirrorX, mirrorY));
        float[] expected = [.. Places(width, height).Select(place => image[(mirrorY ? height - 1 - place.Y : place.Y) * width + (mirrorX
            ? width - 1 - place.X : place.X)])];
        TestData.AssertSameBits(expected, mirrored, "The mirrored image");
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public void Apply_QuarterTurns_MovePixelsOntoPixels(int size)
    {
        float[] image = TestData.Values(size * size, 3);
        AssertTurned(90, place => (place.Y, size - 1 - place.X));
        AssertTurned(-90, place => (size - 1 - place.Y, place.X));
        AssertTurned(180, place => (size - 1 - place.X, size - 1 - place.Y));

        void AssertTurned(float degrees, Func<(int X, int Y), (int X, int Y)> from)
        {
            float[] turned = [.. image];
            new ImageWarp(new(size, size)).Apply(turned, ImageMap.Inverse(size, size, 0, 0, degrees, 1, 0, false, false));
            TestData.AssertSameBits([.. Places(size, size).Select(from).Select(place => image[place.Y * size + place.X])], turned,
                $"The image turned by {degrees}");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Apply_AnyTransform_IsTheReference(int seed)
    {
        var random = new Random(seed);
        int width = random.Next(1, 14), height = random.Next(1, 14);
        float right = random.Next(-30, 30) / 10f, down = random.Next(-30, 30) / 10f, degrees = random.Next(-180, 180), scale = random.Next(5, 15) / 10f;
        float shear = random.Next(-60, 60);
        bool mirrorX = seed % 2 == 0, mirrorY = seed % 3 == 0;
        float[] image = TestData.Values(width * height, seed), redrawn = [.. image];
        new ImageWarp(new(width, height) { Background = 0.3f }).Apply(redrawn, ImageMap.Inverse(width, height, right, down, degrees, scale, shear,
            mirrorX, mirrorY));

        double[] expected = ReferenceImage.Redraw(image, width, (right, down), degrees, scale, shear, (mirrorX ? -1 : 1, mirrorY ? -1 : 1), 0.3f);
        AssertClose(expected, redrawn);
    }

    [Fact]
    public void Apply_ElasticAndAffine_AreOneStep()
    {
        const int Width = 9, Height = 12;
        var ranges = new ImageAugmentation(Width, Height) { HorizontalShift = 2, VerticalShift = 1, Rotation = 30, ElasticAlpha = 12, ElasticSigma = 2 };
        var random = new SeededRandom(4);
        float[] image = TestData.Values(Width * Height, 5), redrawn = [.. image];
        new ImageWarp(ranges).Apply(redrawn, random);

        ElasticField x = new(Width, Height, 2), y = new(Width, Height, 2);
        x.Draw(random.At(0));
        y.Draw(random.At(1));
        ImageMap map = ImageMap.Draw(ranges, new RowRandom(random));
        (double right, double down) = Shift(map, Width, Height);
        double degrees = Math.Atan2(map.Xy, map.Xx) * 180 / Math.PI;
        AssertClose(
            ReferenceImage.Redraw(image, Width, (right, down), degrees, 1, 0, (1, 1), 0, (column, line) => (
                12 * (double)x.Values[line * x.Stride + column], 12 * (double)y.Values[line * y.Stride + column])),
            redrawn);
    }

    [Fact]
    public void Apply_NothingDrawn_LeavesTheBits()
    {
        float[] image = [-0f, float.NaN, BitConverter.UInt32BitsToSingle(0x7FC12345), float.Epsilon, float.PositiveInfinity, 3.4e38f], same = [.. image];
        var warp = new ImageWarp(new(3, 2) { Background = 5 });
        for (int i = 0; i < 10; i++)
        {
            warp.Apply(same, new SeededRandom(i));
        }

        TestData.AssertSameBits(image, same, "The image");
    }

    [Fact]
    public void Apply_MissingPixel_MakesOnlyItsNeighboursMissing()
    {
        float[] image = TestData.Values(49, 6);
        image[3 * 7 + 3] = float.NaN;
        new ImageWarp(new(7, 7)).Apply(image, Map(7, 7, 0.5f, 0));
        Assert.Equal([3 * 7 + 3, 3 * 7 + 4], Enumerable.Range(0, 49).Where(i => float.IsNaN(image[i])).Where(i => i / 7 == 3));
        Assert.All(Enumerable.Range(0, 49).Where(i => float.IsNaN(image[i])), i => Assert.True(Math.Abs(i / 7 - 3) <= 1 && Math.Abs(i % 7 - 3) <= 1));
    }

    [Fact]
    public void Apply_Channels_MoveTogetherInBothLayouts()
    {
        const int Width = 6, Height = 5, Pixels = Width * Height;
        float[] grey = TestData.Values(Pixels, 7);
        var ranges = new ImageAugmentation(Width, Height, 3)
        {
            HorizontalShift = 1,
            Rotation = 40,
            Scale = 0.2f,
            Shear = 10,
            HorizontalFlip = 0.5f,
            ElasticAlpha = 5,
            ElasticSigma = 1.5f
        };
        float[] planar = [.. Enumerable.Range(0, 3).SelectMany(channel => grey.Select(value => value * (1 << channel)))];
        float[] interleaved = [.. grey.SelectMany(value => new[] { value, 2 * value, 4 * value })];
        new ImageWarp(ranges).Apply(planar, new SeededRandom(8));
        new ImageWarp(ranges with { Layout = PixelLayout.Interleaved }).Apply(interleaved, new SeededRandom(8));

        // Factors of two are exact, so the three channels must agree in every bit.
        float[] alone = [.. grey];
        new ImageWarp(new(Width, Height)
        {
            HorizontalShift = 1,
            Rotation = 40,
            Scale = 0.2f,
            Shear = 10,
            HorizontalFlip = 0.5f,
            ElasticAlpha = 5,
            ElasticSigma = 1.5f
        })
            .Apply(alone, new SeededRandom(8));
        Assert.NotEqual(grey, alone);
        TestData.AssertSameBits([.. alone.SelectMany(value => new[] { value, 2 * value, 4 * value })], interleaved, "The interleaved image");
        TestData.AssertSameBits([.. Enumerable.Range(0, 3).SelectMany(channel => alone.Select(value => value * (1 << channel)))], planar, "The planar image");
    }

    [Fact]
    public void Augmenter_AfterItsFirstRows_AllocatesNothing()
    {
        using var team = new ThreadTeam(1);
        IRowAugmenter augmenter = new ImageAugmentation(12, 10, 2) { Rotation = 30, ElasticAlpha = 5, ElasticSigma = 2 }
            .Then(Augmentation.Custom(static (features, random) => features[0] = random.Normal(0))).CreateAugmenter(0, team);
        float[] rows = TestData.Values(5 * 240, 8);
        SeededRandom[] randoms = [.. Enumerable.Range(0, 5).Select(i => new SeededRandom(i))];
        Assert.Equal(0, Allocations.Of(() => augmenter.Apply(new MatrixSpan(rows, 5, 240), randoms)));
    }

    private static ImageMap Map(int width, int height, float right, float down) => ImageMap.Inverse(width, height, right, down, 0, 1, 0, false, false);

    /// <summary>The shift of a map that only rotates besides: what the centre of the new image shows, turned back.</summary>
    private static (double Right, double Down) Shift(ImageMap map, int width, int height)
    {
        double centreX = (width - 1) / 2.0, centreY = (height - 1) / 2.0;
        double x = map.Xx * centreX + map.Xy * centreY + map.X - centreX, y = map.Yx * centreX + map.Yy * centreY + map.Y - centreY;
        return (-(map.Xx * x + map.Yx * y), -(map.Xy * x + map.Yy * y));
    }

    private static IEnumerable<(int X, int Y)> Places(int width, int height) => Enumerable.Range(0, width * height).Select(i => (i % width, i / width));

    /// <summary>Places are rounded to floats, of the size of the image at most; values are in [-1, 1].</summary>
    private static void AssertClose(double[] expected, float[] actual)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], 2e-5);
        }
    }
}
