// A model behind HTTP, as a team would run it: rows as JSON, the whole pipeline by column name, any model.zip, and a new model without a pause.
//
//     dotnet run -c Release --project samples/Service
//     curl localhost:5000/score --json '{"Pixels": [0,0,5,13,9,1,0,0, 0,0,13,15,10,15,5,0, ...]}'
//
// and a page to draw digits on at http://localhost:5000. Where there is no model.zip, a small network for digits is trained first. Settings come
// from appsettings.json, the environment (Limits__MaximumRows=5000) or the command line (--Model:Path /models/fares.zip); see ModelOptions and
// LimitOptions.
//
//     POST /score          one row, an object by column name, or many, an array of them    ScoreEndpoint, RequestBody, JsonRows, ScoringSession
//     GET  /model          the model in service, its columns                               ModelEndpoints, ServedModel
//     POST /model/reload   reads the file again; replacing the file does the same          ModelHolder, ModelWatcher
//     GET  /openapi.json   the description, with the model's own columns                   OpenApiDocument
//     GET  /health/live, /health/ready, /metrics                                           Readiness, ServiceMetrics, PrometheusText
//
// Whoever may reach the port may do all that: what is not for everybody, such as /model/reload and /metrics, belongs behind the gateway.

using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace Service;

internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        try
        {
            await using WebApplication app = Build(args);
            await app.RunAsync();
            return 0;
        }
        catch (OptionsValidationException exception)
        {
            await Console.Error.WriteLineAsync(string.Join(Environment.NewLine, exception.Failures));
            return 2;
        }
        catch (InvalidOperationException exception) when (exception.Source == "Microsoft.Extensions.Configuration.Binder")
        {
            // A setting that is not known, or no number where one has to be.
            await Console.Error.WriteLineAsync(exception.Message);
            return 2;
        }
    }

    /// <summary>The service, ready to be started.</summary>
    internal static WebApplication Build(string[] args)
    {
        // Page and settings lie beside the program, wherever it is started from.
        WebApplicationBuilder builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        AddSettings<ModelOptions>(builder.Services, ModelOptions.Section);
        AddSettings<LimitOptions>(builder.Services, LimitOptions.Section);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<ServiceMetrics>();
        builder.Services.AddSingleton<PrometheusText>();
        builder.Services.AddSingleton<ModelHolder>();
        builder.Services.AddHostedService<ModelWatcher>();
        builder.Services.AddSingleton<ScoreEndpoint>();
        builder.Services.AddSingleton<Readiness>();
        builder.Services.AddHostedService(services => services.GetRequiredService<Readiness>());
        builder.Services.AddHealthChecks().AddCheck<Readiness>("model");
        builder.Services.AddProblemDetails();
        AddLimits(builder.Services);

        WebApplication app = builder.Build();
        app.UseMiddleware<RequestMeter>();
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseDefaultFiles();
        app.UseStaticFiles();
        app.UseRequestTimeouts();
        app.UseRateLimiter();

        app.MapPost("/score", (ScoreEndpoint endpoint, HttpContext context) => endpoint.ScoreAsync(context))
            .RequireRateLimiting(LimitOptions.Section)
            .WithRequestTimeout(LimitOptions.Section);
        app.MapGet("/model", ModelEndpoints.Describe);
        app.MapPost("/model/reload", ModelEndpoints.ReloadAsync);
        app.MapGet("/openapi.json", (ModelHolder holder) => Results.Text(OpenApiDocument.Write(holder.Current), "application/json"));
        app.MapGet("/metrics", (PrometheusText metrics) => Results.Text(metrics.Write(), PrometheusText.ContentType));
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false });
        app.MapHealthChecks("/health/ready", new HealthCheckOptions { ResponseWriter = Readiness.WriteAsync });

        // The exporter counts from the start on, not from the first time that somebody asks.
        app.Services.GetRequiredService<PrometheusText>();
        return app;
    }

    private static void AddSettings<T>(IServiceCollection services, string section) where T : class, IValidateOptions<T>, new()
    {
        // A setting that is not known is an error, not a typing mistake that goes unseen.
        services.AddOptions<T>().BindConfiguration(section, binder => binder.ErrorOnUnknownConfiguration = true).ValidateOnStart();
        services.AddSingleton<IValidateOptions<T>>(new T());
    }

    private static void AddLimits(IServiceCollection services)
    {
        services.AddRateLimiter(_ => { });
        services.AddOptions<RateLimiterOptions>().Configure<IOptions<LimitOptions>>((options, limits) =>
        {
            options.AddConcurrencyLimiter(LimitOptions.Section, limiter => limiter.PermitLimit = limits.Value.MaximumConcurrentRequests);
            options.OnRejected = async (rejected, _) =>
            {
                rejected.HttpContext.Response.Headers.RetryAfter = "1";
                await RequestProblem.TooMany().ToResult().ExecuteAsync(rejected.HttpContext);
            };
        });

        services.AddRequestTimeouts();
        services.AddOptions<RequestTimeoutOptions>().Configure<IOptions<LimitOptions>>((options, limits) =>
            options.AddPolicy(LimitOptions.Section, new RequestTimeoutPolicy
            {
                Timeout = limits.Value.Timeout,
                WriteTimeoutResponse = context => RequestProblem.TimeOut(limits.Value.Timeout).ToResult().ExecuteAsync(context),
            }));

        services.AddOptions<KestrelServerOptions>().Configure<IOptions<LimitOptions>>((options, limits) =>
        {
            options.AddServerHeader = false;
            options.Limits.MaxRequestBodySize = limits.Value.MaximumBodyBytes;
        });
        services.AddOptions<HostOptions>().Configure<IOptions<LimitOptions>>((options, limits) =>
            options.ShutdownTimeout = limits.Value.DrainDelay + limits.Value.DrainTimeout);
    }
}
