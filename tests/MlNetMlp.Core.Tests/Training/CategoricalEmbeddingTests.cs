using MlNetMlp.Core.Tests.Support;
using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests;

/// <summary>What a training run makes of groups of one-hot features, dense and sparse.</summary>
public sealed class CategoricalEmbeddingTests : IDisposable
{
    /// <summary>A number, a group of <see cref="Large"/> categories, a group of three; behind them there may be further features, mostly zero.</summary>
    private const int Large = 12, Small = 3, Features = 1 + Large + Small;

    /// <summary>So many further features that sparse rows stay sparse behind the categories.</summary>
    private const int Many = 1100;

    private static readonly CategoricalGroup[] _groups = [new(1, Large), new(Large + 1, Features - 1)];

    private static readonly CategoricalEmbedding _embedding = new() { MaximumOneHotSize = 6, Width = 4, MinimumFrequency = 3, Dropout = 0.1f };

    private static readonly MlpTrainingOptions _options = new()
    {
        Optimizer = new Sgd(),
        LearningRate = 0.1f,
        NumberOfEpochs = 3,
        BatchSize = 16,
        NumberOfThreads = 1,
        CategoricalEmbedding = _embedding,
    };

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, int> Trainings => new()
    {
        { "plain", Many }, { "linear", Many }, { "input dropout", Many }, { "clipping", Many }, { "bagging", Many }, { "one-hot", Many },
        { "plain", 0 }, { "linear", 0 }, { "input dropout", 0 }, { "clipping", 0 }, { "bagging", 0 }, { "one-hot", 0 }, { "noise", 0 }, { "connections", 0 },
        { "encoded", 0 }, { "encoded and shared", 0 }, { "periodic", 0 }, { "periodic and shared", 0 },
    };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Train_Groups_KnowTheirRareCategories()
    {
        MlpModel model = Train(_options with { FeatureScaling = FeatureScaling.Standardize }, sparse: false);
        CategoryMap map = model.Architecture.Categories!;

        // Of 120 rows, category k of the large group has those that leave k when divided by 13, which is 9 or 10; the last one has 2. The third of the small
        // group never occurs.
        Assert.Equal([true, false], map.IsEmbedded.ToArray());
        Assert.Equal((4, 13), (map.Width, map.TableRows));
        float[] scale = [.. Enumerable.Repeat(1f, Large - 1), 0, 1, 1, 0];
        Assert.Equal(scale, model.Standardizer.Scale[1..].ToArray());
        Assert.DoesNotContain(1f, model.Standardizer.Offset[1..].ToArray());

        // Whatever is not known is the same: rare, never seen, missing, nothing at all.
        float[] scores = new float[3];
        float[] Score(float[] features)
        {
            model.Predict(features, scores);
            return [.. scores];
        }

        float[] unknown = Score(Row(0.5f, -1, -1));
        Assert.Equal(unknown, Score(Row(0.5f, Large - 1, -1)));
        Assert.Equal(unknown, Score(Row(0.5f, -1, 2)));
        Assert.Equal(unknown, Score([0.5f, .. Enumerable.Repeat(float.NaN, Features - 1)]));
        Assert.NotEqual(unknown, Score(Row(0.5f, 1, -1)));
        Assert.NotEqual(unknown, Score(Row(0.5f, -1, 1)));
    }

    /// <summary>By hand: a twentieth, and of 10,000 rows two hundredths.</summary>
    [Theory]
    [InlineData(1, 0.05f)]
    [InlineData(1600, 0.05f)]
    [InlineData(10_000, 0.02f)]
    [InlineData(1_000_000, 0.002f)]
    public void DropoutFor_Rows_IsLessForMany(int rows, float expected)
    {
        Assert.Equal(expected, new CategoricalEmbedding().DropoutFor(rows));
        Assert.Equal(0.3f, new CategoricalEmbedding { Dropout = 0.3f }.DropoutFor(rows));
    }

    /// <summary>Counted: the numbers of dense layers, and of vectors.</summary>
    [Fact]
    public void Train_ManyCategories_HasFewParameters()
    {
        const int categories = 5000, rows = 20_000;
        var source = new SparseRows(categories, 1);
        for (int i = 0; i < rows; i++)
        {
            source.Add([i * 7919 % categories], [1], [i % 3]);
        }

        TrainingTask task = new(new(categories, 1) { HiddenLayers = [new(128)] }, new SquaredError(), source)
        {
            CategoricalGroups = [new(0, categories - 1)],
            Options = _options with { NumberOfEpochs = 1, CategoricalEmbedding = new() { MinimumFrequency = 2 } },
        };
        MlpModel model = MlpTrainer.Train(task).Model;

        int Count(MlpArchitecture architecture) => architecture.Layout().TrainableCount;
        Assert.Equal(5001 * 8 + 8 * 128 + 128 + 129, Count(model.Architecture));
        Assert.Equal(5000 * 128 + 128 + 129, Count(task.Architecture));
    }

