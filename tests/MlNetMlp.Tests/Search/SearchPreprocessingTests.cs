using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using MlNetMlp.Search;
using MlNetMlp.Tests.Support;

namespace MlNetMlp.Tests.Search;

/// <summary>Searches behind a pipeline.</summary>
public sealed class SearchPreprocessingTests
{
    private const int Rows = 90;

    private readonly MLContext _context = new(1);

    // A label of texts, and features in two columns.
    private readonly RowsView _raw = new(
        Rows,
        ViewColumn.Text("Tree", row => TrainerCase.ClassOf(row) switch { 0 => "ash", 1 => "birch", _ => "cedar" }),
        ViewColumn.Number("Row", row => row),
        ViewColumn.Vector("Leaves", TrainerCase.FeatureCount, TrainerCase.FeaturesOf));

    [Fact]
    public void Pipeline_IsFittedOnTrainingRowsOnly()
    {
        var spy = new Spy(_context);
        _context.MulticlassClassification.SearchMlp(
            _raw, Space(), new RandomSearch(4), new CrossValidation(3), options: new SearchOptions { Seed = 7, Preprocessing = Pipeline().Append(spy) });

        // Once on all rows, and once for each fold, however many trials there are.
        int[] folds = RowFolds.Deal(new CrossValidation(3), Rows, [.. Enumerable.Range(0, Rows).Select(TrainerCase.ClassOf)], seed: 7);
        Assert.Equal(4, spy.Fits.Count);
        Assert.Equal(Enumerable.Range(0, Rows), spy.Fits[0]);
        Assert.All(Enumerable.Range(0, 3), fold => Assert.Equal(Enumerable.Range(0, Rows).Where(row => folds[row] != fold), spy.Fits[fold + 1]));
    }

    [Fact]
    public void Score_IsThatOfAWholePipelineFittedOnTheFold()
    {
        var trial = _context.MulticlassClassification.SearchMlp(
            _raw, Space(), new RandomSearch(1), new HeldOut(0.3), options: new SearchOptions { Seed = 7, Preprocessing = Normalized() }).Best;

        int[] folds = RowFolds.Deal(new HeldOut(0.3), Rows, [.. Enumerable.Range(0, Rows).Select(TrainerCase.ClassOf)], seed: 7);
        var whole = Normalized().Append(_context.MulticlassClassification.Trainers.Mlp(trial.Options));
        var model = whole.Fit(new FoldRows(_raw, folds, 0, inside: false));

        Assert.Equal(_context.MulticlassClassification.Evaluate(model.Transform(new FoldRows(_raw, folds, 0, inside: true))).LogLoss, trial.Mean);
    }

