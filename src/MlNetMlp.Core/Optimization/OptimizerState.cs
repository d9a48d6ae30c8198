using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>One named vector of an update rule's state, for example Adam's running mean of the squared gradients.</summary>
internal sealed record OptimizerState(string Name, AlignedBuffer Values);
