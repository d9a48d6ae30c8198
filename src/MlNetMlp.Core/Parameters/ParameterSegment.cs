namespace MlNetMlp;

/// <summary>
/// A contiguous range of the trainable part of the parameter vector whose elements are of one group. Neighbouring parameters of the same group share
/// one segment, so that an optimizer makes few, long passes.
/// </summary>
internal readonly record struct ParameterSegment(int Offset, int Length, ParameterGroup Group)
{
    /// <summary>See <see cref="ParameterGroup.Decays"/>.</summary>
    public bool Decays => Group.Decays;
}
