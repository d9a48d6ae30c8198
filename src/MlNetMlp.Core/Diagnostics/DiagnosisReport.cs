using System.Globalization;
using System.Text;

namespace MlNetMlp.Diagnostics;

/// <summary>What a <see cref="Diagnosis"/> found; <see cref="ToString"/> returns a readable report.</summary>
public sealed record DiagnosisReport
{
    internal DiagnosisReport()
    {
    }

    /// <summary>The network and its loss.</summary>
    public required string Network { get; init; }

    /// <summary>The number of training rows.</summary>
    public required int RowCount { get; init; }

    /// <summary>The number of training rows that the short training run learned from.</summary>
    public required int SampledRowCount { get; init; }

    /// <summary>All results, in the order of <see cref="DiagnosisCheck"/>.</summary>
    public required IReadOnlyList<DiagnosisFinding> Findings { get; init; }

    /// <summary>What was measured of each layer, from the input to the output; empty if the training diverged at once.</summary>
    public required IReadOnlyList<LayerDiagnosis> Layers { get; init; }

    /// <summary>The epochs of the short training run.</summary>
    public required IReadOnlyList<EpochReport> History { get; init; }

    /// <summary>The worst of all findings.</summary>
    public DiagnosisSeverity Severity => Findings.Max(finding => finding.Severity);

    /// <summary>The finding about <paramref name="check"/>, or null if that was not checked, such as class balance in regression.</summary>
    public DiagnosisFinding? Find(DiagnosisCheck check) => Findings.FirstOrDefault(finding => finding.Check == check);

    /// <summary>The findings, the worst first, with what to do about them, and a table of the layers.</summary>
    public override string ToString()
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        var text = new StringBuilder();
        text.AppendLine(culture,
            $"Diagnosis of {Network}: {Count(DiagnosisSeverity.Warning, "warning")}, {Count(DiagnosisSeverity.Notice, "notice")}, " +
            $"{Findings.Count(f => f.Severity == DiagnosisSeverity.Ok)} fine.");
        text.AppendLine(culture, $"The short training had {SampledRowCount} of {RowCount} rows and {History.Count} epochs.").AppendLine();
        foreach (DiagnosisFinding finding in Findings.OrderByDescending(finding => finding.Severity).ThenBy(finding => finding.Check))
        {
            text.AppendLine(culture, $"{finding.Severity,-8} {finding.Check}: {finding.Measured} {finding.Meaning}");
            if (finding.Advice is { } advice)
            {
                text.AppendLine(culture, $"         -> {advice}");
            }
        }

        if (Layers.Count > 0)
        {
            var table = new TextTable("layer", ">units", ">dead", ">saturated", ">mean", ">deviation", ">gradient norm", ">step / weights");
            foreach (LayerDiagnosis layer in Layers)
            {
                table.Add(layer.Name, layer.Units.ToString(culture), Share(layer.Dead), Share(layer.Saturated),
                    Number(layer.Activations?.Mean), Number(layer.Activations?.Deviation),
                    layer.GradientNorm.ToString("0.0e+00", culture), layer.UpdateRatio.ToString("0.0e+00", culture));
            }

            text.AppendLine().Append(table);
        }

        return text.ToString();

        string Number(double? number) => number?.ToString("G2", culture) ?? "";

        string Share(double? share) => share?.ToString("P0", culture) ?? "";
    }

    private string Count(DiagnosisSeverity severity, string name)
    {
        int count = Findings.Count(finding => finding.Severity == severity);
        return count == 1 ? $"1 {name}" : $"{count} {name}s";
    }
}
