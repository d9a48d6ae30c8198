namespace Service;

/// <summary>The headers that tell a browser what the answers of this service may be used for.</summary>
internal static class SecurityHeaders
{
    // All that pages take is here; the API page needs styles and a script in its text. The page for digits restricts itself further.
    private const string ContentPolicy = "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        + "object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static IApplicationBuilder UseSecurityHeaders(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        // At the last moment, since the exception handler begins a new answer.
        context.Response.OnStarting(static response => Add(((HttpResponse)response).Headers), context.Response);
        return next(context);
    });

    private static Task Add(IHeaderDictionary headers)
    {
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = ContentPolicy;
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        return Task.CompletedTask;
    }
}
