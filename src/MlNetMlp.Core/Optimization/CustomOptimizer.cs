using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>See <see cref="Optimizer.Custom"/>. The name stands for the function.</summary>
internal sealed record CustomOptimizer(string Name, int StateCount, OptimizerFunction Function) : MiniBatchOptimizer
{
    internal override string Text => SettingsText.With(
        $"{nameof(Custom)} '{Name}'", WeightDecay.IsZero ? [] : [$"{nameof(WeightDecay)} = {SettingsText.Text(WeightDecay)}"]);

    public bool Equals(CustomOptimizer? other) => base.Equals(other) && other.Name == Name && other.StateCount == StateCount;

    public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), Name, StateCount);

    internal override IOptimizerRule CreateRule(int parameterCount) => new CustomRule(this, parameterCount);
}
