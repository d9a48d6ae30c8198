using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using MlNetMlp.Search;

namespace Orleans.Hosting;

/// <summary>Lets silos train multilayer perceptrons for searches.</summary>
public static class MlpSiloBuilderExtensions
{
    /// <summary>
    /// Lets a silo train for clients with an <see cref="OrleansRunner"/>. The silo also needs a grain storage called
    /// <see cref="OrleansRunner.StorageName"/>, for example by <c>AddMemoryGrainStorage(OrleansRunner.StorageName)</c>, for the results of searches.
    /// </summary>
    /// <param name="builder">The silo.</param>
    /// <param name="options">How it trains. Null: the defaults.</param>
    /// <returns>The silo.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static ISiloBuilder AddMlpTraining(this ISiloBuilder builder, ClusterTrainingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton(options ?? new ClusterTrainingOptions());
        builder.Services.TryAddSingleton<SiloTrainings>();
        builder.Services.TryAddSingleton<SiloShards>();
        builder.Services.TryAddSingleton<SiloSetups>();
        return builder;
    }
}