    /// <summary>A trial and the model stop early on the rows that the column names, behind a pipeline; groups are in one fold.</summary>
    [Fact]
    public void ValidationColumnAndGroups_AreThoseOfEveryTraining()
    {
        RowsView rows = _raw.With(ViewColumn.Boolean("Held", row => row % 3 == 1), ViewColumn.Key("Group", 30, row => (uint)(row % 30) + 1));
        SearchSpace<MlpMulticlassTrainer.Options> space = new(new MlpMulticlassTrainer.Options
        {
            Effort = Effort.Plain,
            HiddenLayers = [new(4)],
            NumberOfEpochs = 3,
            ValidationColumnName = "Held",
            GroupColumnName = "Group",
        });
        var spy = new Spy(_context);
        SearchResult<MlpMulticlassTrainer.Options> result = _context.MulticlassClassification.SearchMlp(
            rows, space, new RandomSearch(1), new CrossValidation(3), MulticlassMetric.LogLoss,
            new SearchOptions { Seed = 7, Preprocessing = Normalized().Append(spy) });
        Assert.All(spy.Fits.Skip(1), fit => Assert.Equal(60, fit.Length));
        Assert.All(spy.Fits.Skip(1), fit => Assert.All(fit.GroupBy(row => row % 30), group => Assert.Equal(3, group.Count())));
        MlpModelParameters model = ((IEnumerable<ITransformer>)result.Model).OfType<MlpPredictionTransformer>().Single().Model;
        Assert.Contains("on 60 rows, validated on 30,", model.Summary().Training[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Model_IsTheWholeChain_AndIsSaved()
    {
        SearchResult<MlpMulticlassTrainer.Options> result = _context.MulticlassClassification.SearchMlp(
            _raw, Space(), new RandomSearch(2), new HeldOut(0.3), MulticlassMetric.MacroAccuracy, new SearchOptions
            {
                Preprocessing = Normalized(),
                Postprocessing = _context.Transforms.Conversion.MapKeyToValue("PredictedLabel"),
            });
        var plain = Normalized().Append(_context.MulticlassClassification.Trainers.Mlp(result.Best.Options))
            .Append(_context.Transforms.Conversion.MapKeyToValue("PredictedLabel")).Fit(_raw);

        ITransformer loaded = ModelFiles.Load(ModelFiles.Save(result.Model, _raw.Schema));

        IEnumerable<string> expected = RowValues.ReadAll(plain.Transform(_raw), "Score", "PredictedLabel").Values;
        Assert.Contains("birch", expected.ElementAt(1), StringComparison.Ordinal);
        Assert.Equal(expected, RowValues.ReadAll(result.Model.Transform(_raw), "Score", "PredictedLabel").Values);
        Assert.Equal(expected, RowValues.ReadAll(loaded.Transform(_raw), "Score", "PredictedLabel").Values);
    }

    [Fact]
    public void TransformsForTrainingAlone_TakePartInTrialsOnly()
    {
        // The label is made of a column that the rows to predict for do not have.
        var pipeline = _context.Transforms.CopyColumns("Features", "Leaves")
            .Append(_context.Transforms.Conversion.MapValueToKey("Label", "Tree"), TransformerScope.TrainTest);

        SearchResult<MlpMulticlassTrainer.Options> result = _context.MulticlassClassification.SearchMlp(
            _raw, Space(), new RandomSearch(1), new CrossValidation(2), options: new SearchOptions { Preprocessing = pipeline });

        Assert.NotNull(result.Best.Mean);
        Assert.Null(result.Model.Transform(_raw.Without("Tree")).Schema.GetColumnOrNull("Label"));
        Assert.Equal(Rows, RowValues.ReadAll(result.Model.Transform(_raw.Without("Tree")), "Score").Count);
    }

    [Fact]
    public void ValidationSet_PassesThroughThePipeline()
    {
        SearchResult<MlpMulticlassTrainer.Options> result = _context.MulticlassClassification.SearchMlp(
            _raw, Space(), new RandomSearch(1), new ValidationSet(_raw.WithRows(30)), options: new SearchOptions { Preprocessing = Normalized() });

        Assert.Equal(_context.MulticlassClassification.Evaluate(result.Model.Transform(_raw.WithRows(30))).LogLoss, result.Best.Mean);
    }

    [Fact]
    public void Source_IsReadOnceForEveryColumn()
    {
        _context.MulticlassClassification.SearchMlp(
            _raw, Space(), new RandomSearch(5), new CrossValidation(3), options: new SearchOptions { Preprocessing = Pipeline() });

        string[] read = [.. _raw.Requests.SelectMany(columns => columns)];
        Assert.Equal(read.Distinct(), read);
    }

    private static SearchSpace<MlpMulticlassTrainer.Options> Space() =>
        new SearchSpace<MlpMulticlassTrainer.Options>(new MlpMulticlassTrainer.Options
        {
            Effort = Effort.Plain,
            HiddenLayers = [new(8)],
            NumberOfEpochs = 5,
            BatchSize = 16,
        })
            .Number("rate", 1e-3f, 0.1f, SearchScale.Logarithmic, (o, x) => o with { LearningRate = x });

    private EstimatorChain<ColumnConcatenatingTransformer> Pipeline() => _context.Transforms.Conversion.MapValueToKey("Label", "Tree")
        .Append(_context.Transforms.Concatenate("Features", "Leaves", "Row"));

    private EstimatorChain<NormalizingTransformer> Normalized() => Pipeline().Append(_context.Transforms.NormalizeMinMax("Features"));

    /// <summary>Notes the rows that it is fitted on, and changes nothing.</summary>
    private sealed class Spy(MLContext context) : IEstimator<ITransformer>
    {
        public List<int[]> Fits { get; } = [];

        public ITransformer Fit(IDataView input)
        {
            var rows = new List<int>();
            using (DataViewRowCursor cursor = input.GetRowCursor([input.Schema["Row"]]))
            {
                ValueGetter<float> getter = cursor.GetGetter<float>(input.Schema["Row"]);
                float row = 0;
                while (cursor.MoveNext())
                {
                    getter(ref row);
                    rows.Add((int)row);
                }
            }

            Fits.Add([.. rows]);
            return context.Transforms.CopyColumns("Copy", "Row").Fit(input);
        }

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => context.Transforms.CopyColumns("Copy", "Row").GetOutputSchema(inputSchema);
    }
}
