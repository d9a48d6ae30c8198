using static System.FormattableString;

namespace MlNetMlp.Diagnostics;

/// <summary>How the short training run went.</summary>
internal static class ProgressChecks
{
    /// <summary>
    /// A step of a thousandth of the weights is the rule of thumb; adaptive rules on small layers make ten times as much and are well. The
    /// decay of AdamW alone makes 1e-5.
    /// </summary>
    private const double Tiny = 2e-5, Small = 1e-4, Large = 0.1, Huge = 0.3, Beyond = 1;

    public static DiagnosisFinding SmallSet(SmallSetFit fit, TrainingTask task)
    {
        string measured =
            Invariant($"On {fit.Rows} rows, without regularization, the loss came from {fit.Start:G3} to {fit.Own.Loss:G3} in {fit.Own.Steps} steps.");
        if (fit.Own.Fits)
        {
            return new(DiagnosisCheck.SmallSet, DiagnosisSeverity.Ok, fit.Own.Loss, measured, "It can memorize them, as it should.", null);
        }

        if (fit.Other is { Fits: true } other)
        {
            // Half of the way is slow; less is no way at all.
            return new(DiagnosisCheck.SmallSet, fit.Start > 0 && fit.Own.Loss > 0.5 * fit.Start ? DiagnosisSeverity.Warning
                : DiagnosisSeverity.Notice, fit.Own.Loss, measured,
                Invariant($"With AdamW at 0.003 it came to {other.Loss:G3} in {other.Steps} steps, so the optimizer or its rate is to blame."),
                Invariant($"Change LearningRate, which begins at {task.Options.LearningRate.BaseRate:G3}, tenfold in either direction, or ") +
                Invariant($"set Optimizer = new AdamW() and LearningRate = 0.003f."));
        }

        return task.Architecture.HiddenLayers.Count == 0
            ? new(DiagnosisCheck.SmallSet, DiagnosisSeverity.Notice, fit.Own.Loss, measured, "A linear model cannot bend to fit them.",
                "Add HiddenLayers if a linear model is not what you want.")
            : new(DiagnosisCheck.SmallSet, DiagnosisSeverity.Warning, fit.Own.Loss, measured,
                Invariant($"Not even with AdamW at 0.003, which came to {fit.Other?.Loss:G3}: the network lacks capacity, or its gradients do not arrive."),
                "Look at the findings about gradient flow, dead and saturated units; if there are none, increase the units of HiddenLayers.");
    }

    /// <summary>What a constant reaches is no achievement.</summary>
    public static DiagnosisFinding Progress(ShortTraining training, double start, double end, double constant)
    {
        if (training.Divergence is { } divergence)
        {
            return new(DiagnosisCheck.Progress, DiagnosisSeverity.Warning, double.NaN, divergence.Message, "There is no model.",
                "Look at the findings about the learning rate, the features and the initial loss.");
        }

        string measured =
            Invariant($"In {training.History.Count} epochs the training loss came from {start:G4} to {end:G4}; the best constant has {constant:G4}.");
        double reference = constant > 0 ? constant : start, left = reference > 0 ? end / reference : 0;
        if (left > 0.9 && end < 0.8 * start && StillFalls(training.History))
        {
            return new(DiagnosisCheck.Progress, DiagnosisSeverity.Notice, left, measured, "The loss falls, but has not yet made up for where it began.",
                "Train longer (NumberOfEpochs), or start with smaller weights (OutputInitializer).");
        }

        return left > 0.98 || end >= start
            ? new(DiagnosisCheck.Progress, DiagnosisSeverity.Warning, left, measured, "Nothing was learned from the features.",
                "If the small set was learned, change LearningRate or train longer; if that does not help, the features may tell " +
                "nothing about the label: check that rows and labels belong together.")
            : left > 0.9
                ? new(DiagnosisCheck.Progress, DiagnosisSeverity.Notice, left, measured, "Little was learned from the features so far.",
                    "Train longer (NumberOfEpochs), try a higher LearningRate, or add features.")
                : new(DiagnosisCheck.Progress, DiagnosisSeverity.Ok, left, measured, "The loss falls.", null);
    }

