using System.Buffers;
using System.IO.Pipelines;

namespace Service;

/// <summary>The body of a request, as a whole, in the buffers that the server has it in anyway. The server sees to its limit.</summary>
internal static class RequestBody
{
    /// <summary>Reads to the end. What it returns is valid until the reader of the request is advanced.</summary>
    /// <exception cref="RequestProblem">The body is longer than the limit, or was broken off.</exception>
    public static async Task<ReadOnlySequence<byte>> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                ReadResult read = await request.BodyReader.ReadAsync(cancellation);
                if (read.IsCompleted)
                {
                    return read.Buffer;
                }

                request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            }
        }
        catch (BadHttpRequestException exception) when (exception.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            throw RequestProblem.TooLarge(exception.Message);
        }
        catch (BadHttpRequestException exception)
        {
            throw new RequestProblem(exception.StatusCode, "The body could not be read.", exception.Message);
        }
    }
}