    [Fact]
    public void Train_GroupThatIsNotOneHot_IsIgnored()
    {
        foreach (float[] other in (float[][])[Row(1, 0, 0, (2, 1)), Row(1, 0, 0, (1, 2)), Row(1, 0, 0, (1, float.NaN)), Row(1, 0, 0, (1, 0.5f))])
        {
            foreach (bool sparse in (bool[])[false, true])
            {
                CategoryMap map = Train(_options, sparse, more: other).Architecture.Categories!;
                Assert.Equal([_groups[1]], map.Groups.ToArray());
            }
        }

        // A row without weight says nothing.
        Assert.Equal(2, Train(_options, sparse: false, more: Row(1, 0, 0, (2, 1)), weight: 0).Architecture.Categories!.Groups.Length);
        Assert.Null(Train(_options with { CategoricalEmbedding = null }, sparse: false).Architecture.Categories);
    }

    [Fact]
    public void Train_SparseGroupWithoutEmbedding_StaysWhereNumbersAloneAreScaled()
    {
        MlpTrainingOptions plain = _options with { CategoricalEmbedding = null };
        MlpModel numbers = Train(plain with { FeatureScaling = FeatureScaling.StandardizeNumbers }, sparse: true), all = Train(plain, sparse: true);

        Assert.Equal([.. Enumerable.Repeat(1f, Large + 2), 0], numbers.Standardizer.Scale[1..].ToArray());
        Assert.Equal(all.Standardizer.Scale[0], numbers.Standardizer.Scale[0]);

        // The standardization of sparse rows makes the mean square of what is not zero 1, which it is.
        Assert.Equal([.. Enumerable.Repeat(1f, Large)], all.Standardizer.Scale[1..(Large + 1)].ToArray());
        Assert.NotEqual(0, all.Standardizer.Offset[Large + 1]);
        Assert.Equal(0, numbers.Standardizer.Offset[Large + 1]);
    }

    [Fact]
    public void Train_ImpossibleGroups_AreRefused()
    {
        var rows = new InMemoryRows(4, 1);
        rows.Add([1, 0, 0, 0], [1]);
        var exception = Assert.Throws<ArgumentException>(() => MlpTrainer.Train(new(new(4, 1), new SquaredError(), rows)
        {
            CategoricalGroups = [new(0, 1), new(1, 2)],
        }));
        Assert.Contains("CategoricalGroups", exception.Message, StringComparison.Ordinal);
        Assert.Contains("features 1 to 2", exception.Message, StringComparison.Ordinal);
    }

    /// <summary>With an optimizer that has no memory, the weights of features that a mini-batch has not stand still in both.</summary>
    [Theory]
    [MemberData(nameof(Trainings))]
    public void Train_SparseRows_HasTheBitsOfTheDenseTraining(string name, int further)
    {
        MlpArchitecture architecture = new(Features + further, 3)
        {
            InputDropout = name == "input dropout" ? 0.3f : 0,
            InputNoise = name == "noise" ? 0.3f : 0,
            HiddenLayers = name == "linear" ? []
                : [new(8) { Normalization = name == "input dropout" ? Normalization.Batch : null, DropConnect = name == "connections" ? 0.2f : 0 }],
        };
        MlpTrainingOptions options = _options with
        {
            FeatureScaling = FeatureScaling.None,
            GradientClipping = name == "clipping" ? GradientClipping.ByValue(0.01f) : null,
            CategoricalEmbedding = name == "one-hot" ? _embedding with { MaximumOneHotSize = 20 } : _embedding,
            NumericEmbedding = name.StartsWith("encoded", StringComparison.Ordinal) ? NumericEmbedding.PiecewiseLinear(3)
                : name.StartsWith("periodic", StringComparison.Ordinal) ? NumericEmbedding.Plr(3, 2)
                : null,
            MissingIndicators = name.StartsWith("encoded", StringComparison.Ordinal),
            Ensemble = name == "bagging" ? Ensemble.Bagging(2) : name.EndsWith("shared", StringComparison.Ordinal) ? Ensemble.Shared(3) : null,
        };
        float[] missing = Row(float.NaN, 4, 1);
        MlpModel dense = Train(options, sparse: false, architecture, missing), sparse = Train(options, sparse: true, architecture, missing);

        Assert.Equal(SmallData.Saved(dense), SmallData.Saved(sparse));
        Assert.Equal(further == 0 && name != "one-hot", sparse.Architecture.Categories!.IsDense);
        float[] one = new float[9], other = new float[9];
        var rows = new SparseFeatures(Features + further);
        float[] features = [.. Further(Row(2, 5, 1), 3, further), .. Further(Row(-1, -1, 0), 4, further), .. Further(missing, 5, further)];
        foreach (float[] row in features.Chunk(Features + further))
        {
            rows.Add(row);
        }

        dense.Predict(features, one, 3);
        sparse.Predict(rows, other);
        Assert.Equal(Bits.Of(one), Bits.Of(other));
        Assert.NotEqual(one[..3], one[3..6]);
    }

