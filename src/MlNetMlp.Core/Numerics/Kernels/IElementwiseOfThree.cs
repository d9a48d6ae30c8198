namespace MlNetMlp.Numerics;

/// <summary>A function of three variables, as a formula over vectors.</summary>
internal interface IElementwiseOfThree
{
    TVector Of<TLanes, TVector>(TVector x, TVector y, TVector z)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct;
}
