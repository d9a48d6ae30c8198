namespace Microsoft.ML.StandIn;

/// <summary>A row as a metric sees it. Scores are one number, or one for each class.</summary>
internal readonly record struct ScoredRow(float Label, float Score, float Probability, float[] Scores);

/// <summary>Reads the columns that metrics are computed from, and leaves out rows without a label or with a broken score.</summary>
internal static class ScoredRows
{
    private const string Parameter = "schema";

    public static List<ScoredRow> Binary(IDataView data, string label, string score, string probability, string predictedLabel)
    {
        Exists(data, predictedLabel, "predictedLabel");
        var rows = Read(
            data, label, t => IsSingle(t) || t == NumberDataViewType.Double || t is BooleanDataViewType or KeyDataViewType { Count: 2 },
            "Single, Double, Boolean, or a key of two values", score, probability);
        rows.RemoveAll(r => !float.IsFinite(r.Score));
        return rows;
    }

    public static List<ScoredRow> Multiclass(IDataView data, string label, string score, string predictedLabel)
    {
        Exists(data, predictedLabel, "predictedLabel");
        var rows = Read(data, label, t => IsSingle(t) || t is KeyDataViewType, "Single or a key", score, null, vector: true);
        rows.RemoveAll(r => r.Label < 0 || r.Label != (int)r.Label || !Array.TrueForAll(r.Scores, float.IsFinite));
        return rows;
    }

    public static List<ScoredRow> Regression(IDataView data, string label, string score)
    {
        var rows = Read(data, label, IsSingle, "Single", score, null);
        rows.RemoveAll(r => float.IsNaN(r.Score));
        return rows;
    }

    private static bool IsSingle(DataViewType type) => type == NumberDataViewType.Single;

    private static DataViewSchema.Column Exists(IDataView data, string name, string role)
        => Check.Column(Check.Value(data, nameof(data)).Schema, Check.NonEmpty(name, $"{role}ColumnName"), role, Parameter);

    private static List<ScoredRow> Read(
        IDataView data, string label, Predicate<DataViewType> fits, string expected, string score, string probability, bool vector = false)
    {
        DataViewSchema.Column Column(string name, string role, Predicate<DataViewType> fits, string expected)
            => Exists(data, name, role) is var column && fits(column.Type) ? column
                : throw Check.WrongType(role, name, expected, column.Type.ToString(), Parameter);
        var labelColumn = Column(label, "label", fits, expected);
        var scoreColumn = vector
            ? Column(score, "score", t => t is VectorDataViewType { Size: >= 2 } v && IsSingle(v.ItemType), "a vector of two or more Single")
            : Column(score, "score", IsSingle, "Single");
        var columns = new List<DataViewSchema.Column> { labelColumn, scoreColumn };
        if (probability is not null)
            columns.Add(Column(probability, "probability", IsSingle, "Single"));
        using var cursor = data.GetRowCursor(columns);
        var getLabel = Label(cursor, labelColumn);
        var getScores = Items.Vectors<float>(cursor, scoreColumn);
        var getProbability = probability is null ? null : cursor.GetGetter<float>(columns[2]);
        var rows = new List<ScoredRow>();
        VBuffer<float> scores = default;
        float chance = float.NaN;
        while (cursor.MoveNext())
        {
            getScores(ref scores);
            getProbability?.Invoke(ref chance);
            float[] all = [.. scores.DenseValues()];
            if (getLabel() is var truth && !float.IsNaN(truth))
                rows.Add(new ScoredRow(truth, all[0], chance, all));
        }

        return rows;
    }

    /// <summary>A number as it is, true as 1 and false as 0, the key k as k - 1; NaN where the label is missing.</summary>
    private static Func<float> Label(DataViewRowCursor row, DataViewSchema.Column column)
    {
        if (column.Type is BooleanDataViewType)
        {
            var get = row.GetGetter<bool>(column);
            bool value = false;
            return () =>
            {
                get(ref value);
                return value ? 1 : 0;
            };
        }

        var number = Items.Number(row, column);
        return column.Type is KeyDataViewType key
            ? () => number() is var k && k > 0 && k <= key.Count ? (float)(k - 1) : float.NaN
            : () => (float)number();
    }
}
