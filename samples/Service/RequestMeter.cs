using System.Diagnostics;

namespace Service;

/// <summary>Measures every request to <c>/score</c> from outside of everything that can refuse it.</summary>
internal sealed class RequestMeter(RequestDelegate next, ServiceMetrics metrics)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (context.Request.Path != "/score")
        {
            await next(context);
            return;
        }

        long start = Stopwatch.GetTimestamp();
        try
        {
            await next(context);
        }
        finally
        {
            metrics.Answered(context.Response.StatusCode, Stopwatch.GetElapsedTime(start));
        }
    }
}
