using static System.FormattableString;

namespace MlNetMlp.Diagnostics;

/// <summary>What goes on inside of the network.</summary>
internal static class LayerChecks
{
    /// <summary>
    /// A gradient that loses or gains a factor of 100 from the last to the first layer lets layers learn at very different speeds; 1,000
    /// stops some.
    /// </summary>
    private const double Uneven = 100, VeryUneven = 1000;

    /// <summary>
    /// Mean and deviation of few rows are mostly noise, and two rows normalize to constants, whatever they are. Batch renormalization, which also looks
    /// back, makes do with half as many.
    /// </summary>
    private const int FewRows = 8, VeryFewRows = 4, EnoughRows = 16;

    public static IEnumerable<DiagnosisFinding> Of(IReadOnlyList<LayerDiagnosis> layers, MlpArchitecture architecture)
    {
        if (layers.Count > 1)
        {
            yield return GradientFlow(layers, architecture);
        }

        if (layers.Any(layer => layer.Dead is not null))
        {
            yield return DeadUnits(layers.Where(layer => layer.Dead is not null).MaxBy(layer => layer.Dead)!);
        }

        if (layers.Any(layer => layer.Saturated is not null))
        {
            yield return SaturatedUnits(layers.Where(layer => layer.Saturated is not null).MaxBy(layer => layer.Saturated)!);
        }
    }

    /// <summary>How many rows of equal weight the rows of a mini-batch amount to: <c>(sum w)^2 / sum w^2</c> on average.</summary>
    public static DiagnosisFinding MiniBatch(NetworkProbe probe, TrainingTask task)
    {
        double sum = 0, squares = 0;
        foreach (float weight in probe.Weights)
        {
            sum += weight;
            squares += (double)weight * weight;
        }

        double share = sum > 0 ? sum * sum / squares / probe.Rows : 1.0 / probe.Rows, rows = share * task.BatchSize;
        bool isBatch = task.Architecture.HiddenLayers.Any(layer => layer.Normalization is BatchNormalization);
        double part = isBatch ? 1 : 0.5;
        DiagnosisSeverity severity = rows < part * VeryFewRows ? DiagnosisSeverity.Warning
            : rows < part * FewRows ? DiagnosisSeverity.Notice
            : DiagnosisSeverity.Ok;
        string measured = Invariant($"A mini-batch has {task.BatchSize} rows") +
            (share > 0.99 ? "." : Invariant($"; with their weights they count as {rows:F1}."));
        return severity == DiagnosisSeverity.Ok
            ? new(DiagnosisCheck.MiniBatch, severity, rows, measured, "That is enough for the mean and deviation of a normalization.", null)
            : new(DiagnosisCheck.MiniBatch, severity, rows, measured, "Mean and deviation over so few rows are mostly noise.",
                Invariant($"Set BatchSize to {Math.Ceiling(Math.Min(part * EnoughRows / share, task.Rows.Count))}, or Normalization of the hidden layers to ") +
                (isBatch ? "Normalization.BatchRenormalization or " : "") + "Normalization.Layer, which looks at one row at a time.");
    }

    private static DiagnosisFinding GradientFlow(IReadOnlyList<LayerDiagnosis> layers, MlpArchitecture architecture)
    {
        double first = layers[0].GradientNorm, last = layers[^1].GradientNorm, ratio = last > 0 ? first / last : first > 0 ? double.PositiveInfinity : 1;
        string measured = Invariant($"The gradient norm is {first:G2} in the first layer and {last:G2} in the last, a ratio of {ratio:G2}.");
        if (architecture.HiddenLayers.Any(layer => !layer.Activation.HasSlope) && ratio == 0)
        {
            return new(DiagnosisCheck.GradientFlow, DiagnosisSeverity.Notice, ratio, measured,
                "Activation.HardThreshold has no slope: the weights below it stay as they were drawn.",
                    "If they are to learn, use Activation.Sigmoid or Activation.Relu.");
        }

        double unevenness = Math.Max(ratio, 1 / ratio);
        DiagnosisSeverity severity = unevenness > VeryUneven ? DiagnosisSeverity.Warning : unevenness > Uneven ? DiagnosisSeverity.Notice
            : DiagnosisSeverity.Ok;
        return severity == DiagnosisSeverity.Ok
            ? new(DiagnosisCheck.GradientFlow, severity, ratio, measured, first > 0 ? "All layers learn." : "The later steps had nothing left to learn.", null)
            : ratio < 1
                ? new(DiagnosisCheck.GradientFlow, severity, ratio, measured, "The gradient vanishes on its way down: the first layers hardly learn.",
                    "Use Activation.Relu or another rectifier in place of sigmoid and tanh, set Normalization.Batch or Residual on the " +
                    "hidden layers, or take fewer HiddenLayers.")
                : new(DiagnosisCheck.GradientFlow, severity, ratio, measured, "The gradient explodes on its way down.",
                    "Set GradientClipping.ByNorm(1), start with smaller weights (WeightInitializer), or set Normalization.Batch on the hidden layers.");
    }

    private static DiagnosisFinding DeadUnits(LayerDiagnosis worst)
    {
        double dead = worst.Dead!.Value, start = worst.DeadAtStart ?? 0;
        DiagnosisSeverity severity = dead > 0.4 ? DiagnosisSeverity.Warning : dead > 0.2 ? DiagnosisSeverity.Notice : DiagnosisSeverity.Ok;
        string measured =
            Invariant($"At most {dead:P0} of the rectified units of a layer are 0 for all rows (in {worst.Name}; {start:P0} were before the training).");
        return severity == DiagnosisSeverity.Ok
            ? new(DiagnosisCheck.DeadUnits, severity, dead, measured, "The units are alive.", null)
            : new(DiagnosisCheck.DeadUnits, severity, dead, measured, "Dead units have no gradient and never come back: capacity is lost.",
                start > dead / 2
                    ? "They start dead: turn on FeatureScaling if it is None, use WeightInitializer = Initializer.He, or Activation.LeakyRelu()."
                    : "They died while learning: lower LearningRate (to a tenth), or use Activation.LeakyRelu() or Activation.Elu().");
    }

    private static DiagnosisFinding SaturatedUnits(LayerDiagnosis worst)
    {
        double flat = worst.Saturated!.Value;
        DiagnosisSeverity severity = flat > 0.5 ? DiagnosisSeverity.Warning : flat > 0.25 ? DiagnosisSeverity.Notice : DiagnosisSeverity.Ok;
        string measured = Invariant($"At most {flat:P0} of the sigmoid and tanh activations of a layer are at their limits (in {worst.Name}).");
        return severity == DiagnosisSeverity.Ok
            ? new(DiagnosisCheck.SaturatedUnits, severity, flat, measured, "The units work where they have a slope.", null)
            : new(DiagnosisCheck.SaturatedUnits, severity, flat, measured, "At its limits a unit passes hardly any gradient.",
                "Turn on FeatureScaling if it is None, start with smaller weights (WeightInitializer = Initializer.GlorotUniform), " +
                "set Normalization.Batch, lower LearningRate, or use Activation.Relu.");
    }
}
