using System.Reflection;

namespace MlNetMlp;

/// <summary>The package MlNetMlp.Onnx, which depends on Google.Protobuf and is there only if the program asks for it.</summary>
internal static class OnnxPackage
{
    private const string Name = "MlNetMlp.Onnx";

    /// <summary>Calls the package's <c>model.SaveAsOnnx(target, outputNames)</c>.</summary>
    /// <typeparam name="T">The type of the target: a stream, or a string with the path of a file.</typeparam>
    /// <exception cref="InvalidOperationException">The package is missing, or is one of another version.</exception>
    public static void Save<T>(MlpModel model, T target, IReadOnlyList<string> outputNames)
    {
        MethodInfo method = Load().GetType("MlNetMlp.Interop.OnnxExport")
            ?.GetMethod("SaveAsOnnx", [typeof(MlpModel), typeof(T), typeof(IReadOnlyList<string>)])
            ?? throw new InvalidOperationException($"The package {Name} and the package MlNetMlp are of different versions; they have to be of the same one.");
        method.CreateDelegate<Action<MlpModel, T, IReadOnlyList<string>>>()(model, target, outputNames);
    }

    private static Assembly Load()
    {
        try
        {
            return Assembly.Load(Name);
        }
        catch (FileNotFoundException exception)
        {
            throw new InvalidOperationException($"Writing ONNX files takes the package {Name}, which is missing: dotnet add package {Name}", exception);
        }
    }
}
