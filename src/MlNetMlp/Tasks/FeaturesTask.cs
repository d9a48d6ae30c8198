using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetMlp;

/// <summary>No prediction: the scores are features for whatever comes next in the pipeline. There is no label.</summary>
internal sealed class FeaturesTask(string outputColumnName) : MlpTask
{
    public string OutputColumnName => outputColumnName;

    public override byte Code => 4;

    public override string Name => "features";

    public override bool HasClasses => false;

    public override string? LabelProblem(ColumnShape label) => throw NoLabel();

    public override int OutputCount(DataViewSchema.Column label) => throw NoLabel();

    public override LabelReader CreateLabelReader(DataViewRow row, DataViewSchema.Column label) => throw NoLabel();

    /// <summary>Whatever the label.</summary>
    public override SchemaShape.Column[] OutputShapes(SchemaShape.Column label) =>
    [
        SchemaShapes.Vector(outputColumnName, NumberDataViewType.Single, SchemaShapes.Vector(AnnotationKinds.SlotNames, TextDataViewType.Instance)),
    ];

    public override bool Takes(Loss loss) => loss.Task == LossTask.Regression;

    public override SchemaShape.Column LabelShape(bool isVector, bool hasNames) => throw NoLabel();

    public override IReadOnlyList<ScoreColumn> OutputColumns(int outputs, bool isVector, LabelNames? names) =>
        [ScoreColumn.Vector(outputColumnName, outputs, null, builder => names?.AddTo(builder, AnnotationKinds.SlotNames))];

    private static NotSupportedException NoLabel() => new("Features have no label.");
}