    /// <summary>A group that is not one-hot is not embedded, and rows stay sparse: then the same is refused as without it.</summary>
    [Fact]
    public void Train_SparseRowsWhoseGroupIsNotOneHot_RefuseWhatNeedsDenseOnes()
    {
        MlpTrainingOptions options = _options with { Ensemble = Ensemble.Shared(2) };
        var exception = Assert.Throws<ArgumentException>(() => Train(options, sparse: true, more: Row(1, 0, 0, (2, 1))));
        Assert.Contains("SharedMembers is 2", exception.Message, StringComparison.Ordinal);
    }

    /// <summary>Category 7 comes in the first mini-batch alone: its momentum would carry its vector on.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(Many)]
    public void Train_SparseRows_MoveVectorsOfTheMiniBatchAlone(int further)
    {
        float[] VectorsAfter(int batches)
        {
            var rows = new SparseRows(Features + further, 1);
            for (int i = 0; i < 4 * batches; i++)
            {
                SparseData.Add(rows, Further(Row(i % 5, i < 4 ? 7 : i % 3, i % 2), i, further), [i % 7]);
            }

            return [.. MlpTrainer.Train(new(new(Features + further, 1) { HiddenLayers = [new(5)] }, new SquaredError { StandardizeTargets = false }, rows)
            {
                CategoricalGroups = _groups,
                Options = _options with
                {
                    Optimizer = new AdamW(),
                    FeatureScaling = FeatureScaling.None,
                    OutputBiasFromTargets = false,
                    LearningRate = 0.01f,
                    Shuffle = false,
                    BatchSize = 4,
                    NumberOfEpochs = 1,
                    CategoricalEmbedding = _embedding with { MaximumOneHotSize = 0, MinimumFrequency = 1, Dropout = 0 },
                },
            }).Model.Values[..(Large * 4)]];
        }

        float[] once = VectorsAfter(1), later = VectorsAfter(6);
        Assert.Equal(Bits.Of(once.AsSpan(28, 4)), Bits.Of(later.AsSpan(28, 4)));
        Assert.NotEqual(Bits.Of(once.AsSpan(0, 4)), Bits.Of(later.AsSpan(0, 4)));
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 0)]
    [InlineData(true, Many)]
    public void Train_ThreadsAndKernels_SaveTheSameBytes(bool sparse, int further)
    {
        MlpTrainingOptions options = _options with { Optimizer = new AdamW(), LearningRate = 0.01f };
        options = further > 0 ? options : options with { NumericEmbedding = NumericEmbedding.PiecewiseLinear(4), Ensemble = Ensemble.Shared(3) };
        MlpArchitecture architecture = new(Features + further, 3) { HiddenLayers = [new(8)] };
        byte[] expected = SmallData.Saved(Train(options, sparse, architecture));
        foreach (string kernel in Kernels.Names)
        {
            using InstructionSet.Scope forced = Kernels.Force(kernel);
            foreach (int threads in (int[])[1, 3])
            {
                Assert.Equal(expected, SmallData.Saved(Train(options with { NumberOfThreads = threads }, sparse, architecture)));
            }
        }
    }

    /// <summary>Fused, the layer of encoded features gives the vectors their gradients in a way of its own.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Train_FusedAndNot_LearnTheSame(bool isPeriodic)
    {
        NumericEmbedding embedding = isPeriodic ? NumericEmbedding.Plr(3, 2) : NumericEmbedding.PiecewiseLinear(4);
        MlpTrainingOptions options = _options with { NumericEmbedding = embedding, FeatureScaling = FeatureScaling.Robust };
        foreach (int members in (int[])[1, 3])
        {
            // Dropout that never drops keeps the layers apart.
            MlpArchitecture fused = new(Features, 3) { SharedMembers = members, HiddenLayers = [new(16) { Activation = Activation.Gelu }] };
            MlpModel one = Train(options, sparse: false, fused), other = Train(options, sparse: false, fused with { InputDropout = 1e-9f });
            Assert.Equal(one.Values.Length, other.Values.Length);
            Assert.All(one.Values.ToArray().Zip(other.Values.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Train_StoppedAndContinued_IsTheUninterruptedOne(bool sparse)
    {
        MlpTrainingOptions options = _options with { Optimizer = new AdamW(), LearningRate = 0.01f, NumberOfEpochs = 5 };
        MlpTrainingOptions kept = options with { Checkpoint = new(_folder.Path("c")) };
        byte[] whole = SmallData.Saved(Train(options, sparse));
        Assert.Throws<TimeoutException>(() => Train(kept, sparse, progress: report => _ = report.Epoch == 3 ? throw new TimeoutException() : 0));

        CheckpointMismatchException mismatch = Assert.Throws<CheckpointMismatchException>(() => Train(kept, sparse, groups: [_groups[0]]));
        Assert.Contains("CategoricalGroups[1]", mismatch.Message, StringComparison.Ordinal);
        Assert.Equal(whole, SmallData.Saved(Train(kept, sparse)));
    }

    [Fact]
    public void Train_Further_KeepsTheGroupsOfTheModel()
    {
        MlpModel model = Train(_options, sparse: false);
        MlpModel further = Train(_options with { CategoricalEmbedding = _embedding with { Dropout = 0.3f, Width = 7 } }, sparse: false, groups: [],
            initial: model);

        Assert.Equal(model.Architecture.Categories!.With(_embedding with { Dropout = 0.3f }, 0), further.Architecture.Categories);
        Assert.Equal(model.Standardizer.Scale.ToArray(), further.Standardizer.Scale.ToArray());
        Assert.NotEqual(model.Values.ToArray(), further.Values.ToArray());
    }

    /// <summary>Behind the large group, which becomes four columns, the number is column 0; the small group and the vectors are none.</summary>
    [Fact]
    public void Train_Periodic_EmbedsNumbersBesideCategories()
    {
        MlpModel model = Train(_options with { NumericEmbedding = NumericEmbedding.Pbld(3, 2), FeatureScaling = FeatureScaling.QuantileNormal }, sparse: false);
        Assert.Equal([0], model.Architecture.Numbers!.Numbers.ToArray());
        Assert.Equal([0], model.Standardizer.Quantiles!.Features.ToArray());
        Assert.Equal(1 + Small + 1 + 4 + 2, model.Architecture.EncodedSize);
        Assert.Equal(model.Architecture.Numbers, Train(_options, sparse: false, initial: model).Architecture.Numbers);
    }

    [Fact]
    public void Train_Whitened_TakesCategoriesForFeatures()
    {
        MlpModel model = Train(_options with { FeatureScaling = FeatureScaling.WhitenPca() }, sparse: false);
        Assert.Null(model.Architecture.Categories);
        Assert.Equal((Features, Features), (model.Architecture.Whitening!.FeatureCount, model.Architecture.EncodedSize));
    }

    /// <summary>Behind embedded categories rows are dense, but quantiles are mapped in front of them.</summary>
    [Fact]
    public void Train_SparseQuantiles_AreRefused()
    {
        var exception = Assert.Throws<ArgumentException>(() => Train(_options with { FeatureScaling = FeatureScaling.QuantileNormal }, sparse: true));
        Assert.Contains("QuantileNormal", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Predict_Categories_AllocatesNothing()
    {
        foreach (int further in (int[])[0, Many])
        {
            MlpModel model = Train(_options, sparse: true, new(Features + further, 3) { HiddenLayers = [new(8)] });
            float[] row = Further(Row(1, 2, 1), 0, further), scores = new float[3];
            var sparse = new SparseFeatures(row.Length);
            sparse.Add(row);
            Assert.Equal(0, Allocations.Of(() => model.Predict(row, scores)));
            Assert.Equal(0, Allocations.Of(() => model.Predict(sparse, scores)));
        }
    }

    /// <summary>
    /// Targets are an effect of the category, of deviation 1, and twice a number. Nothing beats the line through all rows where the category was never seen;
    /// without a trained place such a row has whatever the network makes of zeros.
    /// </summary>
    [Theory]
    [InlineData(32)]
    [InlineData(0)]
    public void Train_CategoryNeverSeen_IsScoredAsWellAsWithoutCategories(int maximumOneHotSize)
    {
        const int categories = 20, seen = 14, rows = 1400;
        var random = new SeededRandom(3);
        (float[] X, float Y) Example(int i, int category)
        {
            float[] x = new float[1 + categories];
            x[0] = random.At(0).Normal(i);
            x[1 + category] = 1;
            return (x, 3 + random.At(1).Normal(category) + 2 * x[0] + 0.3f * random.At(2).Normal(i));
        }

        (float[] X, float Y)[] training = [.. Enumerable.Range(0, rows).Select(i => Example(i, i % seen))];
        (float[] X, float Y)[] others = [.. Enumerable.Range(0, 600).Select(i => Example(rows + i, seen + i % (categories - seen)))];
        double meanX = training.Average(row => row.X[0]), meanY = training.Average(row => row.Y);
        double slope = training.Sum(row => (row.X[0] - meanX) * (row.Y - meanY)) / training.Sum(row => Math.Pow(row.X[0] - meanX, 2));
        double line = Math.Sqrt(others.Average(row => Math.Pow(meanY + slope * (row.X[0] - meanX) - row.Y, 2)));

        var source = new InMemoryRows(1 + categories, 1);
        Array.ForEach(training, row => source.Add(row.X, [row.Y]));
        double Error(CategoricalEmbedding? embedding)
        {
            MlpModel model = MlpTrainer.Train(new(new(1 + categories, 1) { HiddenLayers = [new(32)] }, new SquaredError(), source)
            {
                CategoricalGroups = [new(1, categories)],
                Options = new() { FeatureScaling = FeatureScaling.StandardizeNumbers, CategoricalEmbedding = embedding, NumberOfThreads = 1 },
            }).Model;
            float[] score = new float[1];
            return Math.Sqrt(others.Average(row =>
            {
                model.Predict(row.X, score);
                return Math.Pow(score[0] - row.Y, 2);
            }));
        }

        double trained = Error(new() { MaximumOneHotSize = maximumOneHotSize });
        Assert.True(trained < 1.1 * line, FormattableString.Invariant($"{trained}, the line {line}, without a place {Error(null)}"));
    }

    /// <summary>A row with these categories; -1: none.</summary>
    private static float[] Row(float number, int large, int small, params (int Slot, float Value)[] more)
    {
        float[] row = new float[Features];
        row[0] = number;
        if (large >= 0)
        {
            row[1 + large] = 1;
        }

        if (small >= 0)
        {
            row[1 + Large + small] = 1;
        }

        foreach ((int slot, float value) in more)
        {
            row[1 + slot] = value;
        }

        return row;
    }

    /// <summary>The row with further features behind it, of which one is not zero.</summary>
    private static float[] Further(float[] row, int number, int count)
    {
        float[] further = new float[count];
        if (count > 0)
        {
            further[number * 37 % count] = 1;
        }

        return [.. row, .. further];
    }

    private static MlpModel Train(
        MlpTrainingOptions options, bool sparse, MlpArchitecture? architecture = null, float[]? more = null, float weight = 1, MlpModel? initial = null,
        IReadOnlyList<CategoricalGroup>? groups = null, Action<EpochReport>? progress = null)
    {
        int count = architecture?.InputSize ?? Features, number = 0;
        var dense = new InMemoryRows(count, 1);
        var others = new SparseRows(count, 1);
        for (int i = 0; i < 120; i++)
        {
            // The last category takes turns with the one before.
            int large = i % 13 == Large ? -1 : i % 13 == Large - 1 && i > 30 ? Large - 2 : i % 13;
            Add(Row(i % 7 - 2.5f, large, i % 5 == 4 ? -1 : i % 5 / 3), i % 13 % 3, 1);
        }

        if (more is not null)
        {
            Add(more, 1, weight);
        }

        return MlpTrainer.Train(new(architecture ?? new(Features, 3) { HiddenLayers = [new(8)] }, new SoftmaxCrossEntropy(), sparse ? others : dense)
        {
            CategoricalGroups = groups ?? _groups,
            Options = options,
            InitialModel = initial,
            Progress = progress is null ? null : new ImmediateProgress(progress),
        }).Model;

        void Add(float[] features, int target, float weight)
        {
            features = Further(features, number++, count - Features);
            dense.Add(features, [target], weight);
            SparseData.Add(others, features, [target], weight);
        }
    }
}
