using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using MlNetMlp.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers models that a service scores with.</summary>
/// <example>
/// <code>
/// using Microsoft.Extensions.DependencyInjection;
/// using Microsoft.Extensions.Hosting;
/// using MlNetMlp.Hosting;
///
/// HostApplicationBuilder builder = Host.CreateApplicationBuilder();
/// builder.Services.AddMlpScoring("model.zip");
/// builder.Services.AddMlpScoring(builder.Configuration.GetSection("Fares"), name: "fares");
/// builder.Services.AddHealthChecks().AddMlpScoring();
/// </code>
/// </example>
public static class MlpScoringServiceCollectionExtensions
{
    /// <summary>Registers a <see cref="MlpScoring"/> with the model of a file, which is loaded again whenever it is replaced.</summary>
    /// <param name="services">The services.</param>
    /// <param name="path">The file; see <see cref="MlpScoringOptions.Path"/>.</param>
    /// <param name="configure">Sets further options. Null: they are the defaults.</param>
    /// <param name="name">The name of the model, which makes it a keyed service. Default none.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="InvalidOperationException">There is a model of this name already.</exception>
    public static IServiceCollection AddMlpScoring(
        this IServiceCollection services, string path, Action<MlpScoringOptions>? configure = null, string name = "")
    {
        ArgumentNullException.ThrowIfNull(path);
        Add(services, name, nameof(MlpScoringOptions), null).Configure(options => options.Path = path).Configure(options => configure?.Invoke(options));
        return services;
    }

    /// <summary>
    /// Registers a <see cref="MlpScoring"/> with the model of a file, as a section of the configuration says. A setting that is not known is an error, not a
    /// typing mistake that goes unseen; what is wrong is said when the host starts.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="section">The section, whose settings are those of <see cref="MlpScoringOptions"/>.</param>
    /// <param name="name">The name of the model, which makes it a keyed service. Default none.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="InvalidOperationException">There is a model of this name already.</exception>
    public static IServiceCollection AddMlpScoring(this IServiceCollection services, IConfigurationSection section, string name = "")
    {
        ArgumentNullException.ThrowIfNull(section);
        Add(services, name, section.Path, null).Bind(section, binder => binder.ErrorOnUnknownConfiguration = true);
        return services;
    }

    /// <summary>Registers a <see cref="MlpScoring"/> whose models come from a source of your own, for example a cloud storage.</summary>
    /// <param name="services">The services.</param>
    /// <param name="source">Makes the source, once.</param>
    /// <param name="configure">Sets options. Null: they are the defaults.</param>
    /// <param name="name">The name of the model, which makes it a keyed service. Default none.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="InvalidOperationException">There is a model of this name already.</exception>
    public static IServiceCollection AddMlpScoring(
        this IServiceCollection services, Func<IServiceProvider, IModelSource> source, Action<MlpScoringOptions>? configure = null, string name = "")
    {
        ArgumentNullException.ThrowIfNull(source);
        Add(services, name, nameof(MlpScoringOptions), source).Configure(options => configure?.Invoke(options));
        return services;
    }

    /// <summary>Adds a health check of a model: healthy with one in service, degraded if a later one was refused, unhealthy before there is one.</summary>
    /// <param name="builder">The health checks.</param>
    /// <param name="name">The name of the model. Default: the one without.</param>
    /// <param name="failureStatus">What it is before there is a model. Null: unhealthy.</param>
    /// <param name="tags">Tags of the check. Null: none.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IHealthChecksBuilder AddMlpScoring(
        this IHealthChecksBuilder builder, string name = "", HealthStatus? failureStatus = null, IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(name);
        return builder.Add(new HealthCheckRegistration(name.Length > 0 ? $"model {name}" : "model",
            provider => new MlpScoringHealthCheck(provider.GetRequiredKeyedService<MlpScoring>(name)), failureStatus, tags));
    }

    private static OptionsBuilder<MlpScoringOptions> Add(
        IServiceCollection services, string name, string section, Func<IServiceProvider, IModelSource>? source)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(name);
        if (services.Any(service => service.IsKeyedService && service.ServiceType == typeof(MlpScoring) && Equals(service.ServiceKey, name)))
        {
            throw new InvalidOperationException(name.Length > 0
                ? $"There is a model '{name}' already; each needs a name of its own."
                : "There is a model without a name already; give this one a name.");
        }

        if (!services.Any(service => service.ServiceType == typeof(ScoringMetrics)))
        {
            services.AddSingleton(provider => new ScoringMetrics(provider.GetService<IMeterFactory>(), Clock(provider)));
        }

        services.AddKeyedSingleton(name, (provider, _) =>
        {
            MlpScoringOptions options = provider.GetRequiredService<IOptionsMonitor<MlpScoringOptions>>().Get(name);
            IModelSource models = source?.Invoke(provider) ?? new FileModelSource(FullPath(provider, options.Path));
            return new MlpScoring(
                name, models, options, section, provider.GetRequiredService<ScoringMetrics>(), Clock(provider), Logger<MlpScoring>(provider));
        });
        if (name.Length == 0)
        {
            services.AddSingleton(provider => provider.GetRequiredKeyedService<MlpScoring>(name));
        }

        services.AddSingleton<IHostedService>(provider =>
            new ModelWatcher(provider.GetRequiredKeyedService<MlpScoring>(name), Clock(provider), Logger<ModelWatcher>(provider)));
        services.AddSingleton<IValidateOptions<MlpScoringOptions>>(new MlpScoringOptionsCheck(name, section, source is not null));
        return services.AddOptions<MlpScoringOptions>(name).ValidateOnStart();
    }

    private static TimeProvider Clock(IServiceProvider provider) => provider.GetService<TimeProvider>() ?? TimeProvider.System;

    private static ILogger<T> Logger<T>(IServiceProvider provider) => provider.GetService<ILogger<T>>() ?? NullLogger<T>.Instance;

    private static string FullPath(IServiceProvider provider, string path) =>
        Path.GetFullPath(path, provider.GetService<IHostEnvironment>()?.ContentRootPath ?? Environment.CurrentDirectory);
}
