using Microsoft.AspNetCore.Http.HttpResults;
using MlNetMlp.Hosting;

namespace Service;

/// <summary><c>GET /model</c> and <c>POST /model/reload</c>.</summary>
internal static class ModelEndpoints
{
    public static Results<Ok<ModelDescription>, ProblemHttpResult> Describe(MlpScoring scoring) =>
        scoring.Current is { } model ? TypedResults.Ok(ModelDescription.Of(model)) : RequestProblem.NoModel().ToResult();

    /// <summary>Puts the file, as it is now, in service; 409 and 422 say why that cannot be, and then the old model stays.</summary>
    public static async Task<Results<Ok<ReloadAnswer>, ProblemHttpResult>> ReloadAsync(HttpRequest request, MlpScoring scoring, CancellationToken cancellation)
    {
        // No form of another site has this content type, and a script of one has to ask first.
        if (!request.HasJsonContentType())
        {
            return RequestProblem.NotJson(request.ContentType).ToResult();
        }

        try
        {
            ModelReload reload = await scoring.ReloadAsync(cancellation);
            return TypedResults.Ok(new ReloadAnswer(reload.IsNew, ModelDescription.Of(reload.Model)));
        }
        catch (ModelLoadException exception)
        {
            int status = exception.IsSourceProblem ? StatusCodes.Status409Conflict : StatusCodes.Status422UnprocessableEntity;
            return TypedResults.Problem(exception.Message, statusCode: status, title: "The file cannot be served; the old model stays.");
        }
    }
}
