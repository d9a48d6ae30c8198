using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetMlp.Tests.Support;

/// <summary>The table of hostile data. A new case is one line, and is tried with every trainer that can meet it.</summary>
public static class HostileCases
{
    private const float Inf = float.PositiveInfinity, NaN = float.NaN, Most = float.MaxValue;

    private static readonly string[] _all = ["binary", "multiclass", "regression", "multi-output regression"];
    private static readonly string[] _one = ["binary", "multiclass", "regression"];
    private static readonly string[] _classes = ["binary", "multiclass"];
    private static readonly string[] _values = ["regression", "multi-output regression"];
    private static readonly string[] _binary = ["binary"], _multiclass = ["multiclass"], _regression = ["regression"], _outputs = ["multi-output regression"];

    public static HostileCase[] All { get; } =
    [
        // Features that are missing, infinite, huge, tiny or tell nothing.
        Learned("some features are NaN", Features(row => row % 3 == 0 ? NaN : null)),
        Learned("a feature is NaN in all rows", Slot(1, _ => NaN)),
        Learned("all features are NaN", Features(_ => NaN)),
        Learned("infinite features, to be imputed", Features(row => row % 4 == 0 ? Inf : row % 4 == 1 ? -Inf : null)) with { Options = o =>
            o with { InfiniteValues = InvalidValueHandling.Impute } },
        Learned("a feature is infinite in all rows, to be imputed", Slot(1, _ => -Inf)) with { Options = o =>
            o with { InfiniteValues = InvalidValueHandling.Impute } },
        Learned("a feature is 1e38 in all rows", Slot(1, _ => 1e38f)),
        Learned("features of 1e38, -1e38 and 1e-38", Features(row => (row % 3) switch { 0 => 1e38f, 1 => -1e38f, _ => 1e-38f })),
        Learned("one feature of 1e38 among small ones", Slot(1, row => row == 7 ? 1e38f : null)),
        Learned("features at both ends of the range", Slot(1, row => row % 2 == 0 ? Most : -Most)),
        Refused<InvalidOperationException>("one feature at the other end of the range", Slot(1, row => row == 7 ? -Most : Most), "Row 7",
            "'Features'", "slot 1 ('b')", "-3.4028235E+38", "too far", "mean 3.3"),
        Learned("denormal features", Features(row => row * float.Epsilon)),
        Learned("a constant feature", Slot(1, _ => 5)),
        Learned("all features are constant", Features(_ => 5)),
        Learned("four times the same feature", Features(row => TrainerCase.FeaturesOf(row)[0])),
        Learned("all features are 0", Features(_ => 0)),
        Refused<TrainingDivergedException>("features of 1e38 without standardization", Features(row => row % 2 == 0 ? 1e38f : -1e38f), "epoch 1",
            "no longer finite", "standardized features")
            with { Tasks = _values, Options = Raw },
        // So near to the end of the range, some starting weights make a sum or a score that is not finite.
        Learned("features of 1e38 without standardization", Features(row => row % 2 == 0 ? 1e38f : -1e38f)) with { Tasks = _classes,
            Options = o => Raw(o) with { Seed = 3 } },
        Refused<InvalidOperationException>("a feature is infinite", Slot(2, row => row == 7 ? -Inf : null), "Row 7", "'Features'", "infinite",
            "slot 2 ('c')", "InfiniteValues"),
        Refused<InvalidOperationException>("a feature is NaN, to fail", Slot(1, row => row == 7 ? NaN : null), "Row 7", "'Features'", "NaN",
            "slot 1 ('b')", "MissingValues") with { Options = Fail },

        // Vectors of every size and kind.
        Learned("one feature", (_, view) => view.With(ViewColumn.Vector("Features", 1, row => [row]))),
        Learned("10,000 features", (_, view) => view.With(ViewColumn.Vector("Features", 10_000, Wide)).WithRows(12)),
        Learned("10,000 features, sparse", (_, view) => view.With(ViewColumn.Sparse("Features", 10_000, Wide)).WithRows(12)),
        Learned("sparse features with zeros and NaN that are there", (_, view) => view.With(SparseOdd)),
        Learned("sparse features with zeros and NaN that are there, kept sparse", (_, view) => view.With(SparseOdd)) with { Options = o =>
            o with { SparseFeatures = true } },
        Learned("sparse features without any value", (_, view) => view.With(ViewColumn.Sparse("Features", 4, _ => (Array.Empty<float>(), Array.Empty<int>())))),
        Refused<InvalidOperationException>("a vector is shorter than its type says",
            (_, view) => view.With(ViewColumn.Vector("Features", 4, row => row == 7 ? [1, 2, 3] : [1, 2, 3, 4])), "Row 7", "'Features'", "3 slots",
            "promises 4"),
        Refused<InvalidOperationException>("a sparse vector with a slot twice", Slots(1, 1), "Row 7", "'Features'", "slot 1 behind one in slot 1", "ascend"),
        Refused<InvalidOperationException>("a sparse vector with slots out of order", Slots(2, 1), "Row 7", "'Features'", "slot 1 behind one in slot 2"),
        Refused<InvalidOperationException>("a sparse vector with a negative slot", Slots(-1, 1), "Row 7", "'Features'", "slot -1", "slots 0 to 3"),
        Refused<InvalidOperationException>("a sparse vector with a slot beyond its type", Slots(1, 4), "Row 7", "'Features'", "slot 4", "slots 0 to 3"),
        Refused<InvalidOperationException>("a sparse vector with a slot twice, kept sparse", Slots(1, 1), "Row 7", "slot 1 behind one in slot 1") with
        {
            Options = o => o with { SparseFeatures = true }
        },
        Refused<InvalidOperationException>("a sparse vector with a slot beyond its type, on disk", Slots(1, 4), "Row 7", "slot 4") with
        {
            Options = o => o with { RowStorage = RowStorage.Disk(precision: RowPrecision.Half) }
        },
        Refused<InvalidOperationException>("a vector is longer than its type says",
            (_, view) => view.With(ViewColumn.Vector("Features", 4, row => row == 7 ? [1, 2, 3, 4, 5] : [1, 2, 3, 4])), "Row 7", "'Features'",
            "5 slots", "promises 4"),

        // Rows.
        Refused<InvalidOperationException>("no rows", (_, view) => view.WithRows(0), "training data has no rows"),
        Refused<InvalidOperationException>("one row", (_, view) => view.WithRows(1), "All 1 training rows", "two classes", "'Label'") with { Tasks = _classes },
        Learned("one row", (_, view) => view.WithRows(1)) with { Tasks = _values },
        Learned("two rows", (_, view) => view.WithRows(2)),
        Refused<FormatException>("a cursor that fails half-way", (_, view) => new RowsView(90, view.Columns) { FailsAt = 50 }, "The source is broken here."),
        Learned("a view that does not know its length and cannot shuffle", (_, view) => new RowsView(90, view.Columns) { CountIsKnown = false,
            CanShuffle = false }),
        Learned("columns of the same names, hidden",
            (_, view) => new RowsView(90, [ViewColumn.Text("Features", _ => "x"), ViewColumn.Text("Label", _ => "x"), .. view.Columns])),

        // Labels.
        Refused<InvalidOperationException>("one class", Label(_ => true, _ => 2, _ => []), "All 90 training rows", "two classes",
            "'Label'") with { Tasks = _classes },
        Refused<InvalidOperationException>("a key of one value", (_, view) => view.With(ViewColumn.Key("Label", 1, _ => 1, "only")),
            "All 90 training rows", "'only'", "two classes") with { Tasks = _multiclass },
        Refused<InvalidOperationException>("a key beyond its type", Label(_ => true, row => row == 7 ? 4u : 1u, _ => []), "Row 7", "'Label'",
            "key 4", "3 values") with { Tasks = _multiclass },
        Learned("random labels", Label(row => new Random(row).Next(2) == 0, row => (uint)new Random(row).Next(3) + 1,
            row => [new Random(row).Next(9), new Random(~row).Next(9)])),
        Learned("some labels are missing", Label(_ => true, row => (uint)row % 4, row => row % 3 == 0 ? [NaN, 1]
            : [row, row])) with { Tasks = [.. _multiclass, .. _values] },
        Learned("1,000 classes", (_, view) => view.With(ViewColumn.Key("Label", 1000, row => (uint)row * 11 + 1))) with { Tasks = _multiclass },
        Learned("a class that no row has", (_, view) => view.With(ViewColumn.Key("Label", 3, row => (uint)row % 2 + 1, "ash", "birch",
            "cedar"))) with { Tasks = _multiclass },
        Refused<InvalidOperationException>("all labels are missing", Label(_ => true, _ => 0, _ => [NaN, NaN]), "All 90 rows",
            "'Label'") with { Tasks = [.. _multiclass, .. _values] },
        Refused<InvalidOperationException>("a label is missing, to fail", Label(_ => true, row => row == 7 ? 0u : 1, row => [row == 7 ? NaN : 1, 1]),
            "Row 7", "'Label'", "no label", "MissingValues")
            with { Tasks = [.. _multiclass, .. _values], Options = Fail },
        Refused<InvalidOperationException>("an infinite label", Label(_ => true, _ => 1, row => [row == 7 ? Inf : 1, 1]), "Row 7", "'Label'",
            "infinite", "InfiniteValues") with { Tasks = _values },
        Refused<InvalidOperationException>("an infinite value in a label", Label(_ => true, _ => 1, row => [1, row == 7 ? -Inf : 1]), "Row 7",
            "'Label'", "infinite", "slot 1 ('height')") with { Tasks = _outputs },
        Learned("an infinite label, to be left out", Label(_ => true, _ => 1, row => [row == 7 ? Inf : row, 1])) with { Tasks = _values,
            Options = o => o with { InfiniteValues = InvalidValueHandling.Impute } },
        Learned("constant labels", Label(_ => true, _ => 1, _ => [5, 5])) with { Tasks = _values },
        Learned("labels of 1e38", Label(_ => true, _ => 1, row => [row % 2 == 0 ? 1e38f : -1e38f, 1e38f])) with { Tasks = _values,
            Options = o => o with { Seed = 3 } },
        Refused<InvalidOperationException>("labels at the end of the range",
            Label(_ => true, _ => 1, row => [row == 7 ? Most : 1, row == 7 ? -Most : 1]), "Row 7", "'Label'", "3.4028235E+38",
            "at most 1.7E+38") with { Tasks = _values },
        Learned("denormal labels", Label(_ => true, _ => 1, row => [row * float.Epsilon, row * float.Epsilon])) with { Tasks = _values },

        // Weights.
        Refused<InvalidOperationException>("a negative weight", Weights(row => row == 7 ? -0.5f : 1), "Row 7", "'Weight'", "-0.5",
            "at least 0") with { Options = Weighted },
        Refused<InvalidOperationException>("a missing weight", Weights(row => row == 7 ? NaN : 1), "Row 7", "'Weight'", "NaN",
            "finite") with { Options = Weighted },
        Refused<InvalidOperationException>("an infinite weight", Weights(row => row == 7 ? Inf : 1), "Row 7", "'Weight'", "Infinity",
            "finite") with { Options = Weighted },
        Refused<InvalidOperationException>("all weights are 0", Weights(_ => 0), "All 90 rows", "weight 0", "'Weight'") with { Options = Weighted },
        Learned("most weights are 0", Weights(row => row < 4 ? 1 : 0)) with { Options = Weighted },
        Learned("huge weights", Weights(_ => 3e38f)) with { Options = Weighted },
        Learned("denormal weights", Weights(_ => float.Epsilon)) with { Options = Weighted },
        Learned("weights from tiny to huge", Weights(row => row % 2 == 0 ? 1e-38f : 3e38f)) with { Options = Weighted },

        // Validation sets.
        Refused<InvalidOperationException>("no rows to validate on", (_, view) => view.WithRows(0), "validation data has no rows") with { IsValidation = true },
        Learned("a validation set of classes that are not learned",
            (_, view) => view.With(ViewColumn.Key("Label", 3, _ => 3, "ash", "birch", "cedar"))) with { IsValidation = true, Tasks = _multiclass },
        Learned("a validation set of one row and one class", (_, view) => view.WithRows(1)) with { IsValidation = true },
        Learned("a validation set without a feature", Features(_ => NaN)) with { IsValidation = true },
        Refused<InvalidOperationException>("an infinite feature to validate on", Slot(2, row => row == 7 ? Inf : null), "Row 7", "validation data",
            "'Features'", "InfiniteValues") with { IsValidation = true },
        Schema("a validation set with other features", (_, view) => view.With(ViewColumn.Vector("Features", 3, _ => [1, 2, 3])), "'Features'",
            "3 slots in the validation data and 4") with { IsValidation = true },
        Schema("a validation set with other keys", (_, view) => view.With(ViewColumn.Key("Label", 3, _ => 1, "birch", "ash", "cedar")), "'Label'",
            "same fitted MapValueToKey") with { IsValidation = true, Tasks = _multiclass },
        Schema("a validation set with more classes", (_, view) => view.With(ViewColumn.Key("Label", 4, _ => 1)), "'Label'",
            "same fitted pipeline") with { IsValidation = true, Tasks = _multiclass },
        Schema("a validation set with fewer outputs", (_, view) => view.With(ViewColumn.Number("Label", _ => 1)), "'Label'",
            "same fitted pipeline") with { IsValidation = true, Tasks = _outputs },

        // Columns.
        Schema("no features", (_, view) => view.Without("Features"), "'Features'", "missing", "'Label'"),
        Schema("scalar features", (_, view) => view.With(ViewColumn.Number("Features", _ => 1)), "'Features'", "is Single", "Concatenate"),
        Schema("features of unknown size, or none", (_, view) => view.With(Vectors("Features", NumberDataViewType.Single, 0, 1f)), "'Features'",
            "of unknown size", "VectorType"),
        Schema("features of Double", (_, view) => view.With(Vectors("Features", NumberDataViewType.Double, 4, 1d)), "'Features'", "Vector<Double>",
            "ConvertType", "DataKind.Single"),
        Schema("features of text", (_, view) => view.With(ViewColumn.Text("Features", _ => "x")), "'Features'", "String", "FeaturizeText"),
        Schema("features of a key", (_, view) => view.With(ViewColumn.Key("Features", 3, _ => 1)), "'Features'", "Key<UInt32>", "OneHotEncoding"),
        Schema("no label", (_, view) => view.Without("Label"), "'Label'", "missing"),
        Schema("no weight", (_, view) => view.Without("Weight"), "'Weight'", "missing") with { Options = Weighted },
        Schema("weight of Double", (_, view) => view.With(ViewColumn.Of("Weight", NumberDataViewType.Double, _ => 1d)), "'Weight'", "is Double",
            "ConvertType") with { Options = Weighted },
        Schema("weight of text", (_, view) => view.With(ViewColumn.Text("Weight", _ => "1")), "'Weight'", "is String",
            "ConvertType") with { Options = Weighted },
        Schema("vector of weights", (_, view) => view.With(ViewColumn.Vector("Weight", 2, _ => [1, 1])), "'Weight'",
            "Vector<Single>") with { Options = Weighted },
        Schema("label of Double", (_, view) => view.With(ViewColumn.Of("Label", NumberDataViewType.Double, _ => 1d)), "'Label'", "is Double",
            "ConvertType", "DataKind.Boolean") with { Tasks = _binary },
        Schema("label of Single", (_, view) => view.With(ViewColumn.Number("Label", row => row % 2)), "'Label'", "is Single", "ConvertType",
            "DataKind.Boolean") with { Tasks = _binary },
        Schema("label of text", (_, view) => view.With(ViewColumn.Text("Label", _ => "x")), "'Label'", "is String", "Boolean",
            "MapValue") with { Tasks = _binary },
        Schema("label of a key", (_, view) => view.With(ViewColumn.Key("Label", 3, _ => 1)), "'Label'", "is Key<UInt32>",
            "MulticlassClassification") with { Tasks = _binary },
        Schema("vector of labels", (_, view) => view.With(ViewColumn.Vector("Label", 2, _ => [1, 1])), "'Label'", "is Vector<Single>",
            "one value") with { Tasks = _classes },
        Schema("label of Single", (_, view) => view.With(ViewColumn.Number("Label", row => row % 2)), "'Label'", "is Single",
            "MapValueToKey(\"Label\")") with { Tasks = _multiclass },
        Schema("label of text", (_, view) => view.With(ViewColumn.Text("Label", _ => "x")), "'Label'", "is String",
            "MapValueToKey(\"Label\")") with { Tasks = _multiclass },
        Schema("label of Boolean", (_, view) => view.With(ViewColumn.Boolean("Label", row => row % 2 == 0)), "'Label'", "is Boolean",
            "MapValueToKey(\"Label\")") with { Tasks = _multiclass },
        Schema("label of a key of bytes", (_, view) => view.With(ViewColumn.Of("Label", new KeyDataViewType(typeof(byte), 3), _ => (byte)1)),
            "'Label'", "is Key<Byte>", "MapValueToKey(\"Label\")") with { Tasks = _multiclass },
        Schema("label of Double", (_, view) => view.With(ViewColumn.Of("Label", NumberDataViewType.Double, _ => 1d)), "'Label'", "is Double",
            "ConvertType", "DataKind.Single") with { Tasks = _regression },
        Schema("label of text", (_, view) => view.With(ViewColumn.Text("Label", _ => "x")), "'Label'", "is String", "ConvertType") with { Tasks = _regression },
        Schema("label of a key", (_, view) => view.With(ViewColumn.Key("Label", 3, _ => 1)), "'Label'", "is Key<UInt32>",
            "MapKeyToValue(\"Label\")") with { Tasks = _regression },
        Schema("label of unknown size", (_, view) => view.With(Vectors("Label", NumberDataViewType.Single, 0, 1f)), "'Label'", "of unknown size",
            "VectorType") with { Tasks = _regression },
    ];

