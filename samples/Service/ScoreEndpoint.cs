using System.Buffers;
using Microsoft.Extensions.Options;

namespace Service;

/// <summary><c>POST /score</c>.</summary>
internal sealed partial class ScoreEndpoint(ModelHolder holder, ServiceMetrics metrics, IOptions<LimitOptions> options, ILogger<ScoreEndpoint> logger)
{
    /// <summary>The header of an answer that names the model it came from.</summary>
    public const string VersionHeader = "Model-Version";

    private readonly LimitOptions _limits = options.Value;

    public async Task<IResult> ScoreAsync(HttpContext context)
    {
        try
        {
            if (!context.Request.HasJsonContentType())
            {
                throw RequestProblem.NotJson(context.Request.ContentType);
            }

            ReadOnlySequence<byte> body = await RequestBody.ReadAsync(context.Request, context.RequestAborted);
            try
            {
                await ScoreAsync(body, context);
                return TypedResults.Empty;
            }
            finally
            {
                context.Request.BodyReader.AdvanceTo(body.End);
            }
        }
        catch (RequestProblem problem)
        {
            LogRefused(problem.Status, problem.Message);
            return problem.ToResult();
        }
    }

    private async Task ScoreAsync(ReadOnlySequence<byte> body, HttpContext context)
    {
        // The one look at the model in service: from here on this request has its own.
        ServedModel model = holder.Current ?? throw RequestProblem.NoModel();
        ScoringSession session = model.Rent();
        try
        {
            int rows = JsonRows.Score(body, model, session, _limits.MaximumRows, context.RequestAborted);

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

    [LoggerMessage(Level = LogLevel.Debug, Message = "Refused with {Status}: {Reason}")]
    private partial void LogRefused(int status, string reason);
}
