namespace MlNetMlp.Numerics;

/// <summary>How an operation gets at the elements of its place: as a whole vector, or as the first floats of the last one.</summary>
internal unsafe interface IAccess<TVector>
    where TVector : struct
{
    TVector Load(float* source);

    void Store(float* target, TVector value);
}
