namespace MlNetMlp.Hosting;

/// <summary>What became of a reload.</summary>
/// <param name="Model">The model that is in service afterwards.</param>
/// <param name="IsNew">Whether it is another one than before.</param>
public readonly record struct ModelReload(ServedModel Model, bool IsNew);
