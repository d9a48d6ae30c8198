namespace MlNetMlp.Search;

/// <summary>What a silo is.</summary>
/// <param name="Silo">Its address.</param>
/// <param name="Version">The version of the library.</param>
/// <param name="TrainingsAtOnce">The number of training runs at the same time.</param>
[GenerateSerializer, Immutable, Alias("MlNetMlp.WorkerDescription")]
internal sealed record WorkerDescription([property: Id(0)] string Silo, [property: Id(1)] string Version, [property: Id(2)] int TrainingsAtOnce);
