using System.Globalization;

namespace MlNetMlp.Diagnostics;

/// <summary>What <see cref="GradientCheck"/> found; <see cref="ToString"/> is a table for people.</summary>
/// <param name="Parameters">One line for each learned parameter, from the input to the output.</param>
/// <param name="Network">The network and its loss.</param>
/// <param name="Rows">The number of rows of the mini-batch.</param>
/// <param name="Objective">The function that was differentiated, at the place where it was.</param>
/// <param name="Tolerance">The largest relative error of a right gradient.</param>
public sealed record GradientCheckReport(IReadOnlyList<ParameterGradientCheck> Parameters, string Network, int Rows, double Objective, double Tolerance)
{
    /// <summary>The worst of what was found for a parameter.</summary>
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