    public static DiagnosisFinding LearningRate(ShortTraining training, IReadOnlyList<LayerDiagnosis> layers, MlpTrainingOptions options, double learned)
    {
        float rate = options.LearningRate.BaseRate;
        if (training.Divergence is not null)
        {
            return new(DiagnosisCheck.LearningRate, DiagnosisSeverity.Warning, rate, Invariant($"The rate is {rate:G3}, and the training diverged."),
                "The steps are too long.",
                Invariant($"Set LearningRate to {rate / 10:G2}, or GradientClipping.ByNorm(1)."));
        }

        double ratio = Middle(layers.Select(layer => layer.UpdateRatio)), largest = Middle(layers.Select(layer => layer.LargestUpdateRatio));
        string measured =
            Invariant($"At a rate of {rate:G3}, a step moves the weights by {ratio:G2} of their size, and by {largest:G2} at most; about 0.001 is usual.");
        if (largest > Beyond)
        {
            return new(DiagnosisCheck.LearningRate, DiagnosisSeverity.Warning, largest, measured,
                "Single steps were longer than the weights themselves: what was there before is lost.",
                Invariant($"Set LearningRate to {rate / 10:G2} or less."));
        }

        if (ratio > Huge || (ratio > Large && learned < 0.1))
        {
            return new(DiagnosisCheck.LearningRate, DiagnosisSeverity.Warning, ratio, measured, "The weights are thrown about.",
                Invariant($"Set LearningRate to {rate / 10:G2}."));
        }

        if (ratio < Tiny || (ratio < Small && learned < 0.1))
        {
            return new(DiagnosisCheck.LearningRate, DiagnosisSeverity.Warning, ratio, measured, "The weights hardly move.",
                Invariant($"Set LearningRate to {rate * 10:G2} or more, unless gradients vanish or the schedule only begins."));
        }

        return ratio > Large || ratio < Small
            ? new(DiagnosisCheck.LearningRate, DiagnosisSeverity.Notice, ratio, measured, ratio < Small ? "The steps are short." : "The steps are long.",
                Invariant($"Try a LearningRate of {(ratio < Small ? rate * 3 : rate / 3):G2}."))
            : new(DiagnosisCheck.LearningRate, DiagnosisSeverity.Ok, ratio, measured, "The steps are of a good size.", null);
    }

    private static bool StillFalls(IReadOnlyList<EpochReport> history) => history.Count > 1
        && history[^1].TrainingLoss < 0.97 * history[(history.Count - 1) / 2].TrainingLoss;

    private static double Middle(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    /// <summary>
    /// The gap as a part of what a constant has: a fifth is visible, a half means that most of what was learned holds for the training rows
    /// only.
    /// </summary>
    public static DiagnosisFinding Generalization(double training, double validation, double constant, MlpArchitecture architecture)
    {
        double gap = (validation - training) / constant;
        string measured = Invariant($"The loss is {training:G4} on training rows and {validation:G4} on validation rows; the best constant has {constant:G4}.");

        // What is hardly better than a constant on the training rows has learned nothing that could hold for others.
        if (training > 0.9 * constant)
        {
            return new(DiagnosisCheck.Generalization, DiagnosisSeverity.Notice, gap, measured, "Too little was learned to tell.",
                "See to the findings about progress, learning rate and initial loss first.");
        }

        DiagnosisSeverity severity = gap <= 0.2 ? DiagnosisSeverity.Ok : gap > 0.5 ? DiagnosisSeverity.Warning : DiagnosisSeverity.Notice;
        if (severity != DiagnosisSeverity.Ok)
        {
            bool hasDropout = architecture.HiddenLayers.Any(layer => layer.Dropout > 0);
            return new(DiagnosisCheck.Generalization, severity, gap, measured, "The network memorizes the training rows: it overfits.",
                (hasDropout ? "Raise Dropout of the hidden layers" : "Set Dropout of the hidden layers (0.2 to 0.5)") +
                " or L2Regularization (1e-4 to 1e-2), set EarlyStopping, take fewer units in HiddenLayers, or find more rows.");
        }

        return new(DiagnosisCheck.Generalization, DiagnosisSeverity.Ok, gap, measured,
            gap < 0.05 ? "There is no gap." : "The gap is small.",
            gap < 0.05 && training > 0.5 * constant
                ? "If this is still so after the whole training, there is room for more units in HiddenLayers and for less regularization." : null);
    }
}
