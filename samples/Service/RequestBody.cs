using System.Buffers;
using System.IO.Pipelines;

namespace Service;

/// <summary>The body of a request, as a whole, in the buffers that the server has it in anyway.</summary>
internal static class RequestBody
{
    /// <summary>Reads to the end. What it returns is valid until the reader of the request is advanced.</summary>
    /// <exception cref="RequestProblem">The body is longer than the limit, or was broken off.</exception>
    public static async Task<ReadOnlySequence<byte>> ReadAsync(HttpRequest request, int maximumBytes, CancellationToken cancellation)
    {
        if (request.ContentLength > maximumBytes)
        {
            throw TooLong(maximumBytes);
        }

        try
        {
            while (true)
            {
                ReadResult read = await request.BodyReader.ReadAsync(cancellation);
                if (read.Buffer.Length > maximumBytes)
                {
                    request.BodyReader.AdvanceTo(read.Buffer.End);
                    throw TooLong(maximumBytes);
                }

                if (read.IsCompleted)
                {
                    return read.Buffer;
                }

                request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            }
        }
        catch (BadHttpRequestException exception)
        {
            throw exception.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? TooLong(maximumBytes)
                : new RequestProblem(exception.StatusCode, "The body could not be read.", exception.Message);
        }
    }

    private static RequestProblem TooLong(int maximumBytes) => RequestProblem.TooLarge($"The body has more than {maximumBytes} bytes.");
}
