using System.Globalization;
using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetMlp.Diagnostics;
using MlNetMlp.Interop;
using MlNetMlp.Search;
using MlNetMlp.Serving;
using MlNetMlp.Tests.Support;

namespace MlNetMlp.Tests.Contract;

/// <summary>What public types say of themselves can be read: no name of a type with its namespace, one line, the same in every culture.</summary>
public sealed class TextTests
{
    /// <summary>Types whose text is a table, as their documentation says.</summary>
    private static readonly Type[] _tables = [typeof(DiagnosisReport), typeof(GradientCheckReport), typeof(SearchResult<>), typeof(ModelSummary)];

    private static readonly Lazy<IReadOnlyList<object>> _examples = new(() => [.. Examples()]);

    [Fact]
    public void Examples_AreOfAllPublicTypes()
    {
        Type[] all = [.. new[] { typeof(MlpModel).Assembly, typeof(MlpPredictionTransformer).Assembly }
            .SelectMany(assembly => assembly.GetExportedTypes())
            .Where(type => !type.IsAbstract && !type.IsEnum && !type.IsAssignableTo(typeof(Exception)) && !type.IsAssignableTo(typeof(Delegate)))];
        Type[] shown = [.. _examples.Value.Select(example => example.GetType())
            .Select(type => type.IsGenericType ? type.GetGenericTypeDefinition() : type)];
        Assert.Equal([], all.Except(shown).Select(type => type.ToString()));
    }

    [Fact]
    public void ToString_OfAnyPublicType_CanBeRead()
    {
        CultureInfo before = CultureInfo.CurrentCulture, other = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        other.NumberFormat.NumberDecimalSeparator = other.NumberFormat.PercentDecimalSeparator = "#";
        other.NumberFormat.NegativeSign = "~";
        foreach (object example in _examples.Value)
        {
            string text = example.ToString()!, name = $"{example.GetType()}: {text}";
            Assert.False(string.IsNullOrWhiteSpace(text), name);
            Assert.All((string[])["MlNetMlp.", "System.", "Microsoft.", "`", "[]", "{ }", "  = "], bad => Assert.False(IsIn(bad), name));
            Assert.True(!text.Contains('\n', StringComparison.Ordinal) || _tables.Any(type => type.Name == example.GetType().Name), name);
            try
            {
                CultureInfo.CurrentCulture = other;
                Assert.Equal(text, example.ToString());
            }
            finally
            {
                CultureInfo.CurrentCulture = before;
            }

            bool IsIn(string bad) => text.Contains(bad, StringComparison.Ordinal);
        }
    }

