using Microsoft.Extensions.Options;

namespace Service;

/// <summary>The section <c>Admin</c> of the settings: who may see and change what is in service.</summary>
internal sealed class AdminOptions : IValidateOptions<AdminOptions>
{
    public const string Section = "Admin";

    /// <summary>The shortest key that is taken.</summary>
    public const int MinimumLength = 16;

    /// <summary>
    /// What <c>/model</c>, <c>/model/reload</c> and <c>/metrics</c> want in the header <c>Authorization: Bearer</c>. Null or empty: nobody may use them.
    /// It is a secret, so it belongs into the environment (<c>Admin__Key</c>) and not into a file.
    /// </summary>
    public string? Key { get; set; }

    public ValidateOptionsResult Validate(string? name, AdminOptions options)
    {
        var check = new SettingsCheck(Section);
        check.That(options.Key is null or "" or { Length: >= MinimumLength }, nameof(Key), "too short", $"empty, or {MinimumLength} characters or more");
        return check.Result;
    }
}