    private static HostileCase Learned(string name, Func<string, RowsView, RowsView> spoil) => new(name, _all, spoil);

    private static HostileCase Refused<TException>(string name, Func<string, RowsView, RowsView> spoil, params string[] message)
        where TException : Exception => new(name, _all, spoil) { Refusal = typeof(TException), Message = message };

    private static HostileCase Schema(string name, Func<string, RowsView, RowsView> spoil, params string[] message) =>
        new(name, _one, spoil) { Refusal = typeof(ArgumentOutOfRangeException), Message = message, IsInSchema = true };

    private static MlpTrainerOptions Fail(MlpTrainerOptions options) => options with { MissingValues = InvalidValueHandling.Fail };

    private static MlpTrainerOptions Raw(MlpTrainerOptions options) => options with { FeatureScaling = FeatureScaling.None };

    private static MlpTrainerOptions Weighted(MlpTrainerOptions options) => options with { ExampleWeightColumnName = "Weight" };

    /// <summary>All features of a row are that value; as they were where it is null.</summary>
    private static Func<string, RowsView, RowsView> Features(Func<int, float?> value) => (_, view) => view.With(
        ViewColumn.Vector("Features", 4, row => value(row) is { } x ? [x, x, x, x] : TrainerCase.FeaturesOf(row), "a", "b", "c", "d"));

