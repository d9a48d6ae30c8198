using System.Buffers.Binary;
using System.IO.Compression;

namespace MlNetMlp.Benchmarks.Mnist;

/// <summary>The images, as bytes divided by 255, and their digits.</summary>
/// <param name="Images">[rows, 784].</param>
/// <param name="Digits">[rows].</param>
internal sealed record MnistData(float[][] Images, byte[] Digits)
{
    public const int Pixels = 28 * 28;

    private const int ImageMagic = 0x803;
    private const int LabelMagic = 0x801;

    /// <exception cref="FileNotFoundException">A file is missing; the message says which four are needed.</exception>
    public static MnistData Load(string folder, string prefix)
    {
        byte[] images = Read(folder, prefix + "-images-idx3-ubyte.gz", ImageMagic, headerLength: 16);
        byte[] labels = Read(folder, prefix + "-labels-idx1-ubyte.gz", LabelMagic, headerLength: 8);
        return new([.. images.Chunk(Pixels).Select(image => Array.ConvertAll(image, pixel => pixel / 255f))], labels);
    }

    /// <summary>The rows for a loss that wants class indices, or, one-hot, for one that compares values.</summary>
    public InMemoryRows ToRows(bool oneHot)
    {
        var rows = new InMemoryRows(Pixels, oneHot ? 10 : 1);
        float[] target = new float[rows.TargetCount];
        for (int i = 0; i < Digits.Length; i++)
        {
            Array.Clear(target);
            target[oneHot ? Digits[i] : 0] = oneHot ? 1 : Digits[i];
            rows.Add(Images[i], target);
        }

        return rows;
    }

    private static byte[] Read(string folder, string name, int magic, int headerLength)
    {
        string path = Path.Combine(folder, name);
        if (!File.Exists(path))
        {
            throw new FileNotFoundException(
                $"'{path}' is missing. The folder must hold train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz, " +
                "t10k-images-idx3-ubyte.gz and t10k-labels-idx1-ubyte.gz.", path);
        }

        using var stream = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        using var content = new MemoryStream();
        stream.CopyTo(content);
        byte[] bytes = content.ToArray();
        return BinaryPrimitives.ReadInt32BigEndian(bytes) == magic
            ? bytes[headerLength..]
            : throw new InvalidDataException($"'{path}' is no idx file of the expected kind.");
    }
}
