using System.Buffers;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace Service;

/// <summary><c>POST /score</c>.</summary>
/// <remarks>
/// A request takes one of the permits after its body has arrived, and gives it back before its answer leaves: how many can be scored at a time is
/// about processors and memory, and clients that send or read slowly take nothing from the others.
/// </remarks>
internal sealed partial class ScoreEndpoint(ModelHolder holder, ServiceMetrics metrics, IOptions<LimitOptions> options, ILogger<ScoreEndpoint> logger)
    : IDisposable
{
    public const string Path = "/score";

    /// <summary>The header of an answer that names the model it came from.</summary>
    public const string VersionHeader = "Model-Version";

    private readonly LimitOptions _limits = options.Value;
    private readonly ConcurrencyLimiter _permits = new(new ConcurrencyLimiterOptions { PermitLimit = options.Value.MaximumConcurrentRequests });

    public async Task<IResult> ScoreAsync(HttpContext context)
    {
        try
        {
            if (!context.Request.HasJsonContentType())
            {
                throw RequestProblem.NotJson(context.Request.ContentType);
            }

            await ScoreAsync(await RequestBody.ReadAsync(context), context);
            return TypedResults.Empty;
        }
        catch (RequestProblem problem)
        {
            LogRefused(problem.Status, problem.Message);
            if (problem.Status == StatusCodes.Status429TooManyRequests)
            {
                context.Response.Headers.RetryAfter = "1";
            }
            else if (problem.Status == StatusCodes.Status408RequestTimeout)
            {
                // RFC 9110, section 15.5.9: the connection is not used again.
                context.Response.Headers.Connection = "close";
            }

            return problem.ToResult();
        }
        catch (OperationCanceledException) when (context.Response.HasStarted)
        {
            // The client reads too slowly, or is gone: nothing can be said any more.
            context.Abort();
            return TypedResults.Empty;
        }
    }

    public void Dispose() => _permits.Dispose();

    private async Task ScoreAsync(ReadOnlySequence<byte> body, HttpContext context)
    {
        // The one look at the model in service: from here on this request has its own.
        ServedModel model = holder.Current ?? throw RequestProblem.NoModel();
        ScoringSession session = model.Rent();
        try
        {
            int rows = Score(body, model, session, context);

            // The answer is complete before its first byte leaves, so that a bad row at the end is still answered as one.
            context.Response.ContentType = "application/json; charset=utf-8";
            context.Response.ContentLength = session.Answer.Length;
            context.Response.Headers[VersionHeader] = model.Version;
            await context.Response.BodyWriter.WriteAsync(session.Answer, context.RequestAborted);
            metrics.Scored(rows);
        }
        finally
        {
            model.Return(session);
        }
    }

    private int Score(ReadOnlySequence<byte> body, ServedModel model, ScoringSession session, HttpContext context)
    {
        using RateLimitLease permit = _permits.AttemptAcquire();
        try
        {
            return permit.IsAcquired ? JsonRows.Score(body, model, session, _limits.MaximumRows, context.RequestAborted) : throw RequestProblem.TooMany();
        }
        finally
        {
            context.Request.BodyReader.AdvanceTo(body.End);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Refused with {Status}: {Reason}")]
    private partial void LogRefused(int status, string reason);
}
