using MlNetMlp.Numerics;

namespace MlNetMlp.Diagnostics;

/// <summary>
/// The checks that one makes before a long training run: the data, the loss of the untrained network, whether a handful of rows can be
/// memorized, and how a short training run goes; each with its numbers, what they mean, and what to change.
/// </summary>
/// <remarks>
/// <para>
/// The cost is bounded: one pass over all rows for the moments of the columns; a short training run on at most <see cref="DiagnosisOptions.Rows"/> rows for
/// <see cref="DiagnosisOptions.NumberOfEpochs"/> epochs, or on few rows until 200 steps are made; 20 rows for at most twice 500 steps, without dropout, noise,
/// penalties, constraints and class weights. The rows are drawn by the seed, and the same seed gives the same report.
/// </para>
/// <para>
/// The checks are those of Andrej Karpathy, Justin Johnson and Fei-Fei Li, CS231n: Convolutional Neural Networks for Visual Recognition, 2016, notes on
/// learning and evaluation.
/// </para>
/// </remarks>
public static class Diagnosis
{
    /// <summary>The part of the sampled rows that is set aside where no validation rows are given, and the fewest rows that allow it.</summary>
    private const int SetAside = 5, FewestToSplit = 50;

    /// <summary>Checks the rows, the network and the options.</summary>
    /// <param name="task">
    /// What is to be trained. The gap to the training rows is that of its validation rows; without any, that of a fifth of the sampled rows, from 50
    /// rows on. The initial model and progress reports are ignored; a cancelled diagnosis returns no report.
    /// </param>
    /// <param name="options">How much work to do. Null: the defaults.</param>
    /// <exception cref="ArgumentNullException"><paramref name="task"/> is null.</exception>
    /// <exception cref="ArgumentException">The rows do not fit the architecture or the loss, there are none, or all weights are zero.</exception>
    /// <exception cref="InvalidFeatureException">The options refuse a feature value.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static DiagnosisReport Run(TrainingTask task, DiagnosisOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(task);
        options ??= new DiagnosisOptions();
        task = task with { InitialModel = null, Progress = null };
        TrainingChecks.Check(task);
        TrainingChecks.RefuseSparseRows(task);
        CancellationToken cancellationToken = task.CancellationToken;
        SeededRandom random = new SeededRandom(task.Options.SeedOrDefault).At(DiagnosticsAddress.Diagnosis);
        DataSurvey survey = DataSurvey.Of(task.Rows, task.Loss, task.Architecture.OutputSize, cancellationToken);
        (SampledRows rows, SampledRows? aside) = Sample(task.Rows, task.Validation, options.Rows, random.At(0), cancellationToken);
        var findings = new List<DiagnosisFinding>(DataChecks.Of(survey, DuplicateRows.In(rows.Copies), task.Loss, task.Options, options));

        TrainingTask sampled = task with { Rows = rows, Validation = null };
        ShortTraining run = ShortTraining.Run(sampled, task.BatchSize, options.NumberOfEpochs);
        using ThreadTeam team = task.StartThreads();
        TrainingTask weighted = (sampled with { Validation = aside }).WithClassWeights(cancellationToken);
        TrainingSetup setup = TrainingSetup.Of(weighted with { Validation = null }, cancellationToken);
        var probe = new NetworkProbe(weighted, setup, random.At(1), team);
        double start = probe.MeanLoss(run.Steps.Initial, PassMode.Collecting);
        UnitActivity[] before = UnitActivity.Of(probe);
        double end = run.Final is null ? double.NaN : probe.MeanLoss(run.Final, PassMode.Scoring);
        IReadOnlyList<LayerDiagnosis> layers = Layers(task.Architecture, run.Steps, before, run.Final is null ? before : UnitActivity.Of(probe));
        double constant = ConstantModel.LeastLoss(probe, weighted.Loss), learned = constant > 0 ? 1 - end / constant : 1;

        ReadOnlySpan<float> biases = setup.StartingOutputs ?? new float[task.Architecture.OutputSize];
        findings.Add(StartChecks.InitialLoss(probe, task.Loss, run.Steps.Initial, biases, constant, random.At(2)));
        findings.Add(StartChecks.Penalty(probe, run.Steps.Initial, task.Options));
        if (task.Architecture.NormalizesOverRows)
        {
            findings.Add(LayerChecks.MiniBatch(probe, task));
        }

        if (SmallSetFit.Try(sampled, rows.Copies, random.At(3)) is { } fit)
        {
            findings.Add(ProgressChecks.SmallSet(fit, task));
        }

        findings.Add(ProgressChecks.Progress(run, start, end, constant));
        findings.Add(ProgressChecks.LearningRate(run, layers, task.Options, learned));
        findings.AddRange(LayerChecks.Of(layers, task.Architecture));
        if (run.Final is not null && constant > 0 && weighted.Validation is { } validation)
        {
            var other = new NetworkProbe(weighted with { Rows = validation }, setup, random.At(4), team);
            if (other.HasWeight)
            {
                findings.Add(ProgressChecks.Generalization(end, other.MeanLoss(run.Final, PassMode.Scoring), constant, task.Architecture));
            }
        }

        cancellationToken.ThrowIfCancellationRequested();
        return new DiagnosisReport
        {
            Network = task.ToString(),
            RowCount = task.Rows.Count,
            SampledRowCount = rows.Count,
            Findings = findings,
            Layers = layers,
            History = run.History,
        };
    }

    private static (SampledRows Training, SampledRows? Validation) Sample(
        IRowSource training, IRowSource? validation, int wanted, SeededRandom random, CancellationToken cancellationToken)
    {
        int[] numbers = RowSample.Draw(training.Count, wanted, random.At(0));
        if (validation is not null)
        {
            return (Copy(training, numbers), Copy(validation, RowSample.Draw(validation.Count, wanted, random.At(1))));
        }

        if (numbers.Length < FewestToSplit)
        {
            return (Copy(training, numbers), null);
        }

        int[] aside = [.. RowSample.Draw(numbers.Length, numbers.Length / SetAside, random.At(2)).Select(i => numbers[i])];
        return (Copy(training, [.. numbers.Except(aside)]), Copy(training, aside));

        SampledRows Copy(IRowSource source, int[] wantedRows) => RowSample.Copy(source, wantedRows, cancellationToken);
    }

    /// <summary>One line for each layer with weights; the last is the output's.</summary>
    private static List<LayerDiagnosis> Layers(MlpArchitecture architecture, StepStatistics steps, UnitActivity[] before, UnitActivity[] after) =>
    [
        .. steps.Names.Select((name, i) => new LayerDiagnosis
        {
            Name = name,
            Units = i < after.Length ? architecture.HiddenLayers[i].Units : architecture.OutputSize,
            DeadAtStart = i < after.Length ? before[i].Dead : null,
            Dead = i < after.Length ? after[i].Dead : null,
            Saturated = i < after.Length ? after[i].Saturated : null,
            ActivationsAtStart = i < after.Length ? before[i].Histogram : null,
            Activations = i < after.Length ? after[i].Histogram : null,
            GradientNorm = steps.GradientNorm(name),
            UpdateRatio = steps.UpdateRatio(name),
            LargestUpdateRatio = steps.LargestUpdateRatio(name),
        }),
    ];
}
