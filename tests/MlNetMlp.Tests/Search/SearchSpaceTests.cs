using MlNetMlp.Search;


namespace MlNetMlp.Tests.Search;

/// <summary>What is drawn from a space, and what its grid has.</summary>
public sealed class SearchSpaceTests
{
    private const int Draws = 20_000;

    private static readonly SearchSpace<MlpRegressionTrainer.Options> _empty = new(new MlpRegressionTrainer.Options { Effort = Effort.Plain });

    [Theory]
    [InlineData(SearchScale.Linear)]
    [InlineData(SearchScale.Logarithmic)]
    public void Number_IsUniformOnItsScale(SearchScale scale)
    {
        const float Low = 1e-4f, High = 0.5f;
        double[] values = [.. Drawn(_empty.Number("x", Low, High, scale, (o, _) => o)).Select(value => (double)(float)value!)];

        Assert.All(values, value => Assert.InRange(value, Low, High));
        double Share(double value) => scale == SearchScale.Linear ? (value - Low) / (High - Low) : Math.Log(value / Low) / Math.Log(High / Low);
        AssertUniform([.. values.Select(Share)]);
    }

    [Fact]
    public void TwoNumbers_AreIndependent()
    {
        var space = _empty.Number("x", 0, 1, SearchScale.Linear, (o, _) => o).Number("y", 0, 1, SearchScale.Linear, (o, _) => o);
        (double X, double Y)[] points = [.. Points(space).Select(point => ((double)(float)point.Values[0].Value!, (double)(float)point.Values[1].Value!))];

        AssertUniform([.. points.Select(point => (point.X + point.Y) % 1)]);
        AssertUniform([.. points.Zip(points.Skip(1)).Select(pair => (pair.First.X + pair.Second.X) % 1)]);
        Assert.InRange(points.Average(point => (point.X - 0.5) * (point.Y - 0.5)) * 12, -0.03, 0.03);
    }

    [Theory]
    [InlineData(16, 23, 1, SearchScale.Linear)]
    [InlineData(-3, 9, 4, SearchScale.Linear)]
    [InlineData(1, 10, 1, SearchScale.Logarithmic)]
    [InlineData(8, 70, 16, SearchScale.Logarithmic)]
    public void WholeNumber_HasItsProbabilities(int low, int high, int step, SearchScale scale)
    {
        int[] drawn = [.. Drawn(_empty.WholeNumber("n", low, high, scale, (o, _) => o, step)).Select(value => (int)value!)];

        int[] values = [.. Enumerable.Range(0, high - low + 1).Select(i => low + i).Where(n => (n - low) % step == 0)];
        Assert.Equal(values, drawn.Distinct().Order());
        foreach (int n in values)
        {
            double p = scale == SearchScale.Linear
                ? 1.0 / values.Length
                : Math.Log((double)(n + step) / n) / Math.Log((double)(values[^1] + step) / low);
            Assert.InRange(drawn.Count(value => value == n) / (double)Draws, p - Deviations(p), p + Deviations(p));
        }
    }

    [Fact]
    public void WholeNumber_OfTheWholeRange_DoesNotOverflow()
    {
        var space = _empty.WholeNumber("n", int.MinValue, int.MaxValue, SearchScale.Linear, (o, _) => o);

        AssertUniform([.. Drawn(space).Select(value => ((int)value! - (double)int.MinValue) / uint.MaxValue)]);
        Assert.Equal([int.MinValue, int.MaxValue], Grid(space, 2).Select(point => (int)point.Values[0].Value!));
    }

    [Fact]
    public void Choice_TakesAllEquallyOften()
    {
        var space = _empty.Choice<Optimizer?>("rule", [new Adam(), new Sgd(), null], (o, v) => v is null ? o : o with { Optimizer = v },
            v => v is null ? "as it is" : v.GetType().Name);

        SearchPoint<MlpRegressionTrainer.Options>[] points = [.. Points(space)];

        Assert.All(points.CountBy(point => point.Values[0].Text), pair => Assert.InRange(pair.Value / (double)Draws, (1.0 / 3) - Deviations(1.0 / 3),
            (1.0 / 3) + Deviations(1.0 / 3)));
        Assert.Equal(["Adam", "Sgd", "as it is"], points.Select(point => point.Values[0].Text).Distinct().Order(StringComparer.Ordinal));
        Assert.All(points.Take(20), point => Assert.Equal(
            point.Values[0].Text == "as it is" ? "AdamW" : point.Values[0].Text, point.Apply(_empty.Baseline).Optimizer.GetType().Name));
    }

