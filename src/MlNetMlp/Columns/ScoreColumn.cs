using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetMlp;

/// <summary>Where the scores of the row that a cursor stands on come from; computed when asked for, and once for each row.</summary>
internal interface IScores
{
    ReadOnlySpan<float> Current { get; }
}

/// <summary>One of the columns that the transformer adds.</summary>
/// <param name="name">The column's name, and the value of its annotation ScoreValueKind.</param>
/// <param name="type">The column's type.</param>
/// <param name="scoreColumnKind">The value of its annotation ScoreColumnKind, by which evaluators know the task; null: they are not to look at it.</param>
internal abstract class ScoreColumn(string name, DataViewType type, string? scoreColumnKind)
{
    /// <summary>No more score columns than this can be told apart; it is ML.NET's own bound.</summary>
    private static readonly KeyDataViewType _setIdType = new(typeof(uint), int.MaxValue);

    public string Name { get; } = name;

    public DataViewType Type { get; } = type;

    /// <summary>Whether the values are read from means and standard deviations instead of scores.</summary>
    public bool IsUncertainty { get; private init; }

    /// <summary>Adds the annotations that only this column has.</summary>
    public Action<DataViewSchema.Annotations.Builder>? Names { get; init; }

    /// <summary>A column with all scores of a row.</summary>
    public static ScoreColumn Vector(string name, int size, string? scoreColumnKind, Action<DataViewSchema.Annotations.Builder> names) =>
        new ScoreColumn<VBuffer<float>>(name, new VectorDataViewType(NumberDataViewType.Single, size), scoreColumnKind, Copy) { Names = names };

    /// <summary>A column like this one that reads from means and standard deviations, from slot <paramref name="first"/> on.</summary>
    public ScoreColumn OfUncertainty(string name, int first, int outputs)
    {
        if (Type is VectorDataViewType)
        {
            return new ScoreColumn<VBuffer<float>>(name, Type, scoreColumnKind, (values, ref value) => Copy(values.Slice(first, outputs), ref value))
            {
                Names = Names,
                IsUncertainty = true,
            };
        }

        return new ScoreColumn<float>(name, Type, scoreColumnKind, (values, ref value) => value = values[first])
        {
            Names = Names,
            IsUncertainty = true,
        };
    }

    /// <param name="setId">The number that the columns of one transformer share, and of which evaluators look for the highest.</param>
    public DataViewSchema.Annotations Annotations(uint setId)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        if (scoreColumnKind is not null)
        {
            builder.AddPrimitiveValue(AnnotationKinds.ScoreColumnKind, TextDataViewType.Instance, scoreColumnKind.AsMemory());
            builder.AddPrimitiveValue(AnnotationKinds.ScoreValueKind, TextDataViewType.Instance, Name.AsMemory());
            builder.AddPrimitiveValue(AnnotationKinds.ScoreColumnSetId, _setIdType, setId);
        }

        Names?.Invoke(builder);
        return builder.ToAnnotations();
    }

    /// <summary>The highest set id among the columns of a schema; 0 if none has one.</summary>
    public static uint HighestSetId(DataViewSchema schema) => schema.Select(SetId).DefaultIfEmpty().Max();

    /// <summary>The set id of a column; 0 if it has none.</summary>
    public static uint SetId(DataViewSchema.Column column)
    {
        uint id = 0;
        if (column.Annotations.Schema.GetColumnOrNull(AnnotationKinds.ScoreColumnSetId)?.Type is KeyDataViewType type && type.RawType == typeof(uint))
        {
            column.Annotations.GetValue(AnnotationKinds.ScoreColumnSetId, ref id);
        }

        return id;
    }

    /// <summary>A <see cref="ValueGetter{TValue}"/> of the column's values.</summary>
    public abstract Delegate CreateGetter(IScores scores);

    private static void Copy(ReadOnlySpan<float> scores, ref VBuffer<float> value)
    {
        VBufferEditor<float> editor = VBufferEditor.Create(ref value, scores.Length);
        scores.CopyTo(editor.Values);
        value = editor.Commit();
    }
}

/// <summary>What a column makes of the scores of a row.</summary>
internal delegate void ScoreReader<T>(ReadOnlySpan<float> scores, ref T value);

/// <inheritdoc/>
internal sealed class ScoreColumn<T>(string name, DataViewType type, string? scoreColumnKind, ScoreReader<T> read) : ScoreColumn(name, type, scoreColumnKind)
{
    public override Delegate CreateGetter(IScores scores) => (ValueGetter<T>)((ref T value) => read(scores.Current, ref value));
}
