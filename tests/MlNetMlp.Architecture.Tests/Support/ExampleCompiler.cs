using System.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace MlNetMlp.Architecture.Tests.Support;

/// <summary>Compiles and runs examples against the libraries of these tests.</summary>
internal static class ExampleCompiler
{
    /// <summary>What an example that is no whole program may take for granted, by name; a variable of its own takes precedence.</summary>
    private static readonly (string Name, string Type)[] _givens =
    [
        ("mlContext", "MLContext"),
        ("rows", "IDataView"),
        ("trainData", "IDataView"),
        ("testData", "IDataView"),
        ("validationData", "IDataView"),
        ("model", "ITransformer"),
        ("trainer", "MlpMulticlassTrainer"),
        ("features", "float[]"),
        ("scores", "float[]"),
        ("classNames", "string[]"),
        ("silo", "Orleans.Hosting.ISiloBuilder"),
        ("clusterClient", "Orleans.IClusterClient"),
    ];

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

    /// <summary>What the SDK does not let the compiler say: that a library was built against an older version of another.</summary>
    private static readonly Dictionary<string, ReportDiagnostic> _unsaid = new()
    {
        ["CS1701"] = ReportDiagnostic.Suppress,
        ["CS1702"] = ReportDiagnostic.Suppress,
    };

    private static readonly CSharpParseOptions _language = new(LanguageVersion.Latest);

    private static readonly MetadataReference[] _references = [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
        .Split(Path.PathSeparator)
        .Where(path => path.EndsWith(".dll", StringComparison.Ordinal))
        .Select(path => MetadataReference.CreateFromFile(path))];

    /// <summary>What the compiler has against an example, warnings too.</summary>
    public static string[] Errors(Example example) => [.. Compile(example).GetDiagnostics()
        .Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning)
        .Select(diagnostic => diagnostic.ToString())];

    /// <summary>Runs a whole program in a process of its own, beside the libraries of these tests, and returns the lines that it prints.</summary>
    public static async Task<string[]> Run(Example example, string workingDirectory)
    {
        string tests = Path.ChangeExtension(typeof(ExampleCompiler).Assembly.Location, null);
        string program = Path.Combine(AppContext.BaseDirectory, $"Example-{Guid.NewGuid():N}.dll");
        try
        {
            Assert.True(Compile(example).Emit(program).Success, string.Join(Environment.NewLine, Errors(example)));
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
        finally
        {
            File.Delete(program);
        }
    }

    private static CSharpCompilation Compile(Example example) => CSharpCompilation.Create("Example",
        [CSharpSyntaxTree.ParseText(Program(example), _language), CSharpSyntaxTree.ParseText(ImplicitUsings, _language)],
        _references,
        new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable, specificDiagnosticOptions: _unsaid));

    /// <summary>Usings, statements and types in the order that the language asks for; what is taken for granted, as parameters of a method.</summary>
    private static string Program(Example example)
    {
        CompilationUnitSyntax unit = SyntaxFactory.ParseCompilationUnit(example.Code, options: _language);
        GlobalStatementSyntax[] statements = [.. unit.Members.OfType<GlobalStatementSyntax>()];
        string usings = string.Concat(unit.Usings.Select(line => line.ToFullString()));
        string types = string.Concat(unit.Members.Except(statements).Select(type => type.ToFullString()));
        string body = string.Concat(statements.Select(statement => statement.ToFullString())) + unit.EndOfFileToken.ToFullString();
        if (example.IsProgram)
        {
            return $"{usings}\n{body}\n{types}";
        }

        HashSet<string> own = [.. unit.DescendantNodes().Select(node => node switch
        {
            VariableDeclaratorSyntax variable => variable.Identifier.ValueText,
            SingleVariableDesignationSyntax variable => variable.Identifier.ValueText,
            _ => "",
        })];
        IEnumerable<string> givens = _givens.Where(given => !own.Contains(given.Name)).Select(given => $"{given.Type} {given.Name}");
        IEnumerable<string> known = new[] { "using Microsoft.ML;", "using MlNetMlp;" }
            .Where(line => !unit.Usings.Any(present => present.ToString() == line));
        bool awaits = unit.DescendantNodes().OfType<AwaitExpressionSyntax>().Any();
        return $$"""
            {{string.Join('\n', known)}}
            {{usings}}
            internal static class Example
            {
                public static {{(awaits ? "async Task" : "void")}} Run({{string.Join(", ", givens)}})
                {
            {{body}}
                }
            }

            internal static class Program
            {
                public static void Main()
                {
                }
            }
            {{types}}
            """;
    }
}
