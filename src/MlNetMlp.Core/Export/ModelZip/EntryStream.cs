using System.IO.Compression;

namespace MlNetMlp.Interop;

/// <summary>Unpacks an entry of an archive up to the length that the archive claims; fewer or more bytes are refused.</summary>
internal sealed class EntryStream(ZipArchiveEntry entry) : Stream
{
    private readonly Stream _content = entry.Open();
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => entry.Length;

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty)
        {
            return 0;
        }

        int read = _content.Read(buffer);
        _position += read;
        return _position <= Length && (read > 0 || _position == Length)
            ? read
            : throw new InvalidDataException($"The entry '{entry.FullName}' does not have the {Length} bytes that it claims to have.");
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _content.Dispose();
        }

        base.Dispose(disposing);
    }
}