    /// <summary>One feature of a row is that value; as it was where it is null.</summary>
    private static Func<string, RowsView, RowsView> Slot(int slot, Func<int, float?> value) => (_, view) => view.With(
        ViewColumn.Vector("Features", 4, row => [.. TrainerCase.FeaturesOf(row).Select((x, i) => i == slot ? value(row) ?? x : x)], "a", "b", "c", "d"));

    /// <summary>Row 7 is sparse, with values in these two slots.</summary>
    private static Func<string, RowsView, RowsView> Slots(int first, int second) => (_, view) => view.With(ViewColumn.Sparse("Features", 4,
        row => (row == 7 ? ([1, 2], [first, second]) : ([row, 1], [0, 3]))));

    private static Func<string, RowsView, RowsView> Weights(Func<int, float> value) => (_, view) => view.With(ViewColumn.Number("Weight", value));

    /// <summary>Labels for every task.</summary>
    private static Func<string, RowsView, RowsView> Label(Func<int, bool> binary, Func<int, uint> key, Func<int, float[]> values) => (task, view) =>
        view.With(task switch
        {
            "binary" => ViewColumn.Boolean("Label", binary),
            "multiclass" => ViewColumn.Key("Label", 3, key, "ash", "birch", "cedar"),
            "regression" => ViewColumn.Number("Label", row => values(row)[0]),
            _ => ViewColumn.Vector("Label", 2, values, "width", "height"),
        });

    private static ViewColumn SparseOdd => ViewColumn.Sparse("Features", 4, row => (row % 3) switch
    {
        0 => ([0, NaN], [1, 3]),
        1 => ([row, -0f, 0], [0, 1, 2]),
        _ => ((float[])[row % 7], (int[])[2]),
    });

    private static float[] Wide(int row)
    {
        float[] x = new float[10_000];
        x[row * 800] = 1;
        x[9_999] = row;
        return x;
    }

    private static ViewColumn Vectors<T>(string name, PrimitiveDataViewType item, int size, T value) =>
        ViewColumn.Of(name, new VectorDataViewType(item, size), _ => new VBuffer<T>(4, [value, value, value, value]));
}
