namespace MlNetMlp.Numerics;

/// <summary>The operands of the backward step of an <see cref="EncodedProduct"/>.</summary>
internal unsafe struct EncodedGradient
{
    /// <summary>The entries of all rows.</summary>
    public required EncodedEntry* Entries { get; init; }

    /// <summary>[rows + 1]: where the entries of each row begin.</summary>
    public required int* Starts { get; init; }

    /// <summary>T [any, <see cref="Stride"/>].</summary>
    public required float* Table { get; init; }

    /// <summary>The gradient of T, added to.</summary>
    public required float* TableGradient { get; init; }

    /// <summary>The length of a row of T, a multiple of 16.</summary>
    public required nint Stride { get; init; }

    /// <summary>R [members, features].</summary>
    public required float* Scales { get; init; }

    /// <summary>The number of features.</summary>
    public required nint Features { get; init; }

    /// <summary>The gradient of the sums [members rows, columns].</summary>
    public required float* SumGradient { get; init; }

    /// <summary>The number of sums.</summary>
    public required int Columns { get; init; }

    /// <summary>k.</summary>
    public required int Members { get; init; }

    /// <summary>The distance of a row's gradient for one member from that for the next.</summary>
    public required nint MemberStride { get; init; }
}
