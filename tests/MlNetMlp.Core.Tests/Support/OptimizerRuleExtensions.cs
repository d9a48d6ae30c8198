using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests;

internal static class OptimizerRuleExtensions
{
    /// <summary>One whole step of a vector that is one range.</summary>
    public static void StepAll(
        this IOptimizerRule rule, Span<float> parameters, ReadOnlySpan<float> gradients, in StepContext context, bool decays = true)
    {
        rule.Begin(in context);
        rule.Step(parameters, gradients, 0, new ParameterGroup(decays));
    }

    /// <summary>One whole step of a parameter vector, as the training makes it, on one thread.</summary>
    public static void Step(this ParameterVector parameters, IOptimizerRule rule, in StepContext context)
    {
        using var team = new ThreadTeam(1);
        rule.Begin(in context);
        SharedStep.Run(parameters, rule, team);
    }
}
