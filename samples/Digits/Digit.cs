using Microsoft.ML.Data;

namespace Digits;

/// <summary>A row of the data: 8 x 8 counts of ink from 0 to 16, and the digit that was meant.</summary>
internal sealed class Digit
{
    [LoadColumn(0, 63)]
    [VectorType(64)]
    public float[] Pixels { get; set; } = [];

    [LoadColumn(64)]
    public uint Number { get; set; }

    /// <summary>The digit in characters, two for each count.</summary>
    public string Draw() => string.Join(Environment.NewLine, Pixels.Chunk(8).Select(row => string.Concat(row.Select(Shade))));

    private static string Shade(float ink) => ink switch
    {
        < 2 => "  ",
        < 6 => "░░",
        < 10 => "▒▒",
        < 14 => "▓▓",
        _ => "██",
    };
}
