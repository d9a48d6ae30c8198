using System.Runtime.Intrinsics;

namespace MlNetMlp;

/// <summary>What a multiclass hinge loss makes of the excess <c>max(0, z_j - z_y + 1)</c> of a class j that is not the true one, y.</summary>
internal interface IMarginFormula
{
    static abstract Vector512<double> Loss(Vector512<double> excess);

    /// <summary>The derivative of <see cref="Loss"/>; 0 for an excess of 0.</summary>
    static abstract Vector512<double> Slope(Vector512<double> excess);
}
