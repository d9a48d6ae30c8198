using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetMlp;

/// <summary>One number or several: a Single or a vector of Single, one output for each value.</summary>
internal sealed class RegressionTask : MlpTask
{
    public override byte Code => 3;

    public override string Name => "regression";

    public override bool HasClasses => false;

    public override string? LabelProblem(ColumnShape label)
    {
        if (!label.IsKey && label.ItemType == typeof(float) && !label.IsVectorOfUnknownSize)
        {
            return null;
        }

        string mend = label switch
        {
            { IsKey: true } =>
                $"append mlContext.Transforms.Conversion.MapKeyToValue(\"{label.Name}\") and a conversion to Single; for classes, use " +
                "mlContext.MulticlassClassification.Trainers.Mlp",
            _ when label.ItemType != typeof(float) => label.AdviceToConvert(DataKind.Single),
            _ => "give the vector a size, for example with [VectorType(3)] on the property or with mlContext.Transforms.Concatenate of known columns",
        };
        return $"{Name} needs Single or a Vector<Single> of known size: {mend}";
    }

    public override int OutputCount(DataViewSchema.Column label) => label.Type is VectorDataViewType vector ? vector.Size : 1;

    public override LabelNames? OutputNames(DataViewSchema.Column label) =>
        label.Type is VectorDataViewType vector && LabelNames.Find(label, AnnotationKinds.SlotNames, vector.Size) is { AreTexts: true } names ? names : null;

    public override LabelReader CreateLabelReader(DataViewRow row, DataViewSchema.Column label) => label.Type is VectorDataViewType vector
        ? LabelReader.Vector(row, label, vector.Size)
        : LabelReader.Scalar<float>(row, label, value => value);

    public override SchemaShape.Column[] OutputShapes(SchemaShape.Column label)
    {
        if (ColumnShape.Of(label).IsScalar)
        {
            return [SchemaShapes.Scalar(ColumnNames.Score, NumberDataViewType.Single, CommonShapes())];
        }

        bool hasNames = SchemaShapes.VectorAnnotation(label, AnnotationKinds.SlotNames) is { } names && names.ItemType.Equals(TextDataViewType.Instance);
        SchemaShape.Column[] slotNames = hasNames ? [SchemaShapes.Vector(AnnotationKinds.SlotNames, TextDataViewType.Instance)] : [];
        return [SchemaShapes.Vector(ColumnNames.Score, NumberDataViewType.Single, CommonShapes(slotNames))];
    }

    public override bool Takes(Loss loss) => loss.Task == LossTask.Regression;

    public override SchemaShape.Column LabelShape(bool isVector, bool hasNames) => isVector
        ? SchemaShapes.Vector("Label", NumberDataViewType.Single)
        : SchemaShapes.Scalar("Label", NumberDataViewType.Single);

    public override IReadOnlyList<ScoreColumn> OutputColumns(int outputs, bool isVector, LabelNames? names) => isVector
        ? [ScoreColumn.Vector(ColumnNames.Score, outputs, "MultiOutputRegression", builder => names?.AddTo(builder, AnnotationKinds.SlotNames))]
        : [new ScoreColumn<float>(ColumnNames.Score, NumberDataViewType.Single, "Regression", (scores, ref value) => value = scores[0])];
}