    [Fact]
    public void Draw_DependsOnSeedAndTrialAlone()
    {
        var space = _empty.Number("x", 0, 1, SearchScale.Linear, (o, _) => o);
        var larger = space.WholeNumber("n", 1, 9, SearchScale.Linear, (o, _) => o);
        object? X(SearchSpace<MlpRegressionTrainer.Options> from, int trials, int trial, int seed) => new RandomSearch(trials).Point(from, trial,
            seed, []).Values[0].Value;

        Assert.Equal(X(space, 3, 2, seed: 7), X(space, 30, 2, seed: 7));
        Assert.Equal(X(space, 3, 2, seed: 7), X(larger, 3, 2, seed: 7));
        Assert.NotEqual(X(space, 3, 2, seed: 7), X(space, 3, 2, seed: 8));
        Assert.NotEqual(X(space, 3, 2, seed: 7), X(space, 3, 1, seed: 7));
    }

    [Fact]
    public void Grid_HasAllCombinations_TheLastFastest()
    {
        var space = _empty
            .Choice("c", ["a", "b"], (o, v) => o with { LabelColumnName = v })
            .Number("x", 0.01f, 1, SearchScale.Logarithmic, (o, x) => o with { L2Regularization = x })
            .WholeNumber("n", 1, 9, SearchScale.Linear, (o, n) => o with { NumberOfEpochs = n }, step: 4, gridPoints: 2);

        SearchPoint<MlpRegressionTrainer.Options>[] grid = [.. Grid(space, 3)];

        Assert.Equal(12, new GridSearch(3).TrialCount(space));
        Assert.Equal(
            ["a 0.01 1", "a 0.01 9", "a 0.1 1", "a 0.1 9", "a 1 1", "a 1 9", "b 0.01 1", "b 0.01 9", "b 0.1 1", "b 0.1 9", "b 1 1", "b 1 9"],
            grid.Select(point => string.Join(' ', point.Values.Select(value => value.Text))));
        MlpRegressionTrainer.Options last = grid[^2].Apply(space.Baseline);
        Assert.Equal(("b", 1f, 1), (last.LabelColumnName, last.L2Regularization, last.NumberOfEpochs));
    }

    [Theory]
    [InlineData(1, 100, SearchScale.Logarithmic, 1, 3, new[] { 1, 10, 100 })]
    [InlineData(1, 100, SearchScale.Logarithmic, 1, 1, new[] { 10 })]
    [InlineData(1, 3, SearchScale.Linear, 1, 50, new[] { 1, 2, 3 })]
    [InlineData(1, 4, SearchScale.Logarithmic, 1, 3, new[] { 1, 2, 4 })]
    [InlineData(2, 6, SearchScale.Logarithmic, 2, 2, new[] { 2, 6 })]
    [InlineData(10, 50, SearchScale.Linear, 15, 2, new[] { 10, 40 })]
    public void Grid_OfWholeNumbers_IsEvenAndWithoutRepetition(int low, int high, SearchScale scale, int step, int points, int[] expected) => Assert.Equal(
        expected, Grid(_empty.WholeNumber("n", low, high, scale, (o, _) => o, step), points).Select(point => (int)point.Values[0].Value!));

    [Fact]
    public void Branch_HasTheDimensionsOfOneAlternative()
    {
        var space = Branched();

        Assert.Equal(["rule", "momentum", "decay", "epochs"], space.Names);
        foreach (SearchPoint<MlpRegressionTrainer.Options> point in Points(space).Take(200))
        {
            MlpRegressionTrainer.Options options = point.Apply(space.Baseline);
            Assert.Equal(0.25f, options.L1Regularization);
            Assert.Equal(
                options.Optimizer is Nesterov ? ["rule", "momentum", "epochs"] : options.Optimizer is AdamW ? ["rule", "decay", "epochs"] : ["rule", "epochs"],
                point.Values.Select(value => value.Name));
            Assert.Equal(options.Optimizer.GetType().Name, point.Values[0].Text);
        }

        Assert.Equal(3, Points(space).Take(200).Select(point => point.Values[0].Text).Distinct().Count());
    }

