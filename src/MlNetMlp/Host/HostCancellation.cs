using Microsoft.ML.Runtime;

namespace MlNetMlp;

/// <summary>
/// <c>MLContext.CancelExecution</c>, which AutoML calls when its time is over: it marks an environment and all that works in it as cancelled for good.
/// ML.NET's own trainers look at the mark from time to time and throw; nobody is told of it.
/// </summary>
internal static class HostCancellation
{
    private const int PeriodInMilliseconds = 20;

    /// <summary>Whether the execution was cancelled.</summary>
    public static bool IsCancelled(IHostEnvironment environment) => environment is ICancelable { IsCanceled: true };

    /// <exception cref="OperationCanceledException">The execution was cancelled.</exception>
    public static void ThrowIfCancelled(IHostEnvironment environment)
    {
        if (IsCancelled(environment))
        {
            throw Cancelled(null);
        }
    }

    /// <summary>Does long work with a token that is cancelled by the caller's token, and within a moment by the environment.</summary>
    /// <param name="environment">The environment.</param>
    /// <param name="work">The work.</param>
    /// <param name="given">The caller's token.</param>
    /// <returns>What the work returns.</returns>
    /// <exception cref="OperationCanceledException">
    /// The execution was cancelled, whatever the work has made of it; or the work threw because the caller's token was cancelled.
    /// </exception>
    public static T Run<T>(IHostEnvironment environment, Func<CancellationToken, T> work, CancellationToken given)
    {
        ThrowIfCancelled(environment);
        using var source = CancellationTokenSource.CreateLinkedTokenSource(given);
        var timer = new Timer(_ => CancelWith(environment, source), null, PeriodInMilliseconds, PeriodInMilliseconds);
        try
        {
            T result = work(source.Token);
            ThrowIfCancelled(environment);
            return result;
        }
        catch (Exception exception) when (IsCancelled(environment))
        {
            throw Cancelled(exception);
        }
        catch (OperationCanceledException exception) when (exception.CancellationToken == source.Token && given.IsCancellationRequested)
        {
            throw new OperationCanceledException(exception.Message, exception, given);
        }
        finally
        {
            // A tick that is running is waited for: it uses the source.
            timer.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    private static void CancelWith(IHostEnvironment environment, CancellationTokenSource source)
    {
        if (IsCancelled(environment))
        {
            source.Cancel();
        }
    }

    private static OperationCanceledException Cancelled(Exception? cause) => new("The execution was cancelled by MLContext.CancelExecution.", cause);
}
