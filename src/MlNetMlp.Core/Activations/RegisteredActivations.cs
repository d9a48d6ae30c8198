using System.Collections.Concurrent;

namespace MlNetMlp;

/// <summary>The activations of users that saved models may name, by these names; one list for the process.</summary>
internal static class RegisteredActivations
{
    private static readonly ConcurrentDictionary<string, CustomActivation> _byName = new(StringComparer.Ordinal);

    public static void Add(CustomActivation activation) => _byName[activation.Name] = activation;

    /// <exception cref="NotSupportedException">Nothing is registered under the name.</exception>
    public static Activation Find(string name) => _byName.TryGetValue(name, out CustomActivation? activation)
        ? activation
        : throw new NotSupportedException(
            $"The saved network has the activation '{name}', whose function is not in the file and not registered in this program. Before loading, call " +
            $"{nameof(Activation)}.{nameof(Activation.Register)}({nameof(Activation)}.{nameof(Activation.Custom)}(\"{name}\", function, derivative)).");
}