    [Fact]
    public void Branch_InAGrid_HasThePointsOfAllAlternatives()
    {
        // (2 momenta + 2 decays + 1) times 2 epochs.
        string[] grid = [.. Grid(Branched(), 2).Select(point => string.Join(' ', point.Values.Select(value => value.Text)))];

        Assert.Equal(
            ["Nesterov 0.5 1", "Nesterov 0.5 5", "Nesterov 0.9 1", "Nesterov 0.9 5", "AdamW 0.001 1", "AdamW 0.001 5", "AdamW 0.1 1", "AdamW 0.1 5",
                "Sgd 1", "Sgd 5"], grid);
    }

    [Fact]
    public void Grid_ThatIsTooLarge_IsRefusedWithItsSize()
    {
        var space = Enumerable.Range(0, 30).Aggregate(_empty, (all, i) => all.Number($"x{i}", 0, 1, SearchScale.Linear, (o, _) => o));

        Assert.Contains("1000000000000000000000000000000 trials", Assert.Throws<ArgumentException>(() => new GridSearch(10).TrialCount(space))
            .Message, StringComparison.Ordinal);
        Assert.Contains("27 trials", Assert.Throws<ArgumentException>(() => new GridSearch(3) { MaximumTrials = 26 }.TrialCount(Small(3))).Message,
            StringComparison.Ordinal);
        Assert.Equal(27, new GridSearch(3) { MaximumTrials = 27 }.TrialCount(Small(3)));
        Assert.Equal(1, new GridSearch(3).TrialCount(_empty));

        static SearchSpace<MlpRegressionTrainer.Options> Small(int dimensions) =>
            Enumerable.Range(0, dimensions).Aggregate(_empty, (all, i) => all.Number($"x{i}", 0, 1, SearchScale.Linear, (o, _) => o));
    }

    [Fact]
    public void Space_IsImmutable()
    {
        var one = _empty.Number("x", 0, 1, SearchScale.Linear, (o, _) => o);
        var two = one.Number("y", 0, 1, SearchScale.Linear, (o, _) => o);

        Assert.Empty(_empty.Names);
        Assert.Equal(["x"], one.Names);
        Assert.Equal(["x", "y"], two.Names);
    }

    /// <summary>The bounds of the table in the documentation.</summary>
    [Theory]
    [InlineData("Fast", 2, 16, 128)]
    [InlineData("Balanced", 3, 32, 256)]
    [InlineData("Best", 3, 32, 256)]
    [InlineData("Plain", 3, 16, 512)]
    public void Default_IsOfTheSizeOfTheEffort(string effort, int layers, int leastUnits, int mostUnits)
    {
        var baseline = new MlpRegressionTrainer.Options
        {
            Effort = new[] { Effort.Fast, Effort.Balanced, Effort.Best, Effort.Plain }.Single(one => one.ToString() == effort),
            HiddenLayers = [new(7) { Activation = Activation.Tanh }],
            NumberOfEpochs = 9,
        };
        var space = SearchSpace.Default(baseline);
        MlpRegressionTrainer.Options[] drawn = [.. Enumerable.Range(0, 500).Select(i => space.Draw(new SearchRandom(1).At(i)).Apply(baseline))];

        Assert.Equal(["layers", "units", "dropout", "optimizer", "rate", "decay"], space.Names);
        Assert.Equal(Enumerable.Range(1, layers), drawn.Select(o => o.HiddenLayers.Count).Distinct().Order());
        Assert.Equal((leastUnits, mostUnits), (drawn.Min(o => o.HiddenLayers[0].Units), drawn.Max(o => o.HiddenLayers[^1].Units)));
        Assert.All(drawn, o => Assert.Equal(
            (baseline.Effort, 9, Activation.Tanh, 1), (o.Effort, o.NumberOfEpochs, o.HiddenLayers[^1].Activation, o.HiddenLayers.Distinct().Count())));
        Assert.All(drawn, o => Assert.InRange(o.HiddenLayers[0].Dropout, 0, 0.5f));
        Assert.Equal(["AdamW", "Muon"], drawn.Select(o => o.Optimizer.GetType().Name).Distinct().Order());
    }

