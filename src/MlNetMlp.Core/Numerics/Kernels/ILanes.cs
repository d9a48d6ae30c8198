namespace MlNetMlp.Numerics;

/// <summary>The one seam between the numeric loops and a family of instructions: what a vector of floats can do.</summary>
/// <remarks>
/// The loops are written once, over a type that implements this interface; the compiler builds them anew for each family, with
/// every call below replaced by its instruction.
/// </remarks>
/// <typeparam name="TVector">The vector.</typeparam>
internal unsafe interface ILanes<TVector>
    where TVector : struct
{
    /// <summary>The number of floats in a vector.</summary>
    static abstract int Count { get; }

    /// <summary>The rows of the largest tile of a product whose sums, two vectors to a row, stay in registers; 8 at most.</summary>
    static abstract int TileRows { get; }

    static abstract TVector Load(float* source);

    /// <summary>The first <paramref name="count"/> floats, 0 to <see cref="Count"/>, then zeros; nothing beyond is touched.</summary>
    static abstract TVector LoadFirst(float* source, int count);

    static abstract void Store(float* target, TVector value);

    /// <summary>Stores the first <paramref name="count"/> floats, 0 to <see cref="Count"/>; nothing beyond is touched.</summary>
    static abstract void StoreFirst(float* target, TVector value, int count);

    static abstract TVector Broadcast(float value);

    static abstract TVector Add(TVector x, TVector y);

    static abstract TVector Subtract(TVector x, TVector y);

    static abstract TVector Multiply(TVector x, TVector y);

    static abstract TVector Divide(TVector x, TVector y);

    /// <summary><c>(x * y) + z</c>, rounded once where the processor has such an instruction.</summary>
    static abstract TVector MultiplyAdd(TVector x, TVector y, TVector z);

    /// <summary>NaN where either is NaN.</summary>
    static abstract TVector Min(TVector x, TVector y);

    /// <summary>NaN where either is NaN.</summary>
    static abstract TVector Max(TVector x, TVector y);

    static abstract TVector Sqrt(TVector x);

    static abstract TVector Abs(TVector x);

    static abstract TVector CopySign(TVector magnitude, TVector sign);

    /// <summary>To the nearest integer, halves to even.</summary>
    static abstract TVector Round(TVector x);

    /// <summary><c>x * 2^power</c> for integers from -160 to 160, rounded once; NaN where <paramref name="x"/> is.</summary>
    static abstract TVector Scale(TVector x, TVector power);

    /// <summary><c>x &gt; y ? then : otherwise</c>; <paramref name="otherwise"/> where one is NaN.</summary>
    static abstract TVector IfGreater(TVector x, TVector y, TVector then, TVector otherwise);

    /// <summary>Transposes a matrix <c>[columns, depth]</c>: <c>target[k * targetStep + c] = source[c * sourceStride + k]</c>.</summary>
    static abstract void Transpose(float* source, nint sourceStride, int columns, int depth, float* target, nint targetStep);
}
