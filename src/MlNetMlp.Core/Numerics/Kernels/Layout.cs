namespace MlNetMlp.Numerics;

/// <summary>How an operand of a product lies in memory.</summary>
internal enum Layout
{
    /// <summary>Row by row, as the product reads it.</summary>
    RowMajor,

    /// <summary>Row by row, but the product takes its transpose.</summary>
    Transposed,

    /// <summary>In the panels of a <see cref="PackedMatrix"/>.</summary>
    Panels,
}
