using System.Numerics.Tensors;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetMlp;

/// <summary>Any number of classes: a key label, one output for each value of the key.</summary>
internal sealed class MulticlassTask : MlpTask
{
    private const string Kind = "MulticlassClassification";

    /// <summary>More values than any set of classes has: a key that counts so many was not made for classes.</summary>
    private const ulong MaximumClasses = 1 << 20;

    public override byte Code => 2;

    public override string Name => "multiclass classification";

    public override bool HasClasses => true;

    public override string? LabelProblem(ColumnShape label)
    {
        if (label is { IsScalar: true, IsKey: true } && label.ItemType == typeof(uint))
        {
            return null;
        }

        string mend = label switch
        {
            { IsScalar: false } => "use a column with one value in each row",
            _ => $"append mlContext.Transforms.Conversion.MapValueToKey(\"{label.Name}\")",
        };
        return $"{Name} needs Key<UInt32>: {mend}";
    }

    public override string? SizeProblem(DataViewSchema.Column label) => ((KeyDataViewType)label.Type).Count is > MaximumClasses and ulong count
        ? $"its key has room for {count} values, and the network needs an output for each; at most {MaximumClasses} are allowed. " +
            $"Append mlContext.Transforms.Conversion.MapValueToKey(\"{label.Name}\"), which counts the values that occur"
        : null;

    public override int OutputCount(DataViewSchema.Column label) => checked((int)((KeyDataViewType)label.Type).Count);

    public override LabelNames? OutputNames(DataViewSchema.Column label) => LabelNames.Find(label, AnnotationKinds.KeyValues, OutputCount(label));

    public override LabelReader CreateLabelReader(DataViewRow row, DataViewSchema.Column label)
    {
        int classes = OutputCount(label);
        return LabelReader.Scalar<uint>(row, label, key => key == 0
            ? float.NaN
            : key <= (uint)classes
                ? key - 1
                : throw new InvalidOperationException(
                    $"Row {row.Position} (from 0): the key {key} in the label column '{label.Name}' is beyond the {classes} values of its type."));
    }

    public override SchemaShape.Column[] OutputShapes(SchemaShape.Column label)
    {
        SchemaShape.Column[] forScore = [], forLabel = [];
        if (SchemaShapes.VectorAnnotation(label, AnnotationKinds.KeyValues) is { } keyValues && ValueCodec.For(keyValues.ItemType) is not null)
        {
            forLabel = [keyValues];
            forScore = [SchemaShapes.Vector(AnnotationKinds.TrainingLabelValues, keyValues.ItemType)];
            if (keyValues.ItemType.Equals(TextDataViewType.Instance))
            {
                forScore = [.. forScore, SchemaShapes.Vector(AnnotationKinds.SlotNames, TextDataViewType.Instance)];
            }
        }

        return
        [
            SchemaShapes.Key(ColumnNames.PredictedLabel, CommonShapes(forLabel)),
            SchemaShapes.Vector(ColumnNames.Score, NumberDataViewType.Single, CommonShapes(forScore)),
        ];
    }

    public override bool Takes(Loss loss) => loss.Task == LossTask.Multiclass;

    public override SchemaShape.Column LabelShape(bool isVector, bool hasNames) =>
        SchemaShapes.Key("Label", hasNames ? [SchemaShapes.Vector(AnnotationKinds.KeyValues, TextDataViewType.Instance)] : []);

    public override IReadOnlyList<ScoreColumn> OutputColumns(int outputs, bool isVector, LabelNames? names) =>
    [
        new ScoreColumn<uint>(ColumnNames.PredictedLabel, new KeyDataViewType(typeof(uint), outputs), Kind, PredictedLabel)
        {
            Names = builder => names?.AddTo(builder, AnnotationKinds.KeyValues),
        },
        ScoreColumn.Vector(ColumnNames.Score, outputs, Kind, builder =>
        {
            names?.AddTo(builder, AnnotationKinds.TrainingLabelValues);
            if (names is { AreTexts: true })
            {
                names.AddTo(builder, AnnotationKinds.SlotNames);
            }
        }),
    ];

    /// <summary>The first of the classes with the greatest score; keys count from 1.</summary>
    private static void PredictedLabel(ReadOnlySpan<float> scores, ref uint value) => value = (uint)TensorPrimitives.IndexOfMax(scores) + 1;
}
