using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetMlp;

/// <summary>Two classes: a Boolean label, one output.</summary>
internal sealed class BinaryTask : MlpTask
{
    private const string Kind = "BinaryClassification";

    public override byte Code => 1;

    public override string Name => "binary classification";

    public override bool HasClasses => true;

    public override string? LabelProblem(ColumnShape label)
    {
        if (label.IsScalarOf(typeof(bool)))
        {
            return null;
        }

        string mend = label switch
        {
            { IsScalar: false } => "use a column with one value in each row",
            { IsKey: true } =>
                "for two or more classes with a key, use mlContext.MulticlassClassification.Trainers.Mlp; or append " +
                $"mlContext.Transforms.Conversion.MapKeyToValue(\"{label.Name}\") and a conversion to Boolean",
            { IsText: true } =>
                "append mlContext.Transforms.Conversion.MapValue from its texts to true and false, or " +
                $"mlContext.Transforms.Conversion.ConvertType(\"{label.Name}\", outputKind: DataKind.Boolean) if they are \"true\" and \"false\"",
            _ => label.AdviceToConvert(DataKind.Boolean),
        };
        return $"{Name} needs Boolean: {mend}";
    }

    public override int OutputCount(DataViewSchema.Column label) => 1;

    public override LabelReader CreateLabelReader(DataViewRow row, DataViewSchema.Column label) =>
        LabelReader.Scalar<bool>(row, label, value => value ? 1 : 0);

    public override SchemaShape.Column[] OutputShapes(SchemaShape.Column label) =>
    [
        SchemaShapes.Scalar(ColumnNames.PredictedLabel, BooleanDataViewType.Instance, CommonShapes()),
        SchemaShapes.Scalar(ColumnNames.Score, NumberDataViewType.Single, CommonShapes()),
        SchemaShapes.Scalar(
            ColumnNames.Probability, NumberDataViewType.Single, CommonShapes(SchemaShapes.Scalar(AnnotationKinds.IsNormalized, BooleanDataViewType.Instance))),
    ];

    public override bool Takes(Loss loss) => loss.Task == LossTask.Binary;

    public override SchemaShape.Column LabelShape(bool isVector, bool hasNames) => SchemaShapes.Scalar("Label", BooleanDataViewType.Instance);

    public override IReadOnlyList<ScoreColumn> OutputColumns(int outputs, bool isVector, LabelNames? names) =>
    [
        new ScoreColumn<bool>(ColumnNames.PredictedLabel, BooleanDataViewType.Instance, Kind, (scores, ref value) => value = scores[0] > 0),
        new ScoreColumn<float>(ColumnNames.Score, NumberDataViewType.Single, Kind, (scores, ref value) => value = scores[0]),
        new ScoreColumn<float>(ColumnNames.Probability, NumberDataViewType.Single, Kind, (scores, ref value) => value = MlpModel.Probability(scores[0]))
        {
            Names = builder => builder.AddPrimitiveValue(AnnotationKinds.IsNormalized, BooleanDataViewType.Instance, true),
        },
    ];
}
