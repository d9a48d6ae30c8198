using System.Buffers.Binary;

namespace MlNetMlp.Interop;

/// <summary>Writes floats, little-endian, as lines of base64.</summary>
/// <param name="writer">Where to write.</param>
/// <param name="bytesPerLine">A multiple of 12, so that lines end between numbers and without padding.</param>
internal sealed class Base64Lines(TextWriter writer, int bytesPerLine)
{
    private readonly byte[] _line = new byte[bytesPerLine];
    private int _filled;

    public void Add(ReadOnlySpan<float> values)
    {
        foreach (float value in values)
        {
            BinaryPrimitives.WriteSingleLittleEndian(_line.AsSpan(_filled), value);
            _filled += sizeof(float);
            if (_filled == _line.Length)
            {
                End();
            }
        }
    }

    /// <summary>Ends the line, if there is something on it.</summary>
    public void End()
    {
        if (_filled > 0)
        {
            writer.Write(Convert.ToBase64String(_line, 0, _filled));
            writer.Write('\n');
            _filled = 0;
        }
    }
}
