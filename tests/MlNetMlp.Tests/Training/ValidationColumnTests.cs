using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MlNetMlp.Search;
using MlNetMlp.Tests.Support;

namespace MlNetMlp.Tests.Training;

/// <summary>
/// Rows to validate on that a column names, that belong together, or that are the newest. Which rows these are is seen by comparison with two views of the
/// rows that are put together here.
/// </summary>
public sealed class ValidationColumnTests
{
    private const int Rows = 90;

    private static readonly int[] _groupOf = [.. Enumerable.Range(0, Rows).Select(row => row * row % 17)];

    [Theory]
    [MemberData(nameof(TrainerCase.Tasks), MemberType = typeof(TrainerCase))]
    public void ValidationColumn_ChoosesTheRows(string name) => AssertValidatesOn(
        name, row => row % 7 == 3, view => view.With(ViewColumn.Boolean("Held", row => row % 7 == 3)),
        options => options with { ValidationColumnName = "Held" });

    public static TheoryData<string, ViewColumn> Times => new()
    {
        { "a number", ViewColumn.Number("Time", row => -row * 1.5f) },
        { "a number of either sign", ViewColumn.Of<double>("Time", NumberDataViewType.Double, row => 40.5 - row) },
        { "a whole number", ViewColumn.Of<int>("Time", NumberDataViewType.Int32, row => -row) },
        { "a large number", ViewColumn.Of<ulong>("Time", NumberDataViewType.UInt64, row => ulong.MaxValue - (ulong)row * (ulong.MaxValue / 100)) },
        { "a date", ViewColumn.Of<DateTime>("Time", DateTimeDataViewType.Instance, row => new DateTime(2026, 1, 1).AddDays(-row)) },
        {
            "a date with an offset", ViewColumn.Of<DateTimeOffset>("Time", DateTimeOffsetDataViewType.Instance, row =>
                new DateTimeOffset(new DateTime(2026, 1, 1).AddDays(-row), TimeSpan.FromHours(row % 2)))
        },
        { "a span", ViewColumn.Of<TimeSpan>("Time", TimeSpanDataViewType.Instance, row => TimeSpan.FromSeconds(-row)) },
    };

    /// <summary>The first rows are the newest here: a fifth of them.</summary>
    [Theory]
    [MemberData(nameof(Times))]
    public void TimeColumn_SetsTheNewestAside(string what, ViewColumn time)
    {
        Assert.NotEmpty(what);
        AssertValidatesOn(
            "regression", row => row < 18, view => view.With(time), options => options with { TimeColumnName = "Time", ValidationFraction = 0.2f });
    }

    /// <summary>Ten days of nine rows: a tenth of the rows is the last day, and so is a fourteenth, of which all rows stay together.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData(0.07f)]
    public void TimeColumn_KeepsRowsOfOneTimeTogether(float? fraction) => AssertValidatesOn(
        "binary", row => row % 10 == 9, view => view.With(ViewColumn.Number("Day", row => row % 10)),
        options => options with { TimeColumnName = "Day", ValidationFraction = fraction });

    [Fact]
    public void LastRows_AreSetAside() => AssertValidatesOn(
        "multiclass", row => row >= 72, view => view, options => options with { ValidatesLastRows = true, ValidationFraction = 0.2f });

    public static TheoryData<ViewColumn> Groups =>
    [
        ViewColumn.Text("Group", row => $"customer {_groupOf[row]}"),
        ViewColumn.Key("Group", 17, row => (uint)_groupOf[row]),
        ViewColumn.Number("Group", row => _groupOf[row] == 0 ? float.NaN : _groupOf[row]),
    ];

    [Theory]
    [MemberData(nameof(Groups))]
    public void Groups_StayTogether(ViewColumn group)
    {
        var context = new MLContext(1);
        TrainerCase trainer = TrainerCase.Of("regression");
        RowsView view = trainer.Data.With(group);
        var chosen = new HashSet<string>();
        for (int seed = 0; seed < 10; seed++)
        {
            var options = (MlpRegressionTrainer.Options)trainer.Options with { GroupColumnName = "Group", ValidationFraction = 0.3f, Seed = seed };
            var reader = new RowReader(MlpTask.Regression, new TrainerColumns(options, MlpTask.Regression), options, ((IHostEnvironment)context).Start("test"));
            (int[] kept, int[] aside) = ValidationSplit.Of(reader.Read(view, "training", isDivided: true, isSparse: false), options, seed)!.Value;
            Assert.Equal(Enumerable.Range(0, Rows), kept.Concat(aside).Order());
            Assert.Empty(kept.Select(row => _groupOf[row]).Intersect(aside.Select(row => _groupOf[row])));

            // 27 rows are wanted, and a group has at most ten.
            Assert.InRange(aside.Length, 22, 32);
            chosen.Add(string.Join(' ', aside));
        }

        Assert.True(chosen.Count > 5, "Every seed has groups of its own.");
    }

