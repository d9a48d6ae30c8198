namespace Microsoft.ML.Runtime;

/// <summary>The loadable classes of the assemblies that are known so far.</summary>
public sealed class ComponentCatalog
{
    private readonly Lock _lock = new();
    private readonly HashSet<string> _assemblies = [];
    private readonly Dictionary<(Type Signature, string Name), LoadableClassAttribute> _classes = [];
    internal ComponentCatalog() { }

    public void RegisterAssembly(Assembly assembly, bool throwOnError = true)
    {
        lock (_lock)
        {
            if (!_assemblies.Add(Check.Value(assembly, nameof(assembly)).FullName))
                return;
            foreach (var found in assembly.GetCustomAttributes<LoadableClassAttribute>())
            {
                foreach (string name in found.LoadNames)
                    Check.That(
                        _classes.TryAdd((found.Signature, name.ToUpperInvariant()), found) || !throwOnError, $"There are two loadable classes '{name}'");
            }
        }
    }

    /// <summary>Makes an object by its static method Create, or by a constructor, with or without the environment as first argument.</summary>
    internal object CreateInstance(IHostEnvironment env, Type signature, string name, params object[] arguments)
    {
        const BindingFlags Any = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance;
        LoadableClassAttribute found;
        lock (_lock)
            Check.Decode(_classes.TryGetValue((signature, name.ToUpperInvariant()), out found), $"No loadable class is named '{name}'");
        foreach (var values in (object[][])[[env, .. arguments], arguments])
        {
            bool Fits(MethodBase method) => method.GetParameters() is var p && p.Length == values.Length
                && p.Zip(values).All(pair => pair.First.ParameterType.IsInstanceOfType(pair.Second));
            try
            {
                var create = found.LoaderType.GetMethods(Any).FirstOrDefault(m => m.IsStatic && m.Name == "Create" && Fits(m));
                if (create is not null)
                    return create.Invoke(null, values);
                var constructor = found.LoaderType.GetConstructors(Any).FirstOrDefault(c => !c.IsStatic && Fits(c));
                if (constructor is not null)
                    return constructor.Invoke(values);
            }
            catch (TargetInvocationException error)
            {
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(error.InnerException);
            }
        }

        throw new InvalidOperationException($"Loadable class '{name}' ({found.LoaderType}) has neither a Create method nor a constructor");
    }
}
