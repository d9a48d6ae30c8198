namespace MlNetMlp.Diagnostics;

/// <summary>What a gradient check found.</summary>
public enum GradientCheckVerdict
{
    /// <summary>The gradient of every parameter agrees with the differences.</summary>
    Passed,

    /// <summary>Nothing was found wrong, but most elements of some parameter are at kinks, where differences mean nothing.</summary>
    Inconclusive,

    /// <summary>The gradient of some parameter is wrong.</summary>
    Failed,
}