    /// <summary>Every row is there twice: with one of them, a network knows the other. So the loss of rows that are held out is higher in groups.</summary>
    [Theory]
    [InlineData("cross-fitted")]
    [InlineData("out of bag")]
    public void HeldOutRows_OfNetworks_AreWholeGroups(string kind)
    {
        float[] x = [.. Enumerable.Range(0, Rows).Select(row => MathF.Sin(row / 2 * 7))];
        IDataView rows = new MLContext().Data.LoadFromEnumerable(x.Select((value, row) => new Pair
        {
            Features = [.. Enumerable.Range(0, 20).Select(j => MathF.Sin((row / 2 * (row / 2) * 31) + (j * j * 17) + (row / 2 * j * 13)))],
            Label = value,
            Group = row / 2,
        }));

        Assert.True(Loss("Group") > 1.5 * Loss(null), $"{Loss("Group")} and {Loss(null)}");

        double Loss(string? group) => new MLContext(1).Regression.Trainers.Mlp(new MlpRegressionTrainer.Options
        {
            Effort = Effort.Plain,
            Ensemble = kind == "out of bag" ? Ensemble.Bagging(3, validatesOutOfBag: true) : Ensemble.CrossFitted(3),
            HiddenLayers = [new(64)],
            NumberOfEpochs = 200,
            BatchSize = 8,
            Seed = 1,
            LearningRate = Schedule.Constant(0.01f),
            GroupColumnName = group,
        }).Fit(rows).Model.Training!.HeldOutLoss!.Value;
    }

    [Fact]
    public void Groups_AreChosenByTheirHash_NotByTheirPlace()
    {
        long[] groups = [.. Enumerable.Range(0, 200).Select(row => (long)row / 4)], reversed = [.. groups.Reverse()];
        Assert.Equal(ValidationSplit.ChooseGroups(groups, 0.2, 3), ValidationSplit.ChooseGroups(reversed, 0.2, 3).Reverse());
        Assert.Equal(40, ValidationSplit.ChooseGroups(groups, 0.2, 3).Count(isChosen => isChosen));
        Assert.NotEqual(ValidationSplit.ChooseGroups(groups, 0.2, 3), ValidationSplit.ChooseGroups(groups, 0.2, 4));

        // One of two, however small the part, and never the only one.
        Assert.Equal(10, ValidationSplit.ChooseGroups([.. Enumerable.Repeat(1L, 10), .. Enumerable.Repeat(2L, 10)], 0.01, 3).Count(isChosen => isChosen));
        Assert.DoesNotContain(true, ValidationSplit.ChooseGroups([7, 7, 7], 0.9, 3));
    }

    [Fact]
    public void Column_FlowsThroughAPipeline()
    {
        var context = new MLContext(1);
        RowsView raw = new(
            Rows,
            ViewColumn.Number("Price", row => TrainerCase.TargetOf(row, 0)),
            ViewColumn.Text("Kind", row => TrainerCase.ClassOf(row) == 0 ? "a" : "b"),
            ViewColumn.Boolean("Held", row => row >= 60),
            ViewColumn.Vector("Values", TrainerCase.FeatureCount, TrainerCase.FeaturesOf));
        var log = new List<string>();
        context.Log += (_, e) => log.Add(e.RawMessage);
        TransformerChain<MlpPredictionTransformer> model = context.Transforms.Categorical.OneHotEncoding("Kind")
            .Append(context.Transforms.Concatenate("Features", "Kind", "Values"))
            .Append(context.Regression.Trainers.Mlp(new MlpRegressionTrainer.Options
            {
                LabelColumnName = "Price",
                ValidationColumnName = "Held",
                EarlyStopping = new() { Patience = 1 },
                NumberOfEpochs = 5,
            })).Fit(raw);
        Assert.Contains(log, line => line.EndsWith("on 60 rows, validating on 30.", StringComparison.Ordinal));

        // Rows to predict for need no such column.
        Assert.Equal(Rows, model.Transform(raw.Without("Held").Without("Price")).GetColumn<float>("Score").Count());
    }

    [Fact]
    public void LeftOutRows_DoNotShiftTheOthers() => AssertValidatesOn(
        "regression", row => row % 5 == 0, view => view.With(
            ViewColumn.Boolean("Held", row => row % 5 == 0), ViewColumn.Number("Label", row => row % 3 == 1 ? float.NaN : TrainerCase.TargetOf(row, 0))),
        options => options with { ValidationColumnName = "Held" });

    public static TheoryData<string, Func<MlpTrainerOptions, MlpTrainerOptions>> Contradictions => new()
    {
        { "ValidationColumnName = 'A' and ValidationFraction = 0.2", options => options with { ValidationColumnName = "A", ValidationFraction = 0.2f } },
        { "ValidationColumnName = 'A' and TimeColumnName = 'B'", options => options with { ValidationColumnName = "A", TimeColumnName = "B" } },
        { "TimeColumnName = 'B' and ValidatesLastRows = true", options => options with { TimeColumnName = "B", ValidatesLastRows = true } },
        { "GroupColumnName = 'A' and TimeColumnName = 'B'", options => options with { GroupColumnName = "A", TimeColumnName = "B" } },
        { "'Label', 'Features', 'Label'", options => options with { GroupColumnName = "Label" } },
        { "ValidatesLastRows = true does not", options => options with { ValidatesLastRows = true, Ensemble = Ensemble.Bagging(3, true) } },
    };

