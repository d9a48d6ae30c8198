namespace MlNetMlp.Numerics;

/// <summary>A function of two variables, as a formula over vectors.</summary>
internal interface IElementwiseOfTwo
{
    TVector Of<TLanes, TVector>(TVector x, TVector y)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct;
}
