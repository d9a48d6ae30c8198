using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace MlNetMlp;

/// <summary>What a trainer needs of its host and has no public way to get.</summary>
internal static class Hosting
{
    /// <summary>The environment that a catalog's trainers work in.</summary>
    public static IHostEnvironment EnvironmentOf(TrainCatalogBase.CatalogInstantiatorBase catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return CatalogUtils.GetEnvironment(catalog);
    }

    /// <summary>The environment that a task's catalog works in.</summary>
    public static IHostEnvironment EnvironmentOf(TrainCatalogBase catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return CatalogUtils.GetEnvironment(catalog);
    }

    /// <summary>The environment that transforms work in.</summary>
    public static IHostEnvironment EnvironmentOf(TransformsCatalog catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return CatalogUtils.GetEnvironment(catalog);
    }

    /// <summary>
    /// Rows are read once into memory, so that a cache in front of the trainer would only cost; validation sets and further training are
    /// supported.
    /// </summary>
    public static TrainerInfo TrainerInfo(bool needsNormalization) =>
        new(normalization: needsNormalization, calibration: false, caching: false, supportValid: true, supportIncrementalTrain: true);
}
