namespace Microsoft.ML;

/// <summary>What the Create method of a model's loadable class takes.</summary>
internal delegate void SignatureLoadModel(ModelLoadContext ctx);

/// <summary>Says by which name a class is found when a model is loaded.</summary>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
internal sealed class LoadableClassAttribute : Attribute
{
    public LoadableClassAttribute(Type instType, Type argType, Type sigType, string userName, params string[] loadNames)
        : this(instType, instType, argType, sigType, userName, loadNames) { }

    public LoadableClassAttribute(Type instType, Type loaderType, Type argType, Type sigType, string userName, params string[] loadNames)
    {
        LoaderType = loaderType;
        Signature = sigType;
        LoadNames = loadNames is { Length: > 0 } ? loadNames : [userName];
    }

    public Type LoaderType { get; }
    public Type Signature { get; }
    public string[] LoadNames { get; }
}
