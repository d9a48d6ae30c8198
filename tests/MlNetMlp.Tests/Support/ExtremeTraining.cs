using Microsoft.ML;

namespace MlNetMlp.Tests.Support;

/// <summary>
/// A training on numbers from all over single precision, drawn at random: huge, tiny, constant, missing, infinite, alone among others; and with options
/// that leave some rows unseen until the model scores them. The same number is the same training.
/// </summary>
internal sealed class ExtremeTraining
{
    private readonly Random _random;
    private readonly float[][] _features;
    private readonly float[][] _labels;
    private readonly float[] _weights;
    private readonly RandomTask _task;
    private readonly bool _isSparse;

    public ExtremeTraining(int number)
    {
        _random = new Random(number);
        int rows = _random.Next(3, 60), features = _random.Next(1, 9), outputs = _random.Next(2, 4);
        _task = Pick(Enum.GetValues<RandomTask>());
        _features = Table(rows, features, FeatureColumn);
        _labels = Table(rows, _task == RandomTask.MultiOutputRegression ? outputs : 1, count => _task switch
        {
            RandomTask.Binary => Draw(count, () => _random.Next(2)),
            RandomTask.Multiclass => Draw(count, () => _random.Next(outputs + 1)),
            _ => LabelColumn(count),
        });
        _weights = OneIn(2) ? Draw(rows, () => 1) : OneIn(3) ? Draw(rows, () => AnySize()) : Draw(rows, () => _random.Next(3));
        _isSparse = OneIn(4);
        Options = Common(_task switch
        {
            RandomTask.Binary => new MlpBinaryTrainer.Options { Loss = Pick<BinaryLoss>(new SigmoidCrossEntropy(), new BinaryHinge(), new PerceptronLoss()) },
            RandomTask.Multiclass => new MlpMulticlassTrainer.Options { Loss = Pick<MulticlassLoss>(new SoftmaxCrossEntropy(), new MulticlassHinge()) },
            _ => new MlpRegressionTrainer.Options
            {
                Loss = Pick<RegressionLoss>(new SquaredError(), new SquaredError { StandardizeTargets = false }, new AbsoluteError(), new HuberLoss()),
            },
        });
        Outputs = outputs;
    }

    public MlpTrainerOptions Options { get; }

    /// <summary>All rows.</summary>
    public RowsView Rows => View([.. Enumerable.Range(0, _features.Length)]);

    /// <summary>The rows that have a weight and a label: those that are learned, or set aside to validate with.</summary>
    public RowsView LearnedRows => View([.. Enumerable.Range(0, _features.Length).Where(row => _weights[row] > 0 && HasLabel(row))]);

    private int Outputs { get; }

    public MlpTrainerBase Create()
    {
        var context = new MLContext(1);
        return Options switch
        {
            MlpBinaryTrainer.Options binary => context.BinaryClassification.Trainers.Mlp(binary),
            MlpMulticlassTrainer.Options multiclass => context.MulticlassClassification.Trainers.Mlp(multiclass),
            _ => context.Regression.Trainers.Mlp((MlpRegressionTrainer.Options)Options),
        };
    }

    private MlpTrainerOptions Common(MlpTrainerOptions options) => options with
    {
        Effort = Effort.Plain,
        ExampleWeightColumnName = "Weight",
        HiddenLayers = [.. Enumerable.Range(0, _random.Next(3)).Select(_ => Layer())],
        NumberOfEpochs = _random.Next(2, 5),
        BatchSize = OneIn(2) ? null : _random.Next(2, 80),
        NumberOfThreads = 1,
        Seed = _random.Next(),
        LearningRate = Pick(Schedule.Cosine(0.002f), 0.05f, 1f, 1e6f),
        Optimizer = Pick<Optimizer>(new AdamW(), new AdamW(), new Sgd(), new Momentum()),
        FeatureScaling = OneIn(4) ? FeatureScaling.None : FeatureScaling.Standardize,
        MissingValues = OneIn(8) ? InvalidValueHandling.Fail : InvalidValueHandling.Impute,
        InfiniteValues = OneIn(4) ? InvalidValueHandling.Fail : InvalidValueHandling.Impute,
        SparseFeatures = Pick<bool?>(null, null, true, false),
        RowStorage = OneIn(8) ? RowStorage.Disk(precision: RowPrecision.Half) : RowStorage.Memory,
        Ensemble = Pick<Ensemble?>(null, null, null, Ensemble.Bagging(2), Ensemble.Snapshots(2)),
        MonteCarloDropout = OneIn(5) ? new MonteCarloDropout { Passes = 3 } : null,
        InputDropout = OneIn(5) ? 0.3f : 0,
        ClassBalancedBatches = OneIn(2) && options is not MlpRegressionTrainer.Options,
        ValidationFraction = OneIn(3) ? 0.2f : null,
        EarlyStopping = OneIn(4) ? new EarlyStopping() : null,
    };

