using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetMlp.Tests.Support;

/// <summary>Columns of every type that ML.NET has.</summary>
public static class ColumnKinds
{
    private const string Several = "ML.NET's trainers of its own predict one number; a network predicts as many as the label has.";

    private static readonly string[] _binary = ["binary"], _multiclass = ["multiclass"], _regression = ["regression"];

    private static readonly string[] _all = ["binary", "multiclass", "regression"];

    private static readonly VectorDataViewType _square = new(NumberDataViewType.Single, 2, 2);

    /// <summary>Label columns.</summary>
    public static ColumnKind[] Labels { get; } =
    [
        new("Boolean", Scalar("Label", BooleanDataViewType.Instance, c => c == 0), _binary),
        new("Single", Scalar("Label", NumberDataViewType.Single, c => (float)c), _regression),
        new("Double", Scalar("Label", NumberDataViewType.Double, c => (double)c)),
        new("SByte", Scalar("Label", NumberDataViewType.SByte, c => (sbyte)c)),
        new("Byte", Scalar("Label", NumberDataViewType.Byte, c => (byte)c)),
        new("Int16", Scalar("Label", NumberDataViewType.Int16, c => (short)c)),
        new("UInt16", Scalar("Label", NumberDataViewType.UInt16, c => (ushort)c)),
        new("Int32", Scalar("Label", NumberDataViewType.Int32, c => c)),
        new("UInt32", Scalar("Label", NumberDataViewType.UInt32, c => (uint)c)),
        new("Int64", Scalar("Label", NumberDataViewType.Int64, c => (long)c)),
        new("UInt64", Scalar("Label", NumberDataViewType.UInt64, c => (ulong)c)),
        new("text", Scalar("Label", TextDataViewType.Instance, c => $"{c}".AsMemory())),
        new("DateTime", Scalar("Label", DateTimeDataViewType.Instance, c => new DateTime(2020 + c, 1, 1))),
        new("DateTimeOffset", Scalar("Label", DateTimeOffsetDataViewType.Instance, c => new DateTimeOffset(2020 + c, 1, 1, 0, 0, 0, TimeSpan.Zero))),
        new("TimeSpan", Scalar("Label", TimeSpanDataViewType.Instance, c => TimeSpan.FromHours(c))),
        new("RowId", Scalar("Label", RowIdDataViewType.Instance, c => new DataViewRowId((ulong)c, 0))),
        new("Key<Byte>", Scalar("Label", new KeyDataViewType(typeof(byte), 3), c => (byte)(c + 1))),
        new("Key<Byte> with values", Scalar("Label", new KeyDataViewType(typeof(byte), 3), c => (byte)(c + 1), Trees)),
        new("Key<UInt16>", Scalar("Label", new KeyDataViewType(typeof(ushort), 3), c => (ushort)(c + 1))),
        new("Key<UInt16> with values", Scalar("Label", new KeyDataViewType(typeof(ushort), 3), c => (ushort)(c + 1), Trees)),
        new("Key<UInt32>", Scalar("Label", new KeyDataViewType(typeof(uint), 3), c => (uint)c + 1), _multiclass),
        new("Key<UInt32> with values", Scalar("Label", new KeyDataViewType(typeof(uint), 3), c => (uint)c + 1, Trees), _multiclass),
        new("Key<UInt32> of two values", Scalar("Label", new KeyDataViewType(typeof(uint), 2), c => c == 0 ? 1u : 2), _multiclass),
        new("Key<UInt32> of more values than rows have", Scalar("Label", new KeyDataViewType(typeof(uint), 9), c => (uint)c + 5), _multiclass),
        new("Key<UInt64>", Scalar("Label", new KeyDataViewType(typeof(ulong), 3), c => (ulong)c + 1)),
        new("Key<UInt64> with values", Scalar("Label", new KeyDataViewType(typeof(ulong), 3), c => (ulong)c + 1, Trees)),
        new("Vector<Single, 1>", Vector("Label", NumberDataViewType.Single, 1, c => (float[])[c]), _regression) { OursAlone = Several },
        new("Vector<Single, 3>", Vector("Label", NumberDataViewType.Single, 3, c => (float[])[c, -c, 1]), _regression) { OursAlone = Several },
        new("Vector<Single, 3> with names", ViewColumn.Vector("Label", 3, row => [TrainerCase.ClassOf(row), 2, 1], "a", "b", "c"), _regression)
        {
            OursAlone = Several,
        },
        new("Vector<Single, 3>, sparse", ViewColumn.Sparse("Label", 3, row => [TrainerCase.ClassOf(row), 0, 1]), _regression) { OursAlone = Several },
        new("Vector<Single, 2, 2>", Vector("Label", _square, row => (float[])[1, 2, 3, row]), _regression) { OursAlone = Several },
        new("Vector<Single> of unknown size", Vector("Label", NumberDataViewType.Single, 0, c => (float[])[c, 1])),
        new("Vector<Double, 2>", Vector("Label", NumberDataViewType.Double, 2, c => (double[])[c, 1])),
        new("Vector<Boolean, 2>", Vector("Label", BooleanDataViewType.Instance, 2, c => (bool[])[c == 0, true])),
        new("Vector<text, 2>", Vector("Label", TextDataViewType.Instance, 2, c => (ReadOnlyMemory<char>[])["a".AsMemory(), $"{c}".AsMemory()])),
        new("Vector<Key<UInt32>, 1>", Vector("Label", new KeyDataViewType(typeof(uint), 3), 1, c => (uint[])[(uint)c + 1])),
    ];

