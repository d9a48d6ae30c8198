namespace Microsoft.ML.StandIn;

/// <summary>What the evaluations share: the columns they read, and how a label becomes a number.</summary>
internal static class Scored
{
    private const string Parameter = "schema";

    public static DataViewSchema.Column Column(IDataView data, string name, string role, Predicate<DataViewType> fits, string expected)
    {
        var column = Check.Column(data.Schema, Check.NonEmpty(name, $"{role}ColumnName"), role, Parameter);
        return fits(column.Type) ? column : throw Check.WrongType(role, name, expected, column.Type.ToString(), Parameter);
    }

    public static void Exists(IDataView data, string name, string role) => Column(data, name, role, _ => true, "");

    /// <summary>A number as it is, true as 1 and false as 0, the key k as k - 1; NaN where the label is missing.</summary>
    public static Func<float> Label(DataViewRow row, DataViewSchema.Column column)
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

        var number = SplitNumber.AsDouble(row, column);
        if (column.Type is not KeyDataViewType key)
            return () => (float)number();
        return () => number() is var k && k > 0 && k <= key.Count ? (float)(k - 1) : float.NaN;
    }

    public static Func<float> Number(DataViewRow row, DataViewSchema.Column column)
    {
        var get = row.GetGetter<float>(column);
        float value = 0;
        return () =>
        {
            get(ref value);
            return value;
        };
    }
}

/// <summary>Counts and curves of a score for two classes. Positive is what scores above zero.</summary>
internal sealed class BinaryEvaluation
{
    private readonly List<(float Score, bool Positive)> _rows = [];
    private readonly double[][] _counts = [[0, 0], [0, 0]];
    private double _logLoss;
    private double _logLossPositives;
    private double _logLossRows;

    public BinaryEvaluation(IDataView data, string label, string score, string probability, string predictedLabel)
    {
        var labelColumn = Scored.Column(
            Check.Value(data, nameof(data)), label, "label",
            t => t == NumberDataViewType.Single || t == NumberDataViewType.Double || t is BooleanDataViewType or KeyDataViewType { Count: 2 },
            "Single, Double, Boolean, or a key of two values");
        var scoreColumn = Scored.Column(data, score, "score", t => t == NumberDataViewType.Single, "Single");
        var columns = new List<DataViewSchema.Column> { labelColumn, scoreColumn };
        if (probability is not null)
            columns.Add(Scored.Column(data, probability, "probability", t => t == NumberDataViewType.Single, "Single"));
        Scored.Exists(data, predictedLabel, "predictedLabel");
        using var cursor = data.GetRowCursor(columns);
        var readLabel = Scored.Label(cursor, labelColumn);
        var readScore = Scored.Number(cursor, scoreColumn);
        var readProbability = probability is null ? () => float.NaN : Scored.Number(cursor, columns[2]);
        while (cursor.MoveNext())
            Add(readLabel(), readScore(), readProbability());
        Check.Param(Positives > 0, "PosSample", "The area under the ROC curve is not defined when there is no positive class in the data");
        Check.Param(Negatives > 0, "NegSample", "The area under the ROC curve is not defined when there is no negative class in the data");
        ConfusionMatrix = new ConfusionMatrix(_counts, ["positive", "negative"]);
        // The sort is stable: rows of equal score stay in the order of the data.
        var sorted = _rows.OrderByDescending(r => r.Score).ToArray();
        AreaUnderRocCurve = RocArea(sorted);
        AreaUnderPrecisionRecallCurve = PrecisionRecallArea(sorted);
    }

    public ConfusionMatrix ConfusionMatrix { get; }
    public double AreaUnderRocCurve { get; }
    public double AreaUnderPrecisionRecallCurve { get; }
    public double Accuracy => (_counts[0][0] + _counts[1][1]) / _rows.Count;
    public double LogLoss => _logLossRows > 0 ? _logLoss / _logLossRows : 0;
    public double Entropy => EntropyOf(Positives / _rows.Count);

