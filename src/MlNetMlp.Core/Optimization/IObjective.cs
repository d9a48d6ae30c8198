namespace MlNetMlp;

/// <summary>A function of the whole parameter vector that can be asked as often as a full-batch optimizer likes.</summary>
internal interface IObjective
{
    /// <summary>Where the function is taken; whoever minimises it writes here.</summary>
    Span<float> Parameters { get; }

    /// <summary>True if the function is the same in every iteration, so that what is known of a point may be kept.</summary>
    bool IsLasting { get; }

    /// <summary>True once the work is to end: values are NaN from then on.</summary>
    bool IsInterrupted { get; }

    /// <summary>The value at <see cref="Parameters"/>; writes its gradient, as long as they are.</summary>
    double Evaluate(Span<float> gradient);
}
