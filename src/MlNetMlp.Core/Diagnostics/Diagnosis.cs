using MlNetMlp.Numerics;

namespace MlNetMlp.Diagnostics;

/// <summary>
/// The checks that one makes before a long training: the data, the loss of the untrained network, whether a handful of rows can be learned
/// by heart, and how a short training goes; each with its numbers, what they mean, and what to change.
/// </summary>
/// <remarks>
/// <para>
/// The cost is bounded: one pass over all rows for the moments of the columns; a short training on at most <see cref="DiagnosisOptions.Rows"/> rows for
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

    /// <summary>Examines rows, network and options.</summary>
    /// <param name="architecture">The shape of the network.</param>
    /// <param name="loss">What is minimised.</param>
    /// <param name="training">The training rows.</param>
    /// <param name="validation">Rows that the gap to the training rows is measured on. Null: a fifth of the sampled rows, from 50 rows on.</param>
    /// <param name="options">How the training would be done.</param>
    /// <param name="diagnosis">How much work may be made. Null: the defaults.</param>
    /// <param name="cancellationToken">Looked at all the time; a cancelled diagnosis has no report.</param>
    /// <exception cref="ArgumentException">The rows do not fit the architecture or the loss, there are none, or all weights are zero.</exception>
    /// <exception cref="InvalidFeatureException">A feature is one that the options refuse.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static DiagnosisReport Run(
        MlpArchitecture architecture,
        Loss loss,
        IRowSource training,
        IRowSource? validation,
        MlpTrainingOptions options,
        DiagnosisOptions? diagnosis = null,
        CancellationToken cancellationToken = default)
    {
        diagnosis ??= new DiagnosisOptions();
        MlpTrainer.Check(architecture, loss, training, validation, options, null);
        MlpTrainer.RefuseSparse(training);
        SeededRandom random = new SeededRandom(options.SeedOrDefault).At(DiagnosticsAddress.Diagnosis);
        DataSurvey survey = DataSurvey.Of(training, loss, architecture.OutputSize, cancellationToken);
        (InMemoryRows rows, InMemoryRows? aside) = Sample(training, validation, diagnosis.Rows, random.At(0), cancellationToken);
        var findings = new List<DiagnosisFinding>(DataChecks.Of(survey, DuplicateRows.In(rows), loss, options, diagnosis));

        ShortTraining run = ShortTraining.Run(architecture, loss, rows, training.Count, options, diagnosis.NumberOfEpochs, cancellationToken);
        using var team = new ThreadTeam(options.ThreadCount);
        (IRowSource weighted, IRowSource? weightedAside) = ClassWeightedRows.Apply(loss, architecture.OutputSize, rows, aside, cancellationToken);
        TrainingSetup setup = TrainingSetup.Measure(weighted, architecture.OutputSize, loss, options, null, cancellationToken);
        var probe = new NetworkProbe(architecture, loss.ForModel, weighted, setup, random.At(1), team);
        double start = probe.MeanLoss(run.Steps.Initial, PassMode.Collecting);
        UnitActivity[] before = UnitActivity.Of(probe);
        double end = run.Final is null ? double.NaN : probe.MeanLoss(run.Final, PassMode.Scoring);
        IReadOnlyList<LayerDiagnosis> layers = Layers(architecture, run.Steps, before, run.Final is null ? before : UnitActivity.Of(probe));
        double constant = ConstantModel.LeastLoss(probe, loss.ForModel), learned = constant > 0 ? 1 - end / constant : 1;

        findings.Add(StartChecks.InitialLoss(probe, loss, run.Steps.Initial, random.At(2)));
        findings.Add(StartChecks.Penalty(probe, run.Steps.Initial, options));
        if (SmallSetFit.Try(architecture, loss, rows, options, random.At(3), cancellationToken) is { } fit)
        {
            findings.Add(TrainingChecks.SmallSet(fit, architecture, options));
        }

        findings.Add(TrainingChecks.Progress(run, start, end, constant));
        findings.Add(TrainingChecks.LearningRate(run, layers, options, learned));
        findings.AddRange(LayerChecks.Of(layers, architecture));
        if (run.Final is not null && constant > 0 && weightedAside is not null)
        {
            var other = new NetworkProbe(architecture, loss.ForModel, weightedAside, setup, random.At(4), team);
            if (other.HasWeight)
            {
                findings.Add(TrainingChecks.Generalization(end, other.MeanLoss(run.Final, PassMode.Scoring), constant, architecture));
            }
        }

        cancellationToken.ThrowIfCancellationRequested();
        return new DiagnosisReport
        {
            Network = $"{architecture} with {loss}",
            RowCount = training.Count,
            SampledRowCount = rows.Count,
            Findings = findings,
            Layers = layers,
            History = run.History,
        };
    }

    private static (InMemoryRows Training, InMemoryRows? Validation) Sample(
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

        InMemoryRows Copy(IRowSource source, int[] wantedRows) => RowSample.Copy(source, wantedRows, cancellationToken);
    }

    /// <summary>One line for each weight matrix; the last is the output's.</summary>
    private static List<LayerDiagnosis> Layers(MlpArchitecture architecture, StepStatistics steps, UnitActivity[] before, UnitActivity[] after) =>
    [
        .. steps.Names.Select((name, i) => new LayerDiagnosis
        {
            Name = name.Split('.')[0],
            Units = i < after.Length ? architecture.HiddenLayers[i].Units : architecture.OutputSize,
            DeadAtStart = i < after.Length ? before[i].Dead : null,
            Dead = i < after.Length ? after[i].Dead : null,
            Saturated = i < after.Length ? after[i].Saturated : null,
            GradientNorm = steps.GradientNorm(name),
            UpdateRatio = steps.UpdateRatio(name),
            LargestUpdateRatio = steps.LargestUpdateRatio(name),
        }),
    ];
}
