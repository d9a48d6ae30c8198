namespace MlNetMlp;

/// <summary>
/// A contiguous range of the trainable part of the parameter vector whose elements either all decay or all do not.
/// Neighbouring parameters of the same kind share one segment, so that an optimizer makes few, long passes.
/// </summary>
internal readonly record struct ParameterSegment(int Offset, int Length, bool Decays);
