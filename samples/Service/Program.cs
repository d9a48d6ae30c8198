// A model behind HTTP, as a team would run it: rows as JSON, the whole pipeline by column name, any model.zip, and a new model without a pause.
//
//     dotnet run -c Release --project samples/Service
//     curl localhost:5000/score --json '{"Pixels": [0,0,5,13,9,1,0,0, 0,0,13,15,10,15,5,0, ...]}'
//
// and a page to draw digits on at http://localhost:5000. Where there is no model.zip, a small network for digits is trained first. Settings come
// from appsettings.json, the environment (Limits__MaximumRows=5000) or the command line (--Model:Path /models/fares.zip); see
// MlpScoringOptions, FirstModelOptions and LimitOptions.
//
//     POST /score          one row, an object by column name, or many, an array of them    ScoreEndpoint, RequestBody, JsonRows, ScoringSession
//     GET  /docs           a page that describes the service, with the model's own columns, from /openapi.json      ModelSchemas
//     GET  /health/live, /health/ready                                                     Readiness, AddMlpScoring of the health checks
//
// and for the operator, who shows Admin:Key in the header Authorization: Bearer (AdminKeyHandler):
//
//     GET  /model          the model in service, its columns                               ModelEndpoints
//     POST /model/reload   reads the file again; replacing the file does the same          AddMlpScoring, of the package MlNetMlp.Hosting
//     GET  /metrics        for Prometheus                                                  Telemetry
//
// It answers to the names in AllowedHosts alone, which are those of this machine until a setting says more. TLS is the gateway's.

using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using Scalar.AspNetCore;

namespace Service;

internal static class Program
{
    // Before a body's rate is looked at.
    private static readonly TimeSpan _grace = TimeSpan.FromSeconds(5);

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
        builder.Services.AddMlpScoring(builder.Configuration.GetSection("Model"));
        builder.Services.AddOptions<FirstModelOptions>().BindConfiguration(FirstModelOptions.Section, binder => binder.ErrorOnUnknownConfiguration = true);
        builder.Services.AddHostedService<FirstModelTraining>();
        AddSettings<LimitOptions>(builder.Services, LimitOptions.Section);
        AddSettings<AdminOptions>(builder.Services, AdminOptions.Section);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<ScoreEndpoint>();
        builder.Services.AddSingleton<Readiness>();
        builder.Services.AddHostedService(services => services.GetRequiredService<Readiness>());
        builder.Services.AddHealthChecks().AddMlpScoring().AddCheck<Readiness>("end");
        builder.Services.AddProblemDetails();
        builder.Services.AddOpenApi(options => options.AddDocumentTransformer<ModelSchemas>());
        builder.AddTelemetry();
        AddOperator(builder.Services);
        AddLimits(builder.Services);

        WebApplication app = builder.Build();
        app.UseSecurityHeaders();
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseDefaultFiles();
        app.UseStaticFiles();
        app.UseAuthorization();
        app.UseRequestTimeouts();
        MapEndpoints(app);
        return app;
    }

    private static void MapEndpoints(WebApplication app)
    {
        app.MapPost(ScoreEndpoint.Path, (ScoreEndpoint endpoint, HttpContext context) => endpoint.ScoreAsync(context))
            .WithRequestTimeout(LimitOptions.Section)
            .WithTags("Scoring")
            .WithSummary("Scores one row, or many.")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status408RequestTimeout)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .ProducesProblem(StatusCodes.Status429TooManyRequests)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .ProducesProblem(StatusCodes.Status504GatewayTimeout);
        app.MapOpenApi("/openapi.json");
        app.MapScalarApiReference("/docs", options => options.WithTitle("Model service").WithOpenApiRoutePattern("/openapi.json")
            .DisableDefaultFonts().DisableTelemetry().DisableAgent().DisableMcp().HideDeveloperTools().HideClientButton()); // nothing of other sites
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false }).DisableHttpMetrics();
        app.MapHealthChecks("/health/ready", new HealthCheckOptions { ResponseWriter = Readiness.WriteAsync }).DisableHttpMetrics();

        RouteGroupBuilder admin = app.MapGroup("").RequireAuthorization(AdminKeyHandler.SchemeName)
            .WithTags("Operation")
            .ProducesProblem(StatusCodes.Status401Unauthorized);
        admin.MapGet("/model", ModelEndpoints.Describe)
            .WithSummary("The model in service and its columns.")
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        admin.MapPost("/model/reload", ModelEndpoints.ReloadAsync)
            .WithSummary("Reads the model's file again. The body is empty, its content type application/json.")
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        admin.MapPrometheusScrapingEndpoint("/metrics").DisableHttpMetrics();
    }

    private static void AddSettings<T>(IServiceCollection services, string section) where T : class, IValidateOptions<T>, new()
    {
        // A setting that is not known is an error, not a typing mistake that goes unseen.
        services.AddOptions<T>().BindConfiguration(section, binder => binder.ErrorOnUnknownConfiguration = true).ValidateOnStart();
        services.AddSingleton<IValidateOptions<T>>(new T());
    }

    private static void AddOperator(IServiceCollection services)
    {
        // Without the key ring that AddAuthentication() puts on the disk for cookies and tokens, of which there are none.
        services.AddAuthenticationCore();
        services.AddWebEncoders();
        new AuthenticationBuilder(services).AddScheme<AuthenticationSchemeOptions, AdminKeyHandler>(AdminKeyHandler.SchemeName, _ => { });
        services.AddAuthorizationBuilder().AddPolicy(AdminKeyHandler.SchemeName,
            policy => policy.AddAuthenticationSchemes(AdminKeyHandler.SchemeName).RequireAuthenticatedUser());
    }

    private static void AddLimits(IServiceCollection services)
    {
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
            options.Limits.MaxConcurrentConnections = limits.Value.MaximumConnections;
            options.Limits.RequestHeadersTimeout = limits.Value.Timeout;
            options.Limits.MinRequestBodyDataRate = new MinDataRate(limits.Value.MinimumBytesPerSecond, _grace);
            options.Limits.MinResponseDataRate = options.Limits.MinRequestBodyDataRate;
        });
        services.AddOptions<HostOptions>().Configure<IOptions<LimitOptions>>((options, limits) =>
            options.ShutdownTimeout = limits.Value.DrainDelay + limits.Value.DrainTimeout);
    }
}
