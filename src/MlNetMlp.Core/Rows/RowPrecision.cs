namespace MlNetMlp;

/// <summary>How the features of rows are kept on disk.</summary>
public enum RowPrecision
{
    /// <summary>32-bit floats: as they were given.</summary>
    Full,

    /// <summary>
    /// 16-bit floats: half the space, a relative error of at most 2^-11 (about 0.0005), finite values up to 65,504. Targets and weights keep 32 bits.
    /// </summary>
    Half,
}
