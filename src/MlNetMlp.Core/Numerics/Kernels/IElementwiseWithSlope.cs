namespace MlNetMlp.Numerics;

/// <summary>A function of one variable together with its derivative, as a formula over vectors: the two have much in common.</summary>
internal interface IElementwiseWithSlope
{
    /// <returns><c>f(x)</c>; <paramref name="slope"/> becomes <c>f'(x)</c> and costs nothing where nobody uses it.</returns>
    TVector Of<TLanes, TVector>(TVector x, out TVector slope)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct;
}
