using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;

namespace MlNetMlp;

/// <summary>A file of events, as TensorBoard reads it: records of the messages <c>tensorflow.Event</c>.</summary>
/// <remarks>
/// A record is the length of its content in 64 bits, a checksum of these 8 bytes, the content, and a checksum of that, all little-endian. The checksum is
/// CRC-32C, rotated by 15 bits to the right, plus 0xA282EAD8. The first record has the version of the format.
/// </remarks>
internal sealed class EventFile : IDisposable
{
    private const int WallTime = 1, Step = 2, FileVersion = 3, Summary = 5;

    private static int _count;

    private readonly FileStream _file;
    private readonly TimeProvider _clock;

    /// <param name="folder">The folder, which is created if there is none.</param>
    /// <param name="clock">Says when things happen.</param>
    /// <exception cref="IOException">The file cannot be made.</exception>
    public EventFile(string folder, TimeProvider clock)
    {
        Directory.CreateDirectory(folder);
        _clock = clock;

        // TensorBoard takes the files of a folder in the order of their names, which begin with this.
        string name = string.Create(CultureInfo.InvariantCulture,
            $"events.out.tfevents.{clock.GetUtcNow().ToUnixTimeSeconds():D10}.mlnetmlp.{Environment.ProcessId}.{Interlocked.Increment(ref _count)}");
        _file = new FileStream(Path.Combine(folder, name), FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite);
        Write(Event(0).Add(FileVersion, "brain.Event:2"));
    }

    /// <summary>Writes an event; it is in the file when the method returns.</summary>
    /// <param name="step">Which step it belongs to.</param>
    /// <param name="summary">A message <c>tensorflow.Summary</c>.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Write(int step, ProtoMessage summary) => Write(Event(step).Add(Summary, summary));

    public void Dispose() => _file.Dispose();

    private ProtoMessage Event(int step) =>
        new ProtoMessage().Add(WallTime, _clock.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0).Add(Step, (long)step);

    private void Write(ProtoMessage message)
    {
        byte[] content = message.ToBytes(), record = new byte[sizeof(long) + sizeof(uint) + content.Length + sizeof(uint)];
        BinaryPrimitives.WriteInt64LittleEndian(record, content.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(sizeof(long)), Checksum(record.AsSpan(0, sizeof(long))));
        content.CopyTo(record, sizeof(long) + sizeof(uint));
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(record.Length - sizeof(uint)), Checksum(content));
        _file.Write(record);
        _file.Flush();
    }

    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        uint sum = uint.MaxValue;
        foreach (byte value in bytes)
        {
            sum = BitOperations.Crc32C(sum, value);
        }

        return BitOperations.RotateRight(~sum, 15) + 0xA282EAD8;
    }
}
