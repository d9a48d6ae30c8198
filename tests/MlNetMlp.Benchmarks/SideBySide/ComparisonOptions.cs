using System.Globalization;

namespace MlNetMlp.Benchmarks.SideBySide;

/// <summary>How a comparison is run.</summary>
/// <param name="Python">The Python that has the peers.</param>
internal sealed record ComparisonOptions(string Python)
{
    /// <summary>How often each side does each piece of work.</summary>
    public int Rounds { get; private init; } = 7;

    /// <summary>A folder with <c>node_modules/onnxruntime-node</c>; null leaves ONNX Runtime out.</summary>
    public string? OnnxRuntimeFolder { get; private init; }

    /// <summary>Our kernels, as <c>MLNETMLP_KERNEL</c> names them; null: the best there are, or those of that variable.</summary>
    public string? Kernel { get; private init; }

    /// <summary>Only work with one of these in its name is done; none: all of it.</summary>
    public IReadOnlyList<string> Only { get; private init; } = [];

    /// <summary>Reads <c>[rounds] [folder] [--kernel name] [--only part]...</c>; null if the arguments are others.</summary>
    public static ComparisonOptions? Parse(ReadOnlySpan<string> arguments, string python)
    {
        var options = new ComparisonOptions(python);
        int given = 0;
        while (arguments.Length > 0)
        {
            switch (arguments)
            {
                case ["--kernel", var kernel, ..]:
                    options = options with { Kernel = kernel };
                    arguments = arguments[2..];
                    break;
                case ["--only", var part, ..]:
                    options = options with { Only = [.. options.Only, part] };
                    arguments = arguments[2..];
                    break;
                case [var rounds, ..] when given == 0 && int.TryParse(rounds, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0:
                    options = options with { Rounds = number };
                    arguments = arguments[1..];
                    given = 1;
                    break;
                case [var folder, ..] when given == 1 && !folder.StartsWith("--", StringComparison.Ordinal):
                    options = options with { OnnxRuntimeFolder = folder };
                    arguments = arguments[1..];
                    given = 2;
                    break;
                default:
                    return null;
            }
        }

        return options;
    }

    public bool Includes(Contest contest) => Only.Count == 0 || Only.Any(part => contest.Work.Contains(part, StringComparison.OrdinalIgnoreCase));
}
