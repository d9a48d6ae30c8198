using System.Runtime.CompilerServices;

internal static class RuntimeVersion
{
    [ModuleInitializer]
    internal static void Write() => Console.WriteLine($".NET {Environment.Version.Major}");
}
