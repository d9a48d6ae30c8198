using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MlNetMlp.Hosting.Tests.Support;

/// <summary>A host with the services that a test adds.</summary>
internal sealed class RunningHost : IAsyncDisposable
{
    private readonly IHost _host;

    private RunningHost(IHost host, Recorder log) => (_host, Log) = (host, log);

    public IServiceProvider Services => _host.Services;

    public MlpScoring Scoring => Services.GetRequiredService<MlpScoring>();

    public Recorder Log { get; }

    public static async Task<RunningHost> StartAsync(Action<IServiceCollection, IConfiguration> add, params (string Key, string? Value)[] settings)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, setting.Value)));
        var log = new Recorder();
        builder.Logging.AddProvider(log);
        add(builder.Services, builder.Configuration);
        IHost host = builder.Build();
        try
        {
            await host.StartAsync();
            return new(host, log);
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }

    /// <summary>Waits until something has become true.</summary>
    public static async Task Eventually(Func<bool> condition, string what)
    {
        for (int i = 0; !condition(); i++)
        {
            Assert.True(i < 2000, "Did not happen in time: " + what);
            await Task.Delay(10);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
