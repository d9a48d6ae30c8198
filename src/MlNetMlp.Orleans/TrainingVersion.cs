using System.Reflection;

namespace MlNetMlp.Search;

/// <summary>The version of the library. Another one may train to other bits.</summary>
internal static class TrainingVersion
{
    public static string Current { get; } =
        typeof(MlpTrainerOptions).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
}