    public double LogLossReduction
    {
        get
        {
            if (_logLossRows == 0)
                return 0;
            double prior = EntropyOf(_logLossPositives / _logLossRows);
            return (prior - LogLoss) / prior;
        }
    }

    private double Positives => _counts[0].Sum();
    private double Negatives => _counts[1].Sum();
    private static double EntropyOf(double p) => p is <= 0 or >= 1 ? 0 : -(p * Math.Log2(p)) - ((1 - p) * Math.Log2(1 - p));

    private void Add(float label, float score, float probability)
    {
        if (!float.IsFinite(score) || float.IsNaN(label))
            return;
        bool positive = label > 0;
        _rows.Add((score, positive));
        _counts[positive ? 0 : 1][score > 0 ? 0 : 1]++;
        if (float.IsNaN(probability))
        {
            _logLoss = double.NaN;
            return;
        }

        _logLoss -= Math.Log2(positive ? probability : 1.0 - probability);
        _logLossPositives += positive ? 1 : 0;
        _logLossRows++;
    }

    /// <summary>The part of the pairs of a positive and a negative row that the score puts in order; equal scores are half.</summary>
    private double RocArea((float Score, bool Positive)[] sorted)
    {
        double area = 0;
        double above = 0;
        foreach (var same in sorted.GroupBy(r => r.Score))
        {
            double positives = same.Count(r => r.Positive);
            area += (same.Count() - positives) * (above + (positives / 2));
            above += positives;
        }

        return area / (Positives * Negatives);
    }

    /// <summary>Trapezoids between the points at which a positive row is reached.</summary>
    private double PrecisionRecallArea((float Score, bool Positive)[] sorted)
    {
        double area = 0;
        double precision = 1;
        double found = 0;
        for (int i = 0; i < sorted.Length; i++)
        {
            double before = precision;
            found += sorted[i].Positive ? 1 : 0;
            precision = found / (i + 1);
            if (sorted[i].Positive)
                area += (before + precision) / 2 / Positives;
        }

        return area;
    }
}

/// <summary>Counts of class probabilities against the true class. The predicted class is the one of the highest score.</summary>
internal sealed class MulticlassEvaluation
{
    private const float Smallest = 1e-15f;
    private readonly double[] _classRows;
    private readonly double[] _classLogLoss;
    private readonly double[] _ranks;
    private readonly double[][] _counts;
    private double _rows;
    private double _logLoss;

    public MulticlassEvaluation(IDataView data, string label, string score, string predictedLabel)
    {
        var labelColumn = Scored.Column(
            Check.Value(data, nameof(data)), label, "label", t => t == NumberDataViewType.Single || t is KeyDataViewType, "Single or a key");
        var scoreColumn = Scored.Column(
            data, score, "score", t => t is VectorDataViewType { Size: >= 2 } vector && vector.ItemType == NumberDataViewType.Single,
            "a vector of two or more Single");
        Scored.Exists(data, predictedLabel, "predictedLabel");
        int classes = scoreColumn.Type.ValueCount();
        _classRows = new double[classes];
        _classLogLoss = new double[classes];
        _ranks = new double[classes + 1];
        _counts = [.. Enumerable.Range(0, classes).Select(_ => new double[classes])];
        using var cursor = data.GetRowCursor([labelColumn, scoreColumn]);
        var readLabel = Scored.Label(cursor, labelColumn);
        var readScores = cursor.GetGetter<VBuffer<float>>(scoreColumn);
        VBuffer<float> buffer = default;
        float[] scores = new float[classes];
        while (cursor.MoveNext())
        {
            float truth = readLabel();
            readScores(ref buffer);
            buffer.CopyTo(scores);
            // Missing labels, labels that are no class number, and broken scores are left out.
            if (truth >= 0 && truth == (int)truth && Array.TrueForAll(scores, float.IsFinite))
                Add((int)truth, scores);
        }

        string[] names = scoreColumn.HasSlotNames()
            ? [.. scoreColumn.SlotNames().Select(name => name.ToString())]
            : [.. Enumerable.Range(0, classes).Select(i => i.ToString(CultureInfo.InvariantCulture))];
        ConfusionMatrix = new ConfusionMatrix(_counts, names);
    }

