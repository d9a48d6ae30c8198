using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetMlp.Search;

/// <summary>The value that a column has in the row that a cursor over <see cref="StoredRows"/> stands on.</summary>
internal abstract class StoredValue
{
    /// <summary>A <see cref="ValueGetter{TValue}"/>.</summary>
    public abstract Delegate Getter { get; }

    public static StoredValue For(TableColumn column) => column.Kind switch
    {
        TableColumnKind.Boolean => new Scalar<bool>(reader => reader.Boolean()),
        TableColumnKind.Single => new Scalar<float>(reader => reader.Single()),
        TableColumnKind.Key => new Scalar<uint>(reader => (uint)reader.Int32()),
        _ => new Vector((int)column.Size),
    };

    /// <exception cref="InvalidDataException">The chunk is damaged.</exception>
    public abstract void Read(BoundedReader chunk);

    private sealed class Scalar<T>(Func<BoundedReader, T> read) : StoredValue
    {
        private T _value = default!;

        public override Delegate Getter => (ValueGetter<T>)((ref T value) => value = _value);

        public override void Read(BoundedReader chunk) => _value = read(chunk);
    }

    private sealed class Vector(int size) : StoredValue
    {
        private VBuffer<float> _value;

        public override Delegate Getter => (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) => _value.CopyTo(ref value));

        public override void Read(BoundedReader chunk)
        {
            int count = chunk.Int32();
            if (count < -1 || count > size || (long)(count < 0 ? size : 2L * count) * sizeof(float) > chunk.Left)
            {
                throw chunk.Damaged($"a vector of {size} slots claims to have {count} values.");
            }

            VBufferEditor<float> editor = count < 0
                ? VBufferEditor.Create(ref _value, size)
                : VBufferEditor.Create(ref _value, size, count);
            if (count > 0)
            {
                ReadIndices(chunk, editor.Indices);
            }

            chunk.AnySingles(editor.Values, "features");
            _value = editor.Commit();
            if (VectorReading.Problem(in _value, size) is { } problem)
            {
                throw chunk.Damaged($"a vector has {problem}");
            }
        }

        private static void ReadIndices(BoundedReader chunk, Span<int> indices)
        {
            chunk.Bytes(indices.Length * sizeof(int)).CopyTo(MemoryMarshal.AsBytes(indices));
            if (!BitConverter.IsLittleEndian)
            {
                BinaryPrimitives.ReverseEndianness(indices, indices);
            }
        }
    }
}
