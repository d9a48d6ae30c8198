namespace MlNetMlp.Numerics;

/// <summary>A function of one variable, as a formula over vectors.</summary>
internal interface IElementwise
{
    TVector Of<TLanes, TVector>(TVector x)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct;
}
