namespace MlNetMlp.Numerics;

/// <summary>The families of instructions for which the numeric loops are compiled.</summary>
internal enum KernelSet
{
    /// <summary>128-bit vectors, on any processor.</summary>
    Portable,

    /// <summary>256-bit vectors with fused multiply-add.</summary>
    Avx2,

    /// <summary>512-bit vectors.</summary>
    Avx512,
}
