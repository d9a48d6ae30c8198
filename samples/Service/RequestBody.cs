using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Timeouts;

namespace Service;

/// <summary>The body of a request, as a whole, in the buffers that the server has it in anyway. The server sees to its limit.</summary>
internal static class RequestBody
{
    /// <summary>Reads to the end. What it returns is valid until the reader of the request is advanced.</summary>
    /// <exception cref="RequestProblem">The body is longer than the limit, too slow, or was broken off.</exception>
    /// <exception cref="OperationCanceledException">The client went away.</exception>
    public static async Task<ReadOnlySequence<byte>> ReadAsync(HttpContext context)
    {
        PipeReader reader = context.Request.BodyReader;
        CancellationToken aborted = context.RequestAborted;

        // The read ends with a result instead of an exception, so that the server finds its reader in order when it closes the connection.
        await using CancellationTokenRegistration registration = aborted.UnsafeRegister(static reader => ((PipeReader)reader!).CancelPendingRead(), reader);
        try
        {
            while (true)
            {
                ReadResult read = await reader.ReadAsync(CancellationToken.None);
                if (read.IsCompleted)
                {
                    return read.Buffer;
                }

                reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                if (read.IsCanceled)
                {
                    throw context.Features.Get<IHttpRequestTimeoutFeature>()?.RequestTimeoutToken.IsCancellationRequested == true
                        ? RequestProblem.SlowBody()
                        : new OperationCanceledException(aborted);
                }
            }
        }
        catch (BadHttpRequestException exception) when (exception.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            throw RequestProblem.TooLarge(exception.Message);
        }
        catch (BadHttpRequestException exception) when (exception.StatusCode == StatusCodes.Status408RequestTimeout)
        {
            throw RequestProblem.SlowBody();
        }
        catch (BadHttpRequestException exception)
        {
            throw new RequestProblem(exception.StatusCode, "The body could not be read.", exception.Message);
        }
    }
}
