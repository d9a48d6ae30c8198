using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;

namespace MlNetMlp.TestSupport;

/// <summary>
/// Files of models and model.zips as an accident or an attacker leaves them. Every mutation is a function of the original, the seed and its
/// number.
/// </summary>
internal static class Mutations
{
    private const int Header = 20;
    private const int Hash = 32;

    /// <summary>Numbers that have broken parsers before.</summary>
    private static readonly long[] _sizes = [0, 1, -1, 0x7F, 0xFF, 0x7FFF, 0x10000, 0xFFFFFF, 1 << 28, int.MaxValue, int.MinValue, uint.MaxValue,
        long.MaxValue, long.MinValue];

    /// <summary>A mutation of a file that <see cref="SavedModel"/> wrote. Three of four have a checksum that is right again.</summary>
    public static byte[] OfModel(byte[] original, int seed, int number)
    {
        var random = RandomOf(seed, number);
        byte[] bytes = Changed(original, random);
        return number % 4 == 0 || bytes.Length < Header + Hash ? bytes : Sealed(bytes);
    }

    /// <summary>A mutation of the bytes of a file without a checksum.</summary>
    public static byte[] OfBytes(byte[] original, int seed, int number) => Changed(original, RandomOf(seed, number));

    /// <summary>A mutation of a model.zip: of its bytes, or of the entries in it, put together again as a sound archive.</summary>
    public static byte[] OfZip(byte[] original, int seed, int number)
    {
        var random = RandomOf(seed, number);
        if (number % 2 == 0)
        {
            return Changed(original, random);
        }

        List<(string Name, byte[] Content)> entries = Entries(original);
        int chosen = random.Next(entries.Count);
        (string name, byte[] content) = entries[chosen];
        bool isNetwork = name.EndsWith("Network", StringComparison.Ordinal);
        switch (random.Next(8))
        {
            case 0:
                entries.RemoveAt(chosen);
                break;
            case 1:
                entries.Add((name, Changed(content, random)));
                break;
            case 2:
                entries[chosen] = (name, entries[random.Next(entries.Count)].Content);
                break;
            case 3:
                entries[chosen] = (random.Next(3) switch { 0 => "../" + name, 1 => "/" + name.Replace('/', '\\'), _ => name + "/Model.key" }, content);
                break;
            case 4:
                // A bomb: little in the archive, much out of it.
                entries[chosen] = (name, [.. content.AsSpan(0, Math.Min(content.Length, random.Next(300))), .. new byte[random.Next(1 << 20)]]);
                break;
            default:
                byte[] changed = Changed(content, random);
                entries[chosen] = (name, isNetwork && changed.Length >= Header + Hash ? Sealed(changed) : changed);
                break;
        }

        byte[] zip = Zip(entries);
        return number % 5 == 1 ? WithOtherSizes(zip, random) : zip;
    }

    /// <summary>The same entries, each deflated as well as can be.</summary>
    public static byte[] Zip(IEnumerable<(string Name, byte[] Content)> entries)
    {
        using var result = new MemoryStream();
        using (var archive = new ZipArchive(result, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, byte[] content) in entries)
            {
                using Stream stream = archive.CreateEntry(name, CompressionLevel.SmallestSize).Open();
                stream.Write(content);
            }
        }

        return result.ToArray();
    }

    public static List<(string Name, byte[] Content)> Entries(byte[] zip)
    {
        using var archive = new ZipArchive(new MemoryStream(zip));
        return [.. archive.Entries.Select(entry =>
        {
            using Stream stream = entry.Open();
            using var copy = new MemoryStream();
            stream.CopyTo(copy);
            return (entry.FullName, copy.ToArray());
        })];
    }

    /// <summary>Puts the length of the body and the checksum right.</summary>
    public static byte[] Sealed(byte[] bytes)
    {
        byte[] result = [.. bytes];
        BinaryPrimitives.WriteInt64LittleEndian(result.AsSpan(12), result.Length - Header - Hash);
        SHA256.HashData(result.AsSpan(0, result.Length - Hash), result.AsSpan(result.Length - Hash));
        return result;
    }

    private static Random RandomOf(int seed, int number) => new(unchecked(seed * 1_000_003 + number));

    private static byte[] Changed(byte[] original, Random random)
    {
        byte[] bytes = [.. original];
        for (int changes = 1 + (random.Next(3) == 0 ? random.Next(8) : 0); changes > 0 && bytes.Length > 0; changes--)
        {
            // Where the structure is, at the beginning and the end, half of the time.
            int place = random.Next(4) switch
            {
                0 => random.Next(Math.Min(bytes.Length, 300)),
                1 => bytes.Length - 1 - random.Next(Math.Min(bytes.Length, 300)),
                _ => random.Next(bytes.Length)
            };
            switch (random.Next(8))
            {
                case 0:
                    bytes = bytes[..place];
                    break;
                case 1:
                    // A piece from elsewhere in the file.
                    int from = random.Next(bytes.Length), length = Math.Min(random.Next(64), bytes.Length - Math.Max(from, place));
                    bytes.AsSpan(from, length).ToArray().CopyTo(bytes, place);
                    break;
                case 2:
                    bytes = [.. bytes[..place], .. original.AsSpan(random.Next(original.Length)),
                        .. bytes[place..Math.Min(bytes.Length, place + random.Next(100))]];
                    break;
                case 3 or 4:
                    byte[] size = new byte[sizeof(long)];
                    BinaryPrimitives.WriteInt64LittleEndian(size, _sizes[random.Next(_sizes.Length)]);
                    int width = 1 << random.Next(4);
                    size.AsSpan(0, Math.Min(width, bytes.Length - place)).CopyTo(bytes.AsSpan(place));
                    break;
                default:
                    bytes[place] ^= (byte)(1 << random.Next(8));
                    break;
            }
        }

        return bytes;
    }

    /// <summary>Other lengths or checksums in one header of the archive, in the directory or in front of the entry.</summary>
    private static byte[] WithOtherSizes(byte[] zip, Random random)
    {
        int[] places = [.. Enumerable.Range(0, zip.Length - 30).Where(i => zip[i] == 'P' && zip[i + 1] == 'K' && zip[i + 2] is 1 or 3)];
        int place = places[random.Next(places.Length)] + random.Next(6, 30);
        BinaryPrimitives.WriteInt32LittleEndian(zip.AsSpan(place), (int)_sizes[random.Next(_sizes.Length)]);
        return zip;
    }
}
