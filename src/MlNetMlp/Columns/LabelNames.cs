using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetMlp.Interop;

namespace MlNetMlp;

/// <summary>What the outputs of a network are called: the values of a label's key, or the slot names of a label vector. Immutable.</summary>
internal abstract class LabelNames : IEquatable<LabelNames>
{
    /// <summary>The number of names.</summary>
    public abstract int Count { get; }

    /// <summary>The names as text.</summary>
    public abstract IReadOnlyList<string> Texts { get; }

    /// <summary>True if the names are text, as slot names have to be.</summary>
    public bool AreTexts => Type.ItemType.Equals(TextDataViewType.Instance);

    public abstract VectorDataViewType Type { get; }

    /// <summary>The names in an annotation of a column, or null if it does not have <paramref name="count"/> of them.</summary>
    public static LabelNames? Find(DataViewSchema.Column column, string kind, int count) =>
        column.Annotations.Schema.GetColumnOrNull(kind)?.Type is VectorDataViewType type && type.Size == count
            ? ValueCodec.For(type.ItemType)?.Read(column, kind)
            : null;

    /// <summary>Names that are texts.</summary>
    public static LabelNames Of(IEnumerable<string> texts) =>
        ValueCodec.For(TextDataViewType.Instance)!.ToNames([.. texts]);

    /// <summary>The names that were read from a file.</summary>
    public static LabelNames Of(OutputNameValues names) => ValueCodec.For(names.Type)!.ToNames(names.Values);

    /// <summary>The names as they are written into a file.</summary>
    public abstract OutputNameValues ToValues();

    public abstract void AddTo(DataViewSchema.Annotations.Builder builder, string kind);

    public abstract bool Equals(LabelNames? other);

    public override bool Equals(object? obj) => Equals(obj as LabelNames);

    public override int GetHashCode() => Count;
}

/// <inheritdoc/>
internal sealed class LabelNames<T>(ValueCodec<T> codec, T[] values) : LabelNames
{
    public override int Count => values.Length;

    public override IReadOnlyList<string> Texts { get; } = [.. values.Select(value => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "")];

    public override VectorDataViewType Type { get; } = new(codec.Type, values.Length);

    public override void AddTo(DataViewSchema.Annotations.Builder builder, string kind) => builder.Add<VBuffer<T>>(kind, Type, Copy);

    public override OutputNameValues ToValues() => new(codec.Code, Array.ConvertAll(values, value => codec.ToFile(value)));

    public override bool Equals(LabelNames? other) => other is LabelNames<T> same && Type.Equals(same.Type) && Texts.SequenceEqual(same.Texts);

    private void Copy(ref VBuffer<T> destination)
    {
        VBufferEditor<T> editor = VBufferEditor.Create(ref destination, values.Length);
        values.CopyTo(editor.Values);
        destination = editor.Commit();
    }
}
