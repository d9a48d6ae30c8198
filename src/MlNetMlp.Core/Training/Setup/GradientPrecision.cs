namespace MlNetMlp;

/// <summary>How exactly shards tell each other their gradients; see <see cref="MlpTrainingOptions.GradientPrecision"/>.</summary>
public enum GradientPrecision
{
    /// <summary>32-bit floats: as they were computed.</summary>
    Full,

    /// <summary>
    /// The upper 16 bits of 32-bit floats (bfloat16). What rounding leaves of the gradient of a shard, and of their sum, is added to the next one.
    /// </summary>
    BFloat16,
}
