using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace MlNetMlp.Core.Tests;

/// <summary>The picture is read by a reader of its own, which knows the format from ISO 15948.</summary>
public sealed class FirstLayerPictureTests
{
    // Images of 3 x 2 pixels, five units: three tiles across and two down, pixels four times as large, gaps of three.
    private const int Width = 3, Height = 2, Scale = 4, Gap = 3, TileWidth = 15, TileHeight = 11;

    [Fact]
    public void Pixels_AreTheWeights()
    {
        MlpModel model = Untrained(new(6, 2) { HiddenLayers = [new(5)] });
        byte[,,] image = Read(model.FirstLayerToPng(Width, Height, scale: Scale));
        Assert.Equal((2 * TileHeight + Gap, 3 * TileWidth + Gap), (image.GetLength(0), image.GetLength(1)));
        WeightMatrix weights = model.Weights()["Hidden1.Weights"];
        for (int unit = 0; unit < 5; unit++)
        {
            float largest = Enumerable.Range(0, 6).Max(input => Math.Abs(weights[input, unit]));
            for (int input = 0; input < 6; input++)
            {
                int y = Gap + unit / 3 * TileHeight + input / Width * Scale, x = Gap + unit % 3 * TileWidth + input % Width * Scale;
                float share = weights[input, unit] / largest;
                (int red, int blue) = (image[y, x, 0], image[y, x, 2]);

                // White is 255 in all; red loses blue down to 0x2B, blue loses red down to 0x21.
                Assert.InRange(red - (share > 0 ? 255 + share * (0xB2 - 255) : 255 - share * (0x21 - 255)), -1, 1);
                Assert.InRange(blue - (share > 0 ? 255 + share * (0x2B - 255) : 255 - share * (0xAC - 255)), -1, 1);
                Assert.Equal((red, blue), (image[y + Scale - 1, x + Scale - 1, 0], image[y + Scale - 1, x + Scale - 1, 2]));
            }
        }

        // Where a sixth unit would be, and around the tiles, there is the color of the border.
        Assert.Equal((0x45, 0x4B, 0x57), (image[0, 0, 0], image[0, 0, 1], image[0, 0, 2]));
        Assert.Equal((0x45, 0x4B, 0x57), (image[16, 36, 0], image[16, 36, 1], image[16, 36, 2]));
    }

    [Theory]
    [InlineData(PixelLayout.Planar)]
    [InlineData(PixelLayout.Interleaved)]
    public void Pixels_OfColorImages_AreWhereTheLayoutSays(PixelLayout layout)
    {
        MlpModel model = Untrained(new(12, 1) { HiddenLayers = [new(1)] });
        byte[,,] image = Read(model.FirstLayerToPng(2, 2, channels: 3, layout, scale: 1));
        WeightMatrix weights = model.Weights()["Hidden1.Weights"];
        float largest = Enumerable.Range(0, 12).Max(input => Math.Abs(weights[input, 0]));
        for (int pixel = 0; pixel < 4; pixel++)
        {
            for (int channel = 0; channel < 3; channel++)
            {
                int input = layout == PixelLayout.Planar ? channel * 4 + pixel : pixel * 3 + channel;
                Assert.InRange(image[Gap + pixel / 2, Gap + pixel % 2, channel] - (127.5 + 127.5 * weights[input, 0] / largest), -0.6, 0.6);
            }
        }
    }

    [Fact]
    public void LinearModels_AndModelsWithBins_HavePicturesToo()
    {
        Read(Untrained(new(6, 2)).FirstLayerToPng(3, 2));
        Loss loss = new SoftmaxCrossEntropy();
        MlpModel model = MlpTrainer.Train(new(new(6, 3) { HiddenLayers = [new(4)] }, loss, SmallData.For(loss, 50, features: 6))
        {
            Options = new() { NumberOfEpochs = 1, NumericEmbedding = NumericEmbedding.PiecewiseLinear(4), Ensemble = Ensemble.Shared(2) },
        }).Model;
        Assert.Equal(2 * TileWidth + Gap, Read(model.FirstLayerToPng(3, 2, scale: Scale)).GetLength(1));
    }

    [Fact]
    public void What_IsNoPicture_IsRefused()
    {
        MlpModel model = Untrained(new(6, 2) { HiddenLayers = [new(5)] });
        Assert.Contains("28 x 28 pixels with 1 channels has 784 values, but the model has 6",
            Assert.Throws<ArgumentException>(() => model.FirstLayerToPng(28, 28)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>("channels", () => model.FirstLayerToPng(3, 1, channels: 2));
        Assert.Throws<ArgumentOutOfRangeException>("scale", () => model.FirstLayerToPng(3, 2, scale: 0));
        Assert.Contains("pixels; at most",
            Assert.Throws<ArgumentException>(() => model.FirstLayerToPng(3, 2, scale: 10_000)).Message, StringComparison.Ordinal);
        Loss loss = new SoftmaxCrossEntropy();
        MlpModel whitened = MlpTrainer.Train(new(new(6, 3), loss, SmallData.For(loss, 50, features: 6))
        {
            Options = new() { NumberOfEpochs = 1, FeatureScaling = FeatureScaling.WhitenPca() },
        }).Model;
        Assert.Contains("a whitening", Assert.Throws<InvalidOperationException>(() => whitened.FirstLayerToPng(3, 2)).Message, StringComparison.Ordinal);
    }

    /// <summary>[height, width, 3]: signature, chunks with their checksums, and rows without filters.</summary>
    private static byte[,,] Read(byte[] file)
    {
        Assert.Equal([137, 80, 78, 71, 13, 10, 26, 10], file[..8]);
        var chunks = new Dictionary<string, byte[]>();
        for (int place = 8; place < file.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(place));
            byte[] content = file[(place + 8)..(place + 8 + length)];
            Assert.Equal(Checksum(file[(place + 4)..(place + 8 + length)]), BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(place + 8 + length)));
            chunks.Add(Encoding.ASCII.GetString(file, place + 4, 4), content);
            place += 12 + length;
        }

        byte[] header = chunks["IHDR"];
        int width = BinaryPrimitives.ReadInt32BigEndian(header), height = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4));
        Assert.Equal([8, 2, 0, 0, 0], header[8..]);
        using var zlib = new ZLibStream(new MemoryStream(chunks["IDAT"]), CompressionMode.Decompress);
        byte[,,] image = new byte[height, width, 3];
        for (int y = 0; y < height; y++)
        {
            Assert.Equal(0, zlib.ReadByte());
            for (int i = 0; i < width * 3; i++)
            {
                image[y, i / 3, i % 3] = (byte)zlib.ReadByte();
            }
        }

        Assert.Equal(-1, zlib.ReadByte());
        Assert.Empty(chunks["IEND"]);
        return image;
    }

    /// <summary>CRC-32, bit by bit.</summary>
    private static uint Checksum(byte[] bytes)
    {
        uint sum = uint.MaxValue;
        foreach (byte value in bytes)
        {
            sum ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                sum = (sum & 1) == 0 ? sum >> 1 : sum >> 1 ^ 0xEDB88320;
            }
        }

        return ~sum;
    }

    private static MlpModel Untrained(MlpArchitecture architecture) => RandomModels.Create(architecture, new SquaredError());
}
