using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MlNetMlp.Diagnostics;

namespace MlNetMlp;

/// <summary>What a trainer examines instead of training: the rows are read and split as <c>Fit</c> does it.</summary>
internal sealed partial class TrainingSequence
{
    public DiagnosisReport Diagnose(IDataView trainData, IDataView? validationData, DiagnosisOptions? diagnosis)
    {
        (MlpArchitecture architecture, DataViewSchema.Column features) = Examine(trainData, nameof(trainData), validationData);
        using IChannel channel = host.Start("Diagnosis");
        using var reader = new RowReader(task, _columns, options, channel);
        CategoricalGroup[] groups = Groups(features, channel);
        SplitRows rows = ReadRows(reader, trainData, validationData, ExaminationSeed, null, needsTwoClasses: false, isSparse: false, groups);
        diagnosis ??= new DiagnosisOptions();
        diagnosis = diagnosis with
        {
            FeatureName = diagnosis.FeatureName ?? (slot => SlotNames.Describe(features, slot)),
            ClassName = diagnosis.ClassName ?? (index => $"'{ClassName(trainData.Schema, index)}'"),
        };
        DiagnosisReport report = Diagnosis.Run(Examined(architecture, rows.Training, groups) with { Validation = rows.Validation }, diagnosis);
        foreach (DiagnosisFinding finding in report.Findings)
        {
            Tell(channel, finding);
        }

        return report;
    }

    public LearningRateCurve FindLearningRate(IDataView data, LearningRateFinderOptions? finder)
    {
        (MlpArchitecture architecture, DataViewSchema.Column features) = Examine(data, nameof(data), null);
        using IChannel channel = host.Start("Learning rate");
        using var reader = new RowReader(task, _columns, options, channel);
        CategoricalGroup[] groups = Groups(features, channel);
        SplitRows rows = ReadRows(reader, data, null, ExaminationSeed, null, needsTwoClasses: false, IsSparse(architecture, null, groups), groups);
        try
        {
            LearningRateCurve curve = LearningRateFinder.Run(Examined(architecture, rows.Training, groups), finder);
            channel.Info(MessageSensitivity.None, $"Learning rate: {curve}.");
            return curve;
        }
        catch (InvalidFeatureException exception)
        {
            throw rows.Refusal(exception, features);
        }
    }

    public GradientCheckReport CheckGradients(IDataView data, GradientCheckOptions? check, MlpModelParameters? model)
    {
        (MlpArchitecture architecture, DataViewSchema.Column features) = Examine(data, nameof(data), null);
        DataViewSchema.Column label = _columns.Label(data.Schema);
        if (model is not null)
        {
            CheckInitial(model, (VectorDataViewType)_columns.Features(data.Schema).Type, architecture.OutputSize,
                task == MlpTask.Multiclass || label.Type is VectorDataViewType, task.OutputNames(label));
        }

        using IChannel channel = host.Start("Gradient check");
        using var reader = new RowReader(task, _columns, options, channel);
        TrainingRows rows = reader.Read(data, "given", isDivided: false, isSparse: false);
        CategoricalGroup[] groups = Groups(features, channel);
        Chosen = EffortTable.Choose(options, rows.Rows.Count, isSparse: false, task.HasClasses, groups, model?.Network ?? options.TransferFrom);
        TrainingTask examined = Examined(architecture, rows.Rows, groups) with { InitialModel = model?.Network };
        GradientCheckReport report = GradientCheck.Run(examined, check);
        channel.Info(MessageSensitivity.None, $"Gradient check: {report.Verdict}.");
        return report;
    }

    /// <summary>Not drawn from the host: an examination must not change the training runs that follow.</summary>
    private int ExaminationSeed => options.Seed ?? 0;

    private TrainingTask Examined(MlpArchitecture architecture, IRowSource rows, CategoricalGroup[] groups)
    {
        MlpArchitecture chosen = Chosen.Architecture(architecture.InputSize, architecture.OutputSize);
        return new(chosen, options.TaskLoss, rows)
        {
            CategoricalGroups = groups,
            Options = Chosen with { Seed = ExaminationSeed },
            CancellationToken = options.CancellationToken,
        };
    }

    private (MlpArchitecture Architecture, DataViewSchema.Column Features) Examine(IDataView data, string parameter, IDataView? validationData)
    {
        _columns.Check(data.Schema, parameter);
        DataViewSchema.Column label = _columns.Label(data.Schema), features = _columns.Features(data.Schema);
        int outputs = task.OutputCount(label);
        CheckLoss(label, outputs);
        if (validationData is not null)
        {
            CheckSameColumns(data.Schema, validationData.Schema);
        }

        return (options.Architecture(((VectorDataViewType)features.Type).Size, outputs), features);
    }

    private static void Tell(IChannel channel, DiagnosisFinding finding)
    {
        string text = $"{finding.Check}: {finding.Measured} {finding.Meaning} {finding.Advice}".TrimEnd();
        if (finding.Severity == DiagnosisSeverity.Warning)
        {
            channel.Warning(MessageSensitivity.Schema, text);
        }
        else
        {
            channel.Info(MessageSensitivity.Schema, text);
        }
    }
}
