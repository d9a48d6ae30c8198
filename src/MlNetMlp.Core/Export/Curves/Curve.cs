namespace MlNetMlp;

/// <summary>One line of a diagram.</summary>
/// <param name="Name">Its name in the legend.</param>
/// <param name="Style">The class of its colour.</param>
/// <param name="Values">The value of each epoch; NaN where there is none.</param>
internal sealed record Curve(string Name, string Style, double[] Values);
