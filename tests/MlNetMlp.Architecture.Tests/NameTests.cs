using System.Reflection;

namespace MlNetMlp.Architecture.Tests;

/// <summary>A program that uses ML.NET's namespaces and ours can write every name without telling which one it means.</summary>
public sealed class NameTests
{
    /// <summary>The namespaces that programs with ML.NET import.</summary>
    private static readonly string[] _imported = ["Microsoft.ML", "Microsoft.ML.Data", "Microsoft.ML.Trainers", "Microsoft.ML.Transforms"];

    [Fact]
    public void PublicTypes_HaveNoNameThatMicrosoftMLHas()
    {
        HashSet<string> theirs =
        [
            .. Directory.GetFiles(AppContext.BaseDirectory, "Microsoft.ML*.dll").SelectMany(path => Assembly.LoadFrom(path).GetExportedTypes())
                .Where(type => !type.IsNested && _imported.Contains(type.Namespace)).Select(NameOf),
        ];
        string[] assemblies = ["MlNetMlp.Core", "MlNetMlp", "MlNetMlp.Hosting", "MlNetMlp.Interactive", "MlNetMlp.Onnx", "MlNetMlp.Orleans"];

        Assert.Superset(new HashSet<string> { "MLContext", "HingeLoss", "VBuffer", "OneHotEncodingEstimator" }, theirs);
        Assert.Empty(assemblies.SelectMany(name => Assembly.Load(name).GetExportedTypes())
            .Where(type => !type.IsNested && theirs.Contains(NameOf(type))).Select(type => type.FullName));
    }

    private static string NameOf(Type type) => type.Name.Split('`')[0];
}
