using System.Security.Cryptography;

namespace MlNetMlp;

/// <summary>Passes bytes on, counts them, and computes their checksum; without anywhere to pass them to it only counts.</summary>
internal sealed class SealingStream(Stream? target) : Stream
{
    private readonly IncrementalHash? _digest = target is null ? null : IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _count;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => _count;

    public override long Position
    {
        get => _count;
        set => throw new NotSupportedException();
    }

    /// <summary>Writes the SHA-256 of everything that was written, behind it.</summary>
    public void WriteChecksum() => target!.Write(_digest!.GetHashAndReset());

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        _count += buffer.Length;
        _digest?.AppendData(buffer);
        target?.Write(buffer);
    }

    public override void Flush() => target?.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _digest?.Dispose();
        base.Dispose(disposing);
    }
}
