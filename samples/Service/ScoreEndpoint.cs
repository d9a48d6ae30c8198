using System.Buffers;
using System.Collections.Concurrent;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using MlNetMlp.Hosting;

namespace Service;

/// <summary><c>POST /score</c>.</summary>
/// <remarks>
/// A request takes one of the permits after its body has arrived, and gives it back before its answer leaves: how many can be scored at a time is
/// about processors and memory, and clients that send or read slowly take nothing from the others.
/// </remarks>
internal sealed partial class ScoreEndpoint(MlpScoring scoring, IOptions<LimitOptions> options, ILogger<ScoreEndpoint> logger)
    : IDisposable
{
    public const string Path = "/score";

    /// <summary>The header of an answer that names the model it came from.</summary>
    public const string VersionHeader = "Model-Version";

    private readonly ConcurrentBag<JsonAnswer> _answers = [];
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
        ServedModel model = scoring.Current ?? throw RequestProblem.NoModel();
        using ScoringSession session = model.Rent();
        JsonAnswer answer = _answers.TryTake(out JsonAnswer? used) ? used : new JsonAnswer();
        try
        {
            Score(body, session, answer, context);

            // The answer is complete before its first byte leaves, so that a bad row at the end is still answered as one.
            context.Response.ContentType = "application/json; charset=utf-8";
            context.Response.ContentLength = answer.Bytes.Length;
            context.Response.Headers[VersionHeader] = model.Version;
            await context.Response.BodyWriter.WriteAsync(answer.Bytes, context.RequestAborted);
        }
        finally
        {
            _answers.Add(answer);
        }
    }

    private void Score(ReadOnlySequence<byte> body, ScoringSession session, JsonAnswer answer, HttpContext context)
    {
        using RateLimitLease permit = _permits.AttemptAcquire();
        try
        {
            if (!permit.IsAcquired)
            {
                throw RequestProblem.TooMany();
            }

            JsonRows.Score(body, session, answer, _limits.MaximumRows, context.RequestAborted);
        }
        finally
        {
            context.Request.BodyReader.AdvanceTo(body.End);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Refused with {Status}: {Reason}")]
    private partial void LogRefused(int status, string reason);
}
