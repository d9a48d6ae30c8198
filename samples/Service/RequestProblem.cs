using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Service;

/// <summary>A request that is refused; it is answered with a problem document (RFC 9457), which says what was found and what is wanted.</summary>
internal sealed class RequestProblem(int status, string title, string detail, int? row = null, string? column = null) : Exception(detail)
{
    public int Status => status;

    public ProblemHttpResult ToResult()
    {
        var extensions = new Dictionary<string, object?>();
        if (row is not null)
        {
            extensions["row"] = row;
        }

        if (column is not null)
        {
            extensions["column"] = column;
        }

        return TypedResults.Problem(Message, statusCode: status, title: title, extensions: extensions);
    }

    /// <param name="row">The place of the row in the array, from 0; of a single row 0.</param>
    /// <param name="column">The column, if one is to blame.</param>
    /// <param name="found">What was found, and what is allowed.</param>
    public static RequestProblem BadRow(int row, string? column, string found) => new(
        StatusCodes.Status400BadRequest, "A row does not fit the model.", $"Row {row} (from 0): {found}", row, column);

    public static RequestProblem BadJson(string found) => new(StatusCodes.Status400BadRequest, "The body is not what it has to be.", found);

    public static RequestProblem TooLarge(string found) => new(StatusCodes.Status413PayloadTooLarge, "The request is too large.", found);

    public static RequestProblem SlowBody() => new(
        StatusCodes.Status408RequestTimeout, "The request arrived too slowly.", "The body did not arrive in the time, or at the rate, that it has to.");

    public static RequestProblem NotOperator() => new(
        StatusCodes.Status401Unauthorized, "This is for the operator of the service.",
        "It takes the header 'Authorization: Bearer KEY' with the key that the service was started with, Admin:Key; without one it is closed.");

    public static RequestProblem TooMany() => new(
        StatusCodes.Status429TooManyRequests, "Too many requests.", "As many requests as the service takes at a time are being scored; try again in a moment.");

    public static RequestProblem NoModel() => new(
        StatusCodes.Status503ServiceUnavailable, "There is no model yet.", "The service has no model to score with; /health/ready tells when it has.");

    public static RequestProblem TimeOut(TimeSpan limit) => new(
        StatusCodes.Status504GatewayTimeout, "The request took too long.", string.Create(CultureInfo.InvariantCulture,
            $"It was not done in {limit.TotalSeconds} s."));

    public static RequestProblem NotJson(string? contentType) => new(
        StatusCodes.Status415UnsupportedMediaType, "The body has to be JSON.",
            $"The content type is {contentType ?? "not given"}; it has to be application/json.");
}