    public ConfusionMatrix ConfusionMatrix { get; }
    public double MicroAccuracy => _rows > 0 ? _ranks[0] / _rows : 0;

    public double MacroAccuracy
        => _counts.Select((row, i) => (Hits: row[i], Rows: _classRows[i])).Where(c => c.Rows > 0).Select(c => c.Hits / c.Rows).DefaultIfEmpty().Average();

    public double LogLoss => _rows > 0 ? _logLoss / _rows : 0;

    public double LogLossReduction
    {
        get
        {
            double entropy = -_classRows.Where(n => n > 0).Sum(n => n * Math.Log(n / _rows)) / _rows;
            return (entropy - LogLoss) / entropy;
        }
    }

    public double[] PerClassLogLoss => [.. _classLogLoss.Select((loss, i) => _classRows[i] > 0 ? loss / _classRows[i] : 0)];

    public double[] TopKAccuracies(int k)
    {
        double sum = 0;
        return [.. _ranks.Take(k).Select(n => sum += n / _rows)];
    }

    private void Add(int truth, float[] scores)
    {
        // A class that was never trained is known to no score: its row counts as wrong, with the highest loss.
        bool known = truth < scores.Length;
        float own = known ? scores[truth] : 0;
        double loss = -Math.Log(known ? Math.Clamp(own, Smallest, 1) : Smallest);
        _rows++;
        _logLoss += loss;
        _ranks[Enumerable.Range(0, scores.Length).Count(i => scores[i] > own || (scores[i] == own && i < truth))]++;
        if (!known)
            return;
        _classRows[truth]++;
        _classLogLoss[truth] += loss;
        _counts[truth][Array.IndexOf(scores, scores.Max())]++;
    }
}

/// <summary>Sums of the errors of a predicted number.</summary>
internal sealed class RegressionEvaluation
{
    private readonly double _rows;
    private readonly double _absolute;
    private readonly double _squared;
    private readonly double _loss;
    private readonly double _labels;
    private readonly double _labelSquares;

    public RegressionEvaluation(IDataView data, string label, string score)
    {
        Check.Value(data, nameof(data));
        var labelColumn = Scored.Column(data, label, "label", t => t == NumberDataViewType.Single, "Single");
        var scoreColumn = Scored.Column(data, score, "score", t => t == NumberDataViewType.Single, "Single");
        using var cursor = data.GetRowCursor([labelColumn, scoreColumn]);
        var readLabel = Scored.Number(cursor, labelColumn);
        var readScore = Scored.Number(cursor, scoreColumn);
        while (cursor.MoveNext())
        {
            float truth = readLabel();
            float prediction = readScore();
            if (float.IsNaN(truth) || float.IsNaN(prediction))
                continue;
            double error = Math.Abs((double)truth - prediction);
            float difference = prediction - truth;
            _rows++;
            _absolute += error;
            _squared += error * error;
            _loss += difference * difference;
            _labels += truth;
            _labelSquares += truth * truth;
        }
    }

    public double MeanAbsoluteError => _rows > 0 ? _absolute / _rows : 0;
    public double MeanSquaredError => _rows > 0 ? _squared / _rows : 0;
    public double Loss => _rows > 0 ? _loss / _rows : 0;

    /// <summary>The part of the labels' variance that is explained; NaN for labels without variance.</summary>
    public double RSquared
    {
        get
        {
            if (_rows == 0)
                return 0;
            double variance = _labelSquares - (_labels * _labels / _rows);
            return variance == 0 ? double.NaN : 1 - (_squared / variance);
        }
    }
}
