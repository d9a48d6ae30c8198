using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using MlNetMlp.Architecture.Tests.Support;

namespace MlNetMlp.Architecture.Tests;

/// <summary>The C# examples of the documents compile exactly as they stand there: an example that drifts from the code fails.</summary>
public sealed partial class DocumentationTests
{
    /// <summary>
    /// What an example may take for granted, by the name in the comment above it; null: nothing, it is a whole program. An example may return anything.
    /// </summary>
    private static readonly Dictionary<string, string?> _givens = new(StringComparer.Ordinal)
    {
        ["quick-start"] = null,
        ["options"] = "MLContext mlContext",
        ["tools"] = "MLContext mlContext, MlpMulticlassTrainer trainer, IDataView trainData",
        ["elsewhere"] = "MLContext mlContext, MlpPredictionTransformer model, string[] classNames, float[] features, float[] scores",
        ["service"] = "MLContext mlContext, float[] features, float[] scores",
        ["pipeline"] = "MLContext mlContext, IDataView rows",
        ["model-zip"] = "",
        ["onnx"] = "",
        ["orleans"] = "Orleans.Hosting.ISiloBuilder silo, Orleans.IClusterClient clusterClient",
        ["cluster"] = "MLContext mlContext, IDataView trainData, Orleans.IClusterClient clusterClient, Orleans.Hosting.ISiloBuilder silo",
    };

    /// <summary>What the SDK gives every new console application without being asked.</summary>
    private const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private static readonly MetadataReference[] _references = [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
        .Split(Path.PathSeparator)
        .Where(path => path.EndsWith(".dll", StringComparison.Ordinal))
        .Select(path => MetadataReference.CreateFromFile(path))];

    public static TheoryData<string, string> Examples()
    {
        var examples = new TheoryData<string, string>();
        foreach (string document in Repository.Files(".", "*.md"))
        {
            foreach (Match match in CSharpBlock().Matches(File.ReadAllText(Repository.PathOf(document))))
            {
                examples.Add(document, match.Groups["name"].Value);
            }
        }

        return examples;
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void Example_OfTheDocument_Compiles(string document, string name)
    {
        Assert.True(_givens.TryGetValue(name, out string? givens),
            $"An example of {document} has the name '{name}', of which nobody knows what it may take for granted.");
        string code = CodeOf(document, name);

        Assert.Empty(Errors(givens is null ? code : Wrapped(code, givens)));
    }

    /// <summary>
    /// The quick start of README.md, compiled from the text itself, on houses whose price is 50 + 30 rooms - age, and 40 more in the
    /// South. Five rooms and twelve years in the North make 188.
    /// </summary>
    [Fact]
    public async Task QuickStartOfTheReadme_OnHouses_PredictsTheirPrice()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("mlnetmlp");
        try
        {
            IEnumerable<string> rows = Enumerable.Range(0, 600).Select(i =>
            {
                bool isSouth = i % 3 == 0;
                int rooms = 1 + i % 8, age = i * 7 % 40;
                return string.Create(CultureInfo.InvariantCulture,
                    $"{(isSouth ? "South" : "North")},{rooms},{age},{50 + 30 * rooms - age + (isSouth ? 40 : 0)}");
            });
            await File.WriteAllLinesAsync(Path.Combine(folder.FullName, "houses.csv"), rows.Prepend("District,Rooms,Age,Price"));

            string[] lines = await Run(CodeOf("README.md", "quick-start"), folder.FullName);

            Assert.StartsWith("R^2 ", lines[0], StringComparison.Ordinal);
            Assert.InRange(double.Parse(lines[0][4..], CultureInfo.InvariantCulture), 0.98, 1);
            Assert.InRange(double.Parse(lines[1], CultureInfo.InvariantCulture), 178, 198);
            Assert.True(File.Exists(Path.Combine(folder.FullName, "model.zip")));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Example_ThatNamesWhatIsNotThere_DoesNotCompile() =>
        Assert.Contains(Errors(Wrapped("mlContext.Regression.Trainers.NoSuchTrainer();", "MLContext mlContext")),
            error => error.Contains("NoSuchTrainer", StringComparison.Ordinal));

    [Fact]
    public void Documents_HaveExamples_ForEveryName() =>
        Assert.Equal(_givens.Keys.Order(StringComparer.Ordinal), Examples().Select(row => (string)row[1]).Distinct().Order(StringComparer.Ordinal));

    /// <summary>The statements of an example as a method, behind the usings that it begins with.</summary>
    private static string Wrapped(string code, string givens)
    {
        string[] lines = code.Split('\n');
        IEnumerable<string> usings = lines.Where(line => line.StartsWith("using ", StringComparison.Ordinal) && !line.Contains('='));
        IEnumerable<string> statements = lines.Where(line => !(line.StartsWith("using ", StringComparison.Ordinal) && !line.Contains('=')));
        return $"using Microsoft.ML;\nusing MlNetMlp;\n{string.Join('\n', usings.Except(["using Microsoft.ML;", "using MlNetMlp;"]))}\n" +
            $"internal static class Example\n{{\n    public static void Run({givens})\n    {{\n{string.Join('\n', statements)}\n    }}\n}}\n" +
            "internal static class Program\n{\n    public static void Main()\n    {\n    }\n}\n";
    }

    private static string CodeOf(string document, string name) => CSharpBlock().Matches(File.ReadAllText(Repository.PathOf(document)))
        .Single(match => match.Groups["name"].Value == name)
        .Groups["code"].Value;

    private static string[] Errors(string code) => [.. Compile(code).GetDiagnostics()
        .Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning)
        .Select(diagnostic => diagnostic.ToString())];

    private static CSharpCompilation Compile(string code)
    {
        var options = new CSharpParseOptions(LanguageVersion.Latest);
        return CSharpCompilation.Create("Example",
            [CSharpSyntaxTree.ParseText(code, options), CSharpSyntaxTree.ParseText(ImplicitUsings, options)],
            _references,
            new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable));
    }

    /// <summary>Runs a whole program in a process of its own, beside the libraries of these tests, and returns the lines that it prints.</summary>
    private static async Task<string[]> Run(string code, string workingDirectory)
    {
        string tests = Path.ChangeExtension(typeof(DocumentationTests).Assembly.Location, null), program = Path.Combine(AppContext.BaseDirectory,
            "Example.dll");
        Assert.True(Compile(code).Emit(program).Success);
        using Process process = Process.Start(new ProcessStartInfo("dotnet",
            ["exec", "--depsfile", tests + ".deps.json", "--runtimeconfig", tests + ".runtimeconfig.json", program])
        {
            WorkingDirectory = workingDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await error);
        return (await output).Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
    }

    [GeneratedRegex(@"(?:<!-- (?<name>[\w-]+) -->\s*)?```csharp\r?\n(?<code>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex CSharpBlock();
}
