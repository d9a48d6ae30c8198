using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.ML.Data;

namespace Service;

/// <summary><c>GET /model</c> and <c>POST /model/reload</c>.</summary>
internal static class ModelEndpoints
{
    public static IResult Describe(ModelHolder holder) =>
        holder.Current is { } model ? TypedResults.Ok(Description(model)) : RequestProblem.NoModel().ToResult();

    /// <summary>Puts the file, as it is now, in service; 409 and 422 say why that cannot be, and then the old model stays.</summary>
    public static async Task<IResult> ReloadAsync(ModelHolder holder, CancellationToken cancellation)
    {
        try
        {
            (ServedModel model, bool isNew) = await holder.LoadAsync(cancellation);
            return TypedResults.Ok(new { IsNew = isNew, Model = Description(model) });
        }
        catch (ModelLoadException exception)
        {
            return TypedResults.Problem(exception.Message, statusCode: exception.Status, title: "The file cannot be served; the old model stays.");
        }
    }

    private static object Description(ServedModel model) => new
    {
        model.Version,
        model.ServedSince,
        Inputs = model.Scorer.Inputs.Select(input => new { input.Name, Type = Text(input.Type), input.Allowed, input.IsRequired }),
        Outputs = model.Outputs.Select(output => new { output.Name, Type = Text(output.Type), output.ValueNames }),
    };

    private static string Text(DataViewType type) => type.ToString()!;
}
