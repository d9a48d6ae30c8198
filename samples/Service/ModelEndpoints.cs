using Microsoft.AspNetCore.Http.HttpResults;

namespace Service;

/// <summary><c>GET /model</c> and <c>POST /model/reload</c>.</summary>
internal static class ModelEndpoints
{
    public static Results<Ok<ModelDescription>, ProblemHttpResult> Describe(ModelHolder holder) =>
        holder.Current is { } model ? TypedResults.Ok(ModelDescription.Of(model)) : RequestProblem.NoModel().ToResult();

    /// <summary>Puts the file, as it is now, in service; 409 and 422 say why that cannot be, and then the old model stays.</summary>
    public static async Task<Results<Ok<ModelReload>, ProblemHttpResult>> ReloadAsync(HttpRequest request, ModelHolder holder, CancellationToken cancellation)
    {
        // No form of another site has this content type, and a script of one has to ask first.
        if (!request.HasJsonContentType())
        {
            return RequestProblem.NotJson(request.ContentType).ToResult();
        }

        try
        {
            (ServedModel model, bool isNew) = await holder.LoadAsync(cancellation);
            return TypedResults.Ok(new ModelReload(isNew, ModelDescription.Of(model)));
        }
        catch (ModelLoadException exception)
        {
            return TypedResults.Problem(exception.Message, statusCode: exception.Status, title: "The file cannot be served; the old model stays.");
        }
    }
}
