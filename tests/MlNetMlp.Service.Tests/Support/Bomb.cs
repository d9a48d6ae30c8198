using System.IO.Compression;
using System.Security.Cryptography;

namespace MlNetMlp.Service.Tests.Support;

/// <summary>A model.zip whose network is followed by 200 MB of zeros, which are next to nothing in the archive; its checksums are right.</summary>
internal static class Bomb
{
    private const int HeaderLength = 20, Zeros = 200_000_000;

    public static byte[] Of(byte[] model)
    {
        using var result = new MemoryStream();
        using (var source = new ZipArchive(new MemoryStream(model)))
        using (var target = new ZipArchive(result, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (ZipArchiveEntry entry in source.Entries)
            {
                using Stream from = entry.Open(), to = target.CreateEntry(entry.FullName, CompressionLevel.Fastest).Open();
                using var copy = new MemoryStream();
                from.CopyTo(copy);
                bool isNetwork = entry.FullName.Replace('\\', '/').EndsWith("/Network", StringComparison.Ordinal);
                to.Write(isNetwork ? WithZeros(copy.ToArray()) : copy.ToArray());
            }
        }

        return result.ToArray();
    }

    /// <summary>The network with another section, "X", that may be skipped.</summary>
    private static byte[] WithZeros(byte[] network)
    {
        ReadOnlySpan<byte> body = network.AsSpan(HeaderLength, network.Length - HeaderLength - SHA256.HashSizeInBytes);
        byte[] file =
        [
            .. network[..12], .. BitConverter.GetBytes((long)body.Length + HeaderLength + Zeros), .. body,
            (byte)'X', .. new byte[11], .. BitConverter.GetBytes((long)Zeros), .. new byte[Zeros],
        ];
        return [.. file, .. SHA256.HashData(file)];
    }
}
