using System.Globalization;

namespace MlNetMlp.Diagnostics;

/// <summary>What <see cref="GradientCheck"/> found; <see cref="ToString"/> returns a readable table.</summary>
public sealed record GradientCheckReport
{
    internal GradientCheckReport()
    {
    }

    /// <summary>One line for each learned parameter, from the input to the output.</summary>
    public required IReadOnlyList<ParameterGradientCheck> Parameters { get; init; }

    /// <summary>The network and its loss.</summary>
    public required string Network { get; init; }

    /// <summary>The number of rows of the mini-batch.</summary>
    public required int Rows { get; init; }

    /// <summary>The value of the function that was differentiated, at the point where it was.</summary>
    public required double Objective { get; init; }

    /// <summary>The largest relative error of a correct gradient.</summary>
    public required double Tolerance { get; init; }

    /// <summary>The worst verdict of any parameter.</summary>
    public GradientCheckVerdict Verdict => Parameters.Max(parameter => parameter.Verdict);

    /// <summary>A sentence and a table of the parameters.</summary>
    public override string ToString()
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        var table = new TextTable("parameter", "shape", "verdict", ">compared", ">kinks", ">largest error", "at", ">back-propagation", ">differences");
        foreach (ParameterGradientCheck p in Parameters)
        {
            string[] worst = p.Compared == 0
                ? ["", "", "", ""]
                : [p.LargestError.ToString("0.0e+00", culture), $"[{p.Row}, {p.Column}]", p.Analytic.ToString("0.00000e+00", culture),
                    p.Numeric.ToString("0.00000e+00", culture)];
            table.Add([p.Name, $"[{p.Rows}, {p.Columns}]", p.Verdict.ToString(), p.Compared.ToString(culture), p.Kinks.ToString(culture), .. worst]);
        }

        return string.Create(culture, $"Gradient check of {Network}: {Verdict}. {Rows} rows, objective {Objective:G5}, tolerance {Tolerance:G3}.") +
            Environment.NewLine + table;
    }
}