    [Theory]
    [MemberData(nameof(Contradictions))]
    public void Options_ThatContradict_AreRefused(string expected, Func<MlpTrainerOptions, MlpTrainerOptions> change) => Assert.Contains(
        expected, Assert.Throws<ArgumentException>(() => TrainerCase.Of("binary").Create(new MLContext(1), change)).Message, StringComparison.Ordinal);

    [Fact]
    public void ColumnsOfAWrongType_AreRefused()
    {
        AssertRefused("The validation column 'Name' does not fit: it is String", options => options with { ValidationColumnName = "Name" });
        AssertRefused("The time column 'Name' does not fit: it is String", options => options with { TimeColumnName = "Name" });
        AssertRefused("The group column 'Other' does not fit: it is Vector", options => options with { GroupColumnName = "Other" });
        AssertRefused("The group column 'None' does not fit: it is missing", options => options with { GroupColumnName = "None" });

        static void AssertRefused(string expected, Func<MlpTrainerOptions, MlpTrainerOptions> change)
        {
            TrainerCase trainer = TrainerCase.Of("binary");
            Assert.Contains(expected, Assert.Throws<ArgumentOutOfRangeException>(() => trainer.Fit(change)).Message, StringComparison.Ordinal);
            Assert.Equal(0, trainer.Data.MovedTo);
        }
    }

    [Fact]
    public void Rows_ThatCannotBeDivided_AreRefused()
    {
        TrainerCase trainer = TrainerCase.Of("binary");
        AssertRefused("'Held' is false in all 90 rows", ViewColumn.Boolean("Held", _ => false), options => options with { ValidationColumnName = "Held" });
        AssertRefused("one time in column 'Time'", ViewColumn.Number("Time", _ => 1), options => options with { TimeColumnName = "Time" });
        AssertRefused("Row 7 (from 0) of the training data has in column 'Time' no value",
            ViewColumn.Number("Time", row => row == 7 ? float.NaN : row), options => options with { TimeColumnName = "Time" });
        AssertRefused("one group in column 'Group'", ViewColumn.Text("Group", _ => "a"),
            options => options with { GroupColumnName = "Group", ValidationFraction = 0.5f });
        AssertRefused("that are left to learn from are of one class, 'false': the 30", ViewColumn.Boolean("Held", row => TrainerCase.ClassOf(row) == 0),
            options => options with { ValidationColumnName = "Held" });

        var exception = Assert.Throws<ArgumentException>(() => trainer.Create(new MLContext(1), options => options with { ValidationColumnName = "Held" })
            .Fit(trainer.Data.With(ViewColumn.Boolean("Held", row => row > 3)), trainer.Data));
        Assert.Contains("no validation set can be given", exception.Message, StringComparison.Ordinal);

        void AssertRefused(string expected, ViewColumn column, Func<MlpTrainerOptions, MlpTrainerOptions> change) => Assert.Contains(
            expected, Assert.Throws<InvalidOperationException>(() => trainer.Create(new MLContext(1), change).Fit(trainer.Data.With(column))).Message,
            StringComparison.Ordinal);
    }

    /// <summary>As if both parts were given: the same network, bit for bit, and the same history.</summary>
    private static void AssertValidatesOn(
        string name, Func<int, bool> isHeld, Func<RowsView, RowsView> columns, Func<MlpTrainerOptions, MlpTrainerOptions> change)
    {
        TrainerCase trainer = TrainerCase.Of(name);
        RowsView view = columns(trainer.Data);
        int[] parts = [.. Enumerable.Range(0, Rows).Select(row => isHeld(row) ? 1 : 0)];
        MlpPredictionTransformer actual = trainer.Create(new MLContext(1), options => change(options) with { NumberOfEpochs = 6 }).Fit(view);
        MlpPredictionTransformer expected = trainer.Create(new MLContext(1), options => options with { NumberOfEpochs = 6 })
            .Fit(new FoldRows(view, parts, 1, inside: false), new FoldRows(view, parts, 1, inside: true));
        Assert.Equal(SmallData.Saved(expected.Model.Network), SmallData.Saved(actual.Model.Network));
        Assert.Equal(
            expected.Model.Training!.History.Select(report => report.ValidationLoss), actual.Model.Training!.History.Select(report => report.ValidationLoss));
        Assert.All(actual.Model.Training.History, report => Assert.NotNull(report.ValidationLoss));
    }

    private sealed class Pair
    {
        [VectorType(20)]
        public float[] Features { get; set; } = [];

        public float Label { get; set; }

        public float Group { get; set; }
    }
}
