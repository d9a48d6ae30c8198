using System.Text;
using Microsoft.DotNet.Interactive.Formatting;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetMlp.Diagnostics;
using MlNetMlp.Search;

namespace MlNetMlp.Interactive;

/// <summary>Shows what is at the end of a notebook's cell as pictures and tables.</summary>
/// <remarks>A notebook that loads the package by <c>#r "nuget: MlNetMlp.Interactive"</c> calls <see cref="Register"/> by itself.</remarks>
public static class NotebookFormatters
{
    /// <summary>
    /// Registers how a <see cref="TrainingHistory"/>, a <see cref="MlpTrainingResult"/>, a fitted <see cref="MlpPredictionTransformer"/>, its
    /// <see cref="MlpModelParameters"/>, a <see cref="MlpModel"/>, a <see cref="ModelSummary"/>, a <see cref="DiagnosisReport"/>, a
    /// <see cref="LearningRateCurve"/>, a <see cref="ReliabilityDiagram"/>, a <see cref="ConfusionMatrix"/> and a <see cref="SearchResult{TOptions}"/> are
    /// shown, as HTML; what else is registered stays as it is.
    /// </summary>
    public static void Register()
    {
        Show<TrainingHistory>(history => history.ToSvg());
        Show<MlpTrainingResult>(result => OfModel(result.Model.Summary(), result));
        Show<MlpPredictionTransformer>(transformer => OfModel(transformer.Summary(), transformer.Model.Training));
        Show<MlpModelParameters>(model => OfModel(model.Summary(), model.Training));
        Show<MlpModel>(model => OfSummary(model.Summary()));
        Show<ModelSummary>(OfSummary);
        Show<DiagnosisReport>(OfDiagnosis);
        Show<LearningRateCurve>(curve => curve.ToSvg());
        Show<ReliabilityDiagram>(diagram => diagram.ToSvg());
        Show<ConfusionMatrix>(matrix => matrix.ToSvg());
        Show<SearchResult<MlpBinaryTrainer.Options>>(OfSearch);
        Show<SearchResult<MlpMulticlassTrainer.Options>>(OfSearch);
        Show<SearchResult<MlpRegressionTrainer.Options>>(OfSearch);
    }

    private static void Show<T>(Func<T, string> toHtml) => Formatter.Register<T>((value, writer) => writer.Write(toHtml(value)), HtmlFormatter.MimeType);

    private static string OfModel(ModelSummary summary, MlpTrainingResult? training) =>
        OfSummary(summary) + (training is { History.Count: > 0 } ? training.History.ToSvg() : "");

    private static string OfSummary(ModelSummary summary)
    {
        var html = new StringBuilder(HtmlTable.Of(["layer", "units", "parameters", "number"], summary.Layers.Select(layer => (string[])
            [layer.Name, layer.Units, layer.Shapes, HtmlTable.Number(layer.ParameterCount)])));
        foreach (string sentence in summary.Features.Concat(summary.Training).Prepend($"{HtmlTable.Number(summary.ParameterCount)} parameters"))
        {
            html.Append(HtmlTable.Paragraph(sentence));
        }

        return html.ToString();
    }

    private static string OfDiagnosis(DiagnosisReport report) =>
        HtmlTable.Paragraph($"{report.Severity}: {report.Network}, {HtmlTable.Number(report.RowCount)} rows")
        + HtmlTable.Of(["check", "", "found", "advice"], report.Findings.OrderByDescending(finding => finding.Severity).Select(finding => (string[])
            [finding.Check.ToString(), finding.Severity.ToString(), $"{finding.Measured} {finding.Meaning}", finding.Advice ?? ""]))
        + (report.Layers.Count > 0 ? report.ActivationsToSvg() : "");

    private static string OfSearch<TOptions>(SearchResult<TOptions> search)
        where TOptions : MlpTrainerOptions
    {
        string[][] table = search.ToRows();
        bool hasSeveral = search.Trials.SelectMany(trial => trial.Values).DistinctBy(value => value.Name).Skip(1).Any();
        return search.ToSvg() + (hasSeveral ? search.ParallelCoordinatesToSvg() : "") + HtmlTable.Paragraph($"The best: {search.Best}")
            + HtmlTable.Of(table[0], table.Skip(1));
    }
}
