using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetMlp;

/// <summary>What one of the three tasks makes of a label column and of a network's scores.</summary>
internal abstract class MlpTask
{
    public static readonly MlpTask Binary = new BinaryTask();
    public static readonly MlpTask Multiclass = new MulticlassTask();
    public static readonly MlpTask Regression = new RegressionTask();

    private static readonly MlpTask[] _all = [Binary, Multiclass, Regression];

    /// <summary>The task's number in model files.</summary>
    public abstract byte Code { get; }

    /// <summary>The task's name in messages.</summary>
    public abstract string Name { get; }

    /// <summary>Whether labels are classes, of which validation rows are drawn in equal parts, and of which training needs two.</summary>
    public abstract bool HasClasses { get; }

    public static MlpTask? FromCode(byte code) => Array.Find(_all, task => task.Code == code);

    /// <summary>What is wrong with a label column and which transform mends it; null if nothing is.</summary>
    public abstract string? LabelProblem(ColumnShape label);

    /// <summary>What is wrong with the size of a label column, which is only known when there is data; null if nothing is.</summary>
    public virtual string? SizeProblem(DataViewSchema.Column label) => null;

    /// <summary>The number of outputs of a network for this label.</summary>
    public abstract int OutputCount(DataViewSchema.Column label);

    /// <summary>The names of the outputs, if the label column has any.</summary>
    public virtual LabelNames? OutputNames(DataViewSchema.Column label) => null;

    /// <summary>Reads labels as targets.</summary>
    public abstract LabelReader CreateLabelReader(DataViewRow row, DataViewSchema.Column label);

    /// <summary>The output columns as they are promised.</summary>
    public abstract SchemaShape.Column[] OutputShapes(SchemaShape.Column label);

    /// <summary>Whether a loss is one for the task.</summary>
    public abstract bool Takes(Loss loss);

    /// <summary>A label column that such a network could have been trained with.</summary>
    /// <param name="isVector">Whether the score is a vector.</param>
    /// <param name="hasNames">Whether the outputs have names, which are texts.</param>
    public abstract SchemaShape.Column LabelShape(bool isVector, bool hasNames);

    /// <summary>The output columns as they come out of a trained network.</summary>
    /// <param name="outputs">The number of the network's outputs.</param>
    /// <param name="isVector">Whether the score is a vector.</param>
    /// <param name="names">The names of the outputs, if there are any.</param>
    public abstract IReadOnlyList<ScoreColumn> OutputColumns(int outputs, bool isVector, LabelNames? names);

    /// <summary>The annotations that all output columns have.</summary>
    protected static SchemaShape.Column[] CommonShapes(params SchemaShape.Column[] more) =>
    [
        SchemaShapes.Key(AnnotationKinds.ScoreColumnSetId),
        SchemaShapes.Scalar(AnnotationKinds.ScoreColumnKind, TextDataViewType.Instance),
        SchemaShapes.Scalar(AnnotationKinds.ScoreValueKind, TextDataViewType.Instance),
        .. more,
    ];
}
