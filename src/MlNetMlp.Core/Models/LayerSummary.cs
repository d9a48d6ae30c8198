namespace MlNetMlp.Networks;

/// <summary>What a part of a network has: see <see cref="ModelSummary"/>.</summary>
public sealed record LayerSummary
{
    internal LayerSummary()
    {
    }

    /// <summary>The part: <c>Hidden1</c>, <c>Hidden2</c> and so on, <c>Output</c>; of shared members also <c>Scales</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The units and what is set of them, for example <c>64 Relu, dropout 0.2</c>.</summary>
    public required string Units { get; init; }

    /// <summary>The shapes of what is learned, for example <c>784 x 100, 100</c>: weights [inputs, units] and biases.</summary>
    public required string Shapes { get; init; }

    /// <summary>The number of learned numbers.</summary>
    public required long ParameterCount { get; init; }

    /// <summary>For example <c>Hidden1: 100 Relu, 784 x 100, 100, 78500 parameters</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"{Name}: {Units}, {Shapes}, {ParameterCount} parameters");
}