    public static TheoryData<string, Func<object>, string> Refused => new()
    {
        { "no baseline", () => new SearchSpace<MlpBinaryTrainer.Options>(null!), "baseline" },
        { "empty name", () => _empty.Number(" ", 0, 1, SearchScale.Linear, (o, _) => o), "name" },
        { "no function", () => _empty.Number("x", 0, 1, SearchScale.Linear, null!), "apply" },
        { "no change", () => _empty.Set(null!), "apply" },
        { "order", () => _empty.Number("x", 1, 1, SearchScale.Linear, (o, _) => o),
            "high of the dimension 'x' is 1; it must be finite and greater than low, which is 1" },
        { "NaN", () => _empty.Number("x", float.NaN, 1, SearchScale.Linear, (o, _) => o), "low of the dimension 'x' is NaN" },
        { "infinite", () => _empty.Number("x", 1, float.PositiveInfinity, SearchScale.Linear, (o, _) => o), "high of the dimension 'x' is Infinity" },
        { "log of 0", () => _empty.Number("x", 0, 1, SearchScale.Logarithmic, (o, _) => o), "greater than 0 on a logarithmic scale" },
        { "log of 0, whole", () => _empty.WholeNumber("x", 0, 1, SearchScale.Logarithmic, (o, _) => o), "greater than 0 on a logarithmic scale" },
        { "scale", () => _empty.Number("x", 0, 1, (SearchScale)7, (o, _) => o), "scale of the dimension 'x' is 7" },
        { "step", () => _empty.WholeNumber("x", 0, 1, SearchScale.Linear, (o, _) => o, step: 0), "step of the dimension 'x' is 0; it must be at least 1" },
        { "grid points", () => _empty.Number("x", 0, 1, SearchScale.Linear, (o, _) => o, gridPoints: 0),
            "gridPoints of the dimension 'x' is 0; it must be in [1, 1000]" },
        { "no values", () => _empty.Choice<string>("x", [], (o, _) => o), "'x' has no values" },
        { "null values", () => _empty.Choice<string>("x", null!, (o, _) => o), "values" },
        { "no alternatives", () => _empty.Branch("x"), "'x' has no alternatives" },
        { "no alternative's function", () => _empty.Branch("x", ("a", null!)), "alternatives" },
        { "no alternative's space", () => _empty.Branch("x", ("a", _ => null!)), "'a' of the branch 'x' returned no space" },
        { "name of the branch", () => _empty.Branch("x", ("a", s => s.Number("x", 0, 1, SearchScale.Linear, (o, _) => o))), "'a' has a dimension 'x'" },
        { "name twice", () => _empty.Number("x", 0, 1, SearchScale.Linear, (o, _) => o).Choice("x", [1], (o, _) => o), "has a dimension 'x' already" },
        { "name in a branch", () => Branched().Choice("decay", [1], (o, _) => o), "has a dimension 'decay' already" },
        { "trials", () => new RandomSearch(0), "Trials is 0; it must be at least 1" },
        { "trials that learn", () => new TreeParzenSearch(0), "Trials is 0; it must be at least 1" },
        { "random trials", () => new TreeParzenSearch(9) { RandomTrials = 0 }, "RandomTrials is 0; it must be at least 1" },
        { "at once", () => new TreeParzenSearch(9) { TrialsAtOnce = 0 }, "TrialsAtOnce is 0; it must be at least 1" },
        { "candidates", () => new TreeParzenSearch(9) { Candidates = 0 }, "Candidates is 0; it must be at least 1" },
        { "good share", () => new TreeParzenSearch(9) { GoodShare = 1 }, "GoodShare is 1; it must be in (0, 1)" },
        { "points that are halved", () => new SuccessiveHalvingSearch(0, 9), "Points is 0; it must be at least 1" },
        { "epochs that are halved", () => new SuccessiveHalvingSearch(9, 0), "Epochs is 0; it must be at least 1" },
        { "reduction", () => new SuccessiveHalvingSearch(9, 9) { Reduction = 1 }, "Reduction is 1; it must be at least 2" },
        { "no default baseline", () => SearchSpace.Default<MlpBinaryTrainer.Options>(null!), "baseline" },
        { "empty path", () => new SearchOptions { TablePath = " " }, "TablePath is empty" },
        { "points", () => new GridSearch(0), "PointsPerDimension is 0; it must be in [1, 1000]" },
        { "maximum", () => new GridSearch(1) { MaximumTrials = 0 }, "MaximumTrials is 0; it must be at least 1" },
        { "fraction", () => new HeldOut(1), "Fraction is 1; it must be in (0, 1)" },
        { "NaN fraction", () => new HeldOut(double.NaN), "Fraction is NaN" },
        { "folds", () => new CrossValidation(1), "Folds is 1; it must be at least 2" },
        { "no rows", () => new ValidationSet(null!), "rows" },
        { "parallelism", () => new SearchOptions { Parallelism = 0 }, "Parallelism is 0; it must be at least 1, or null" },
        { "metric's name", () => new SearchMetric<string>("", SearchGoal.Minimize, _ => 0), "name" },
        { "metric's goal", () => new SearchMetric<string>("x", (SearchGoal)5, _ => 0), "Goal is 5; it must be Minimize or Maximize" },
        { "metric's value", () => new SearchMetric<string>("x", SearchGoal.Minimize, null!), "value" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void WrongArgument_IsRefusedInWords(string what, Func<object> create, string text)
    {
        string message = Assert.ThrowsAny<ArgumentException>(create).Message;

        Assert.True(message.Contains(text, StringComparison.Ordinal), $"{what}: {message}");
    }

    private static SearchSpace<MlpRegressionTrainer.Options> Branched() => _empty
        .Set(o => o with { L1Regularization = 0.25f })
        .Branch(
            "rule",
            ("Nesterov", s => s.Number("momentum", 0.5f, 0.9f, SearchScale.Linear, (o, x) => o with { Optimizer = new Nesterov { Coefficient = x } })),
            ("AdamW", s => s.Number("decay", 1e-3f, 0.1f, SearchScale.Logarithmic, (o, x) => o with { Optimizer = new AdamW { WeightDecay = x } })),
            ("Sgd", s => s.Set(o => o with { Optimizer = new Sgd() })))
        .WholeNumber("epochs", 1, 5, SearchScale.Linear, (o, n) => o with { NumberOfEpochs = n });

    private static IEnumerable<SearchPoint<MlpRegressionTrainer.Options>> Points(SearchSpace<MlpRegressionTrainer.Options> space) =>
        Enumerable.Range(0, Draws).Select(trial => new RandomSearch(Draws).Point(space, trial, seed: 3, []));

    private static IEnumerable<object?> Drawn(SearchSpace<MlpRegressionTrainer.Options> space) => Points(space).Select(point => point.Values[0].Value);

    private static IEnumerable<SearchPoint<MlpRegressionTrainer.Options>> Grid(SearchSpace<MlpRegressionTrainer.Options> space, int points)
    {
        var grid = new GridSearch(points);
        return Enumerable.Range(0, grid.TrialCount(space)).Select(trial => grid.Point(space, trial, seed: 3, []));
    }

    /// <summary>Four standard deviations of the share of draws that a probability gets.</summary>
    private static double Deviations(double p) => 4 * Math.Sqrt(p * (1 - p) / Draws);

    /// <summary>Kolmogorov and Smirnov: the greatest distance of the shares from a uniform distribution; 1.95 / sqrt(n) is passed once in a thousand.</summary>
    private static void AssertUniform(double[] values)
    {
        double distance = values.Order().Select((value, i) => Math.Max(Math.Abs(value - (double)i / values.Length),
            Math.Abs(value - (double)(i + 1) / values.Length))).Max();

        Assert.True(distance < 1.95 / Math.Sqrt(values.Length), $"The distance is {distance}.");
    }
}
