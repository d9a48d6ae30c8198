using System.Net.Http.Headers;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Service;

/// <summary>Knows the operator by <see cref="AdminOptions.Key"/> in the header <c>Authorization: Bearer</c>.</summary>
/// <remarks>A header, and neither cookie nor address: no page of another site can make a browser send it, and no proxy on this machine passes for it.</remarks>
internal sealed class AdminKeyHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> schemes, ILoggerFactory loggers, UrlEncoder encoder, IOptions<AdminOptions> admin)
    : AuthenticationHandler<AuthenticationSchemeOptions>(schemes, loggers, encoder)
{
    public const string SchemeName = "Admin";

    private const string Bearer = "Bearer";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (admin.Value.Key is not { Length: > 0 } key
            || !AuthenticationHeaderValue.TryParse(Request.Headers.Authorization, out AuthenticationHeaderValue? given)
            || !string.Equals(given.Scheme, Bearer, StringComparison.OrdinalIgnoreCase))
        {
            return Task.FromResult(AuthenticateResult.NoResult());
        }

        // Hashes have one length, and are compared in the same time whatever they are.
        if (!CryptographicOperations.FixedTimeEquals(Hash(given.Parameter ?? ""), Hash(key)))
        {
            return Task.FromResult(AuthenticateResult.Fail("The key is another one."));
        }

        var operatorOfTheService = new ClaimsPrincipal(new ClaimsIdentity(SchemeName));
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(operatorOfTheService, SchemeName)));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers[HeaderNames.WWWAuthenticate] = Bearer;
        return RequestProblem.NotOperator().ToResult().ExecuteAsync(Context);
    }

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