    /// <summary>Feature columns.</summary>
    public static ColumnKind[] Features { get; } =
    [
        new("Vector<Single, 4>", ViewColumn.Vector("Features", 4, TrainerCase.FeaturesOf), _all),
        new("Vector<Single, 4> with names", ViewColumn.Vector("Features", 4, TrainerCase.FeaturesOf, "a", "b", "c", "d"), _all),
        new("Vector<Single, 4>, sparse", ViewColumn.Sparse("Features", 4, row => (float[])[0, row % 3, 0, row % 2]), _all),
        new(
            "Vector<Single, 4>, dense and sparse",
            ViewColumn.Sparse("Features", 4, row => row % 2 == 0 ? TrainerCase.FeaturesOf(row) : (float[])[0, 1, 0, 0]),
            _all),
        new("Vector<Single, 4>, sparse and empty", ViewColumn.Sparse("Features", 4, row => row % 3 == 0 ? ([], []) : ((float[])[row], (int[])[row % 4])), _all),
        new("Vector<Single, 1>", ViewColumn.Vector("Features", 1, row => [row % 3]), _all),
        new("Vector<Single, 2, 2>", Vector("Features", _square, TrainerCase.FeaturesOf), _all),
        new("Vector<Single, 2000>, sparse", ViewColumn.Sparse("Features", 2000, row => ((float[])[1, row % 3], (int[])[row % 7, 1000 + row % 3])), _all),
        new("Vector<Single> of unknown size", Vector("Features", NumberDataViewType.Single, 0, c => (float[])[c, 1])),
        new("Vector<Double, 4>", Vector("Features", NumberDataViewType.Double, 4, c => (double[])[c, 1, 2, 3])),
        new("Vector<Int32, 4>", Vector("Features", NumberDataViewType.Int32, 4, c => (int[])[c, 1, 2, 3])),
        new("Vector<Byte, 4>", Vector("Features", NumberDataViewType.Byte, 4, c => (byte[])[(byte)c, 1, 2, 3])),
        new("Vector<Boolean, 4>", Vector("Features", BooleanDataViewType.Instance, 4, c => (bool[])[c == 0, true, false, true])),
        new("Vector<text, 2>", Vector("Features", TextDataViewType.Instance, 2, c => (ReadOnlyMemory<char>[])["a".AsMemory(), $"{c}".AsMemory()])),
        new("Vector<Key<UInt32>, 1>", Vector("Features", new KeyDataViewType(typeof(uint), 3), 1, c => (uint[])[(uint)c + 1])),
        new("Single", Scalar("Features", NumberDataViewType.Single, c => (float)c)),
        new("Double", Scalar("Features", NumberDataViewType.Double, c => (double)c)),
        new("Boolean", Scalar("Features", BooleanDataViewType.Instance, c => c == 0)),
        new("text", Scalar("Features", TextDataViewType.Instance, c => $"{c}".AsMemory())),
        new("DateTime", Scalar("Features", DateTimeDataViewType.Instance, c => new DateTime(2020 + c, 1, 1))),
        new("Key<UInt32>", Scalar("Features", new KeyDataViewType(typeof(uint), 3), c => (uint)c + 1)),
    ];

    /// <summary>Columns of example weights.</summary>
    public static ColumnKind[] Weights { get; } =
    [
        new("Single", Scalar("Weight", NumberDataViewType.Single, c => 1f + c), _all),
        new("Double", Scalar("Weight", NumberDataViewType.Double, c => 1.0 + c)),
        new("Int32", Scalar("Weight", NumberDataViewType.Int32, c => 1 + c)),
        new("Boolean", Scalar("Weight", BooleanDataViewType.Instance, c => c > 0)),
        new("text", Scalar("Weight", TextDataViewType.Instance, c => "1".AsMemory())),
        new("Key<UInt32>", Scalar("Weight", new KeyDataViewType(typeof(uint), 3), c => (uint)c + 1)),
        new("Vector<Single, 1>", Vector("Weight", NumberDataViewType.Single, 1, c => (float[])[1])),
    ];

    private static DataViewSchema.Annotations Trees => ViewColumn.Names("KeyValues", "ash", "birch", "cedar");

    /// <summary>A column whose value depends on the row's class.</summary>
    private static ViewColumn Scalar<T>(string name, DataViewType type, Func<int, T> value, DataViewSchema.Annotations? annotations = null) =>
        ViewColumn.Of(name, type, row => value(TrainerCase.ClassOf(row)), annotations);

    /// <summary>A dense vector, of unknown size if <paramref name="size"/> is 0.</summary>
    private static ViewColumn Vector<T>(string name, PrimitiveDataViewType item, int size, Func<int, T[]> value) =>
        Vector(name, new VectorDataViewType(item, size), row => value(TrainerCase.ClassOf(row)));

    private static ViewColumn Vector<T>(string name, VectorDataViewType type, Func<int, T[]> value) => ViewColumn.Of(name, type, row =>
    {
        T[] values = value(row);
        return new VBuffer<T>(values.Length, values);
    });
}