    private HiddenLayer Layer() => new(_random.Next(2, 12))
    {
        Activation = Pick(Activation.Relu, Activation.Tanh, Activation.Gelu, Activation.PRelu(), Activation.Maxout(), Activation.Elu(3)),
        Normalization = Pick(null, null, Normalization.Batch, Normalization.BatchRenormalization, Normalization.Layer, Normalization.Weight,
            Normalization.Cosine),
        Dropout = OneIn(4) ? 0.5f : 0,
    };

    private float[] FeatureColumn(int rows)
    {
        float constant = Pick(0, 5, 1e38f, -3e38f, 1e-40f), size = AnySize(), sharp = Pick(0, 1e7f, 1e30f);
        int odd = _random.Next(rows);
        return _random.Next(10) switch
        {
            0 => Draw(rows, () => constant),
            1 => Draw(rows, () => Real() * size),
            2 => Draw(rows, () => Math.Sign(Real()) * AnySize()),
            3 => [.. Draw(rows, Real).Select((x, row) => row == odd ? (Real() < 0 ? -1 : 1) * AnySize() : x)],
            4 => [.. Draw(rows, () => constant).Select((x, row) => row == odd ? -x : x)],
            5 => Draw(rows, () => OneIn(2) ? float.NaN : Real()),
            6 => Draw(rows, () => OneIn(9) ? Pick(float.PositiveInfinity, float.NegativeInfinity) : Real() * size),
            7 => Draw(rows, () => sharp * (1 + 1e-6f * Real())),
            8 => Draw(rows, () => OneIn(4) ? size : 0),
            _ => Draw(rows, Real),
        };
    }

    private float[] LabelColumn(int rows)
    {
        float size = Math.Min(AnySize(), 1e38f);
        return _random.Next(5) switch
        {
            0 => Draw(rows, () => size),
            1 => Draw(rows, () => Real() * size),
            2 => Draw(rows, () => OneIn(5) ? float.NaN : Real()),
            _ => Draw(rows, Real),
        };
    }

    private RowsView View(int[] numbers) => new(
        numbers.Length,
        _task switch
        {
            RandomTask.Binary => ViewColumn.Boolean("Label", row => _labels[numbers[row]][0] == 1),
            RandomTask.Multiclass => ViewColumn.Key("Label", Outputs, row => (uint)_labels[numbers[row]][0]),
            RandomTask.Regression => ViewColumn.Number("Label", row => _labels[numbers[row]][0]),
            _ => ViewColumn.Vector("Label", _labels[0].Length, row => _labels[numbers[row]]),
        },
        _isSparse ? ViewColumn.Sparse("Features", _features[0].Length, row => _features[numbers[row]])
            : ViewColumn.Vector("Features", _features[0].Length, row => _features[numbers[row]]),
        ViewColumn.Number("Weight", row => _weights[numbers[row]]));

    private bool HasLabel(int row) => _task switch
    {
        RandomTask.Binary => true,
        RandomTask.Multiclass => _labels[row][0] > 0,
        _ => _labels[row].All(float.IsFinite),
    };

    private static float[][] Table(int rows, int columns, Func<int, float[]> column)
    {
        float[][] drawn = [.. Enumerable.Range(0, columns).Select(_ => column(rows))];
        return [.. Enumerable.Range(0, rows).Select(row => drawn.Select(values => values[row]).ToArray())];
    }

    private static float[] Draw(int count, Func<float> value) => [.. Enumerable.Range(0, count).Select(_ => value())];

    private float Real() => (float)(2 * _random.NextDouble() - 1);

    /// <summary>A positive number of any order of magnitude, the denormal ones and the largest of all included.</summary>
    private float AnySize() => OneIn(8) ? float.MaxValue : OneIn(8) ? float.Epsilon : (float)Math.Pow(10, -45 + _random.NextDouble() * 83.5);

    private bool OneIn(int of) => _random.Next(of) == 0;

    private T Pick<T>(params T[] of) => of[_random.Next(of.Length)];
}
