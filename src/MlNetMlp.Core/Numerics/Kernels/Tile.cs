namespace MlNetMlp.Numerics;

/// <summary>Where the operands and the result of one tile of a product are.</summary>
internal unsafe struct Tile
{
    /// <summary>Element <c>(r, k)</c> of the left operand is <c>Left[r * LeftStride + k * LeftStep]</c>.</summary>
    public float* Left;
    public nint LeftStride;
    public nint LeftStep;

    /// <summary>Element <c>(k, c)</c> of the right operand is <c>Right[k * RightStep + c]</c>.</summary>
    public float* Right;
    public nint RightStep;

    /// <summary>Element <c>(r, c)</c> of the result is <c>Result[r * ResultStride + c]</c>.</summary>
    public float* Result;
    public nint ResultStride;

    /// <summary>The number of terms of each sum.</summary>
    public int Depth;

    /// <summary>Whether the sums go on from what the result holds, rather than from 0.</summary>
    public bool Continue;
}
