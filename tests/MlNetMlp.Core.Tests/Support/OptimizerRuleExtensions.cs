namespace MlNetMlp.Core.Tests;

internal static class OptimizerRuleExtensions
{
    /// <summary>One whole step of a vector that is one range.</summary>
    public static void StepAll(
        this IOptimizerRule rule, Span<float> parameters, ReadOnlySpan<float> gradients, in StepContext context, bool decays = true)
    {
        rule.Begin(in context);
        rule.Step(parameters, gradients, 0, decays);
    }
}
