using System.Diagnostics;

namespace Service;

/// <summary>Records the time and status of every request to <c>/score</c>. It runs outside of everything that can refuse a request.</summary>
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