    public static TheoryData<string, object> Texts => new()
    {
        { "64 Relu", new HiddenLayer(64) },
        {
            "64 LeakyRelu { NegativeSlope = 0.2 }, BatchNormalization, dropout 0.2, residual",
            new HiddenLayer(64) { Activation = Activation.LeakyRelu(0.2f), Dropout = 0.2f, Normalization = Normalization.Batch, Residual = true }
        },
        { "Adam", new Adam() },
        { "Adam { Beta1 = 0.8 }", new Adam { Beta1 = 0.8f } },
        { "HuberLoss { Delta = 2.5 }", new HuberLoss { Delta = 2.5f } },
        {
            "SoftmaxCrossEntropy { ClassWeights = GivenClassWeights { Weights = [1, 2.5] } }",
            new SoftmaxCrossEntropy { ClassWeights = ClassWeights.Of(1, 2.5f) }
        },
        {
            "MlpBinaryTrainer.Options { HiddenLayers = [8, (4 Tanh)], NumberOfEpochs = 3, Seed = 1, Progress = Synchronous, LabelColumnName = 'Is.It' }",
            new MlpBinaryTrainer.Options
            {
                HiddenLayers = [new(8), new(4) { Activation = Activation.Tanh }], NumberOfEpochs = 3, Seed = 1, LabelColumnName = "Is.It",
                Progress = new Synchronous<EpochReport>(_ => { }),
            }
        },
        { "MlpTrainingOptions", new MlpTrainingOptions() },
        { "MlpTrainingOptions { LearningRate = constant 0.1, Shuffle = false }", new MlpTrainingOptions { LearningRate = 0.1f, Shuffle = false } },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public void ToString_OfAnExample_IsThis(string expected, object example)
    {
        // Fields come in an order of their own.
        string actual = example.ToString()!;
        Assert.Equal(Parts(expected), Parts(actual));

        static string[] Parts(string text) => [.. text.Split(['{', '}'], 2)[^1].Split(", ").Select(part => part.Trim(' ', '}')).Order(StringComparer.Ordinal)];
    }

    [Fact]
    public void ToString_OfAModel_IsShapeAndLoss()
    {
        MlpPredictionTransformer transformer = TrainerCase.Of("multiclass, snapshots with uncertainty").Fit();
        Assert.Equal("3 networks 4-8-3 with SoftmaxCrossEntropy", transformer.Model.Network.ToString());
        Assert.Equal("multiclass classification: 3 networks 4-8-3 with SoftmaxCrossEntropy, features from 'Features'", transformer.ToString());
    }

    private static IEnumerable<object> Examples()
    {
        foreach (Type type in typeof(MlpModel).Assembly.GetExportedTypes().Concat(typeof(MlpPredictionTransformer).Assembly.GetExportedTypes()))
        {
            if (!type.IsAbstract && !type.ContainsGenericParameters && type.GetConstructor(Type.EmptyTypes) is { } constructor)
            {
                yield return constructor.Invoke(null);
            }

            foreach (object example in type.ContainsGenericParameters ? [] : Made(type))
            {
                yield return example;
            }
        }

        TrainerCase trainer = TrainerCase.Of("multi-output regression, bagging with uncertainty");
        MlpPredictionTransformer transformer = trainer.Fit(options => options with { EarlyStopping = new(), ValidationFraction = 0.2f });
        MlpModelParameters model = transformer.Model;
        var context = new MLContext(1);
        DiagnosisReport diagnosis = TrainerCase.Of("binary").Create(context).Diagnose(trainer.Data.With(ViewColumn.Boolean("Label", row => row % 2 == 0)));
        GradientCheckReport check = trainer.Create(context).CheckGradients(trainer.Data);
        LearningRateCurve rates = trainer.Create(context).FindLearningRate(trainer.Data);
        ReliabilityDiagram reliability = ReliabilityDiagram.Of([0.25f, 0.5f], [true, false]);
        RowScorer scorer = context.Model.CreateRowScorer(transformer, trainer.Data.Schema);
        var batch = new RowBatch(2, 1);
        var memory = new InMemoryRows(2, 1);
        memory.Add([0.5f, -1.5f], [1]);
        using var disk = new DiskRows(2, 1);
        using RowStore store = RowStorage.Memory.CreateStore(2, 1);
        SearchResult<MlpBinaryTrainer.Options> search = Search(context);
        using var folder = new TemporaryFolder();
        var training = new MlpTrainingOptions { NumberOfEpochs = 2, ThrowOnCancellation = true, Checkpoint = new(folder.Path("c")) };
        using var cancellation = new CancellationTokenSource();
        using var board = new TensorBoardWriter(folder.Path("board"));
        var task = new TrainingTask(new(2, 1) { HiddenLayers = [new(2)] }, new SquaredError(), memory)
        {
            Options = training,
            CancellationToken = cancellation.Token,
            Progress = new Synchronous<EpochReport>(_ => cancellation.Cancel()),
        };
        Assert.Throws<OperationCanceledException>(() => MlpTrainer.Train(task));
        EpochEnd? epoch = null;
        MlpTrainer.Train(new(new(2, 1), new SquaredError(), memory)
        {
            AfterEpoch = end =>
            {
                epoch = end;
                return EpochDecision.Stop;
            },
        });
        object[] others =
        [
            transformer, transformer.Summary(), transformer.Summary().Layers[0], model.Network.Weights(), model.Network.Weights()[0],
            model.Network.FeatureRanges!,
            new ModelCard(model.Summary()), rates, rates.Points[0], board, reliability,
            reliability.Bins[0],
            context.Transforms.MlpFeatures(model.Network, 1), context.Transforms.MlpFeatures(trainer.Create(context), 1),
            context.Transforms.PiecewiseLinearEncoding("Encoded", "Features"), context.Regression.ApplyMlp(model.Network),
            model, model.Network, model.Network.Architecture, model.Training!,
            epoch!, model.Training!.History, model.Training.History[0],
            model.Training.History[0] with { ValidationLoss = null }, trainer.Create(context), TrainerCase.Of("binary").Create(context),
            TrainerCase.Of("multiclass").Create(context), TrainerCase.Of("regression").Create(context), trainer.Options,
            diagnosis, diagnosis.Findings[0], diagnosis.Layers[0], diagnosis.Layers[0].Activations!, check, check.Parameters[0], task, training.Checkpoint!,
            training.Checkpoint!.Find()!,
            ModelZip.Load(new MemoryStream(ModelFiles.Save(transformer))), scorer, scorer.CreateRow(), scorer.Inputs[0], scorer.Outputs[0],
            batch, memory, disk, store, new SparseRows(2, 1), new SparseFeatures(3), new CategoricalGroup(3, 7), default(RowRandom), new Warmup(2.5),
            new HiddenLayer(3) { Dropout = 0.5f, WeightInitializer = Initializer.Orthogonal(), InitialBias = -0.5f },
            new MaxNorm(1.5f), new ImageAugmentation(28, 28) { Rotation = 1.5f }, new TrainingCheckpoint("c") { EveryEpochs = 5 },
            search, search.Best, search.Best.Values[0], search.Best.Folds[0], new SearchSpace<MlpBinaryTrainer.Options>(new()),
            BinaryMetric.Accuracy, new GridSearch(3), new RandomSearch(3), new TreeParzenSearch(3), new SuccessiveHalvingSearch(3, 2),
            new MedianPruningSearch(new RandomSearch(3)), new HeldOut(0.25),
            new CrossValidation(3), new ValidationSet(trainer.Data),
            new MlpMulticlassTrainer.Options
            {
                Effort = Effort.Plain,
                HiddenLayers = [new(8) { Dropout = 0.5f }], Progress = new Synchronous<EpochReport>(_ => { }), CancellationToken = cancellation.Token,
                EarlyStopping = new() { MinDelta = 0.5 }, LearningRate = Schedule.Cosine(0.1f), Ensemble = Ensemble.Seeds(3), MonteCarloDropout = new(),
                Augmentation = Augmentation.Custom((_, _) => { }), RowStorage = RowStorage.Disk(), Constraint = new MaxNorm(0.5f),
                GradientClipping = GradientClipping.ByNorm(0.5f), OutputInitializer = Initializer.Zero, Checkpoint = new("c"),
                Loss = new SoftmaxCrossEntropy { LabelSmoothing = 0.1f, ClassWeights = ClassWeights.Balanced },
            },
            new SearchOptions
            {
                Preprocessing = context.Transforms.CopyColumns("a", "b"), CancellationToken = cancellation.Token,
                Progress = new Synchronous<SearchTrial>(_ => { }),
            },
            new EpochMetric("mine", true, rows => rows.Count), new ScoredRows(), CustomParts.Softsign, CustomParts.Focal,
            Schedule.Custom("mine", 0.5f, (_, _) => 0.5), StoppingRule.Custom("mine", _ => true),
            new DiagnosisOptions { FeatureName = slot => $"{slot}", ClassName = slot => $"{slot}" },
        ];
        foreach (object example in others)
        {
            yield return example;
        }
    }

    /// <summary>What the static members of a type make of its own kind without being told more than what they have defaults for.</summary>
    private static IEnumerable<object> Made(Type type)
    {
        foreach (PropertyInfo property in type.GetProperties(BindingFlags.Static | BindingFlags.Public)
            .Where(property => type.IsAssignableFrom(property.PropertyType)))
        {
            yield return property.GetValue(null)!;
        }

        foreach (MethodInfo method in type.GetMethods(BindingFlags.Static | BindingFlags.Public)
            .Where(method => type.IsAssignableFrom(method.ReturnType) && !method.IsSpecialName && Array.TrueForAll(method.GetParameters(), IsNumber)))
        {
            yield return method.Invoke(null, [.. method.GetParameters().Select(Argument)])!;
        }

        static bool IsNumber(ParameterInfo parameter) =>
            parameter.HasDefaultValue || parameter.ParameterType.IsPrimitive;

        static object? Argument(ParameterInfo parameter) => parameter.HasDefaultValue ? parameter.DefaultValue
            : Convert.ChangeType(IsReal(parameter.ParameterType) ? 0.5 : 2, parameter.ParameterType, CultureInfo.InvariantCulture);

        static bool IsReal(Type type) => type == typeof(float) || type == typeof(double);
    }

    private static SearchResult<MlpBinaryTrainer.Options> Search(MLContext context)
    {
        TrainerCase trainer = TrainerCase.Of("binary");
        var space = new SearchSpace<MlpBinaryTrainer.Options>(new() { HiddenLayers = [new(2)], NumberOfEpochs = 1, Seed = 1 })
            .Choice("Activation", [Activation.Tanh, Activation.Gelu], (options, activation) =>
                options with { HiddenLayers = [new(2) { Activation = activation }] });
        return context.BinaryClassification.SearchMlp(trainer.Data, space, new RandomSearch(2), new HeldOut(0.3), BinaryMetric.Accuracy);
    }
}
