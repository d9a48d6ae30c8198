namespace MlNetMlp;

/// <summary>Some layers, one behind the other, and the elements of the gradient that belong to their parameters.</summary>
/// <param name="FirstLayer">The number of the first layer.</param>
/// <param name="EndLayer">Behind that of the last one.</param>
/// <param name="First">The first element.</param>
/// <param name="Length">The number of elements.</param>
internal readonly record struct GradientSlice(int FirstLayer, int EndLayer, int First, int Length)
{
    /// <summary>Whether a backward pass ends with it: no layer below learns.</summary>
    public bool IsLast => First == 0;
}
