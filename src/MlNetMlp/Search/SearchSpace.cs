namespace MlNetMlp.Search;

/// <summary>Spaces for searches where nobody has an idea of where good options are.</summary>
public static class SearchSpace
{
    /// <summary>
    /// The options that matter most of tabular data and text, around what the effort of the baseline would choose: the size of the network, dropout, and
    /// the optimizer with its rate and decay.
    /// </summary>
    /// <remarks>
    /// <list type="table">
    /// <listheader><term>dimension</term><description>values</description></listheader>
    /// <item><term><c>layers</c></term><description>1 to 3; of <see cref="Effort.Fast"/> 1 to 2</description></item>
    /// <item>
    /// <term><c>units</c></term>
    /// <description>
    /// of all layers, multiples of 16 on a logarithmic scale: 32 to 256, of <see cref="Effort.Fast"/> 16 to 128, of <see cref="Effort.Plain"/> 16 to 512
    /// </description>
    /// </item>
    /// <item><term><c>dropout</c></term><description>of all layers, 0 to 0.5</description></item>
    /// <item><term><c>optimizer</c></term><description><see cref="AdamW"/> or <see cref="Muon"/></description></item>
    /// <item>
    /// <term><c>rate</c></term>
    /// <description>
    /// of <see cref="Schedule.FlatThenCosine"/>, on a logarithmic scale: 3e-4 to 2e-2 of <see cref="AdamW"/>, 2e-3 to 5e-2 of <see cref="Muon"/>
    /// </description>
    /// </item>
    /// <item><term><c>decay</c></term><description>of weights, 1e-5 to 1e-1 on a logarithmic scale</description></item>
    /// </list>
    /// Layers are otherwise like the first hidden layer of the baseline, and whatever is not in the table is as the baseline says or its effort chooses.
    /// Further dimensions may be added; a <see cref="TreeParzenSearch"/> of 40 trials is a good beginning.
    /// </remarks>
    /// <typeparam name="TOptions">The options of one of the trainers.</typeparam>
    /// <param name="baseline">The options of every trial before the dimensions change them.</param>
    /// <exception cref="ArgumentNullException"><paramref name="baseline"/> is null.</exception>
    /// <example>
    /// <code>
    /// using MlNetMlp.Search;
    ///
    /// SearchSpace&lt;MlpBinaryTrainer.Options&gt; space = SearchSpace.Default(new MlpBinaryTrainer.Options { Effort = Effort.Fast });
    /// </code>
    /// </example>
    public static SearchSpace<TOptions> Default<TOptions>(TOptions baseline)
        where TOptions : MlpTrainerOptions
    {
        ArgumentNullException.ThrowIfNull(baseline);
        HiddenLayer layer = baseline.HiddenLayers is [var first, ..] ? first : new(64);
        (int layers, int leastUnits, int mostUnits) =
            baseline.Effort == Effort.Fast ? (2, 16, 128) : baseline.Effort == Effort.Plain ? (3, 16, 512) : (3, 32, 256);
        return new SearchSpace<TOptions>(baseline)
            .WholeNumber("layers", 1, layers, SearchScale.Linear, (options, n) => options with { HiddenLayers = [.. Enumerable.Repeat(layer, n)] })
            .WholeNumber("units", leastUnits, mostUnits, SearchScale.Logarithmic, (options, n) => WithLayers(options, one => one with { Units = n }), step: 16)
            .Number("dropout", 0, 0.5f, SearchScale.Linear, (options, p) => WithLayers(options, one => one with { Dropout = p }))
            .Branch(
                "optimizer",
                (nameof(AdamW), space => Steps(space, 3e-4f, 2e-2f, decay => new AdamW { WeightDecay = decay })),
                (nameof(Muon), space => Steps(space, 2e-3f, 5e-2f, decay => new Muon { WeightDecay = decay })));
    }

    private static TOptions WithLayers<TOptions>(TOptions options, Func<HiddenLayer, HiddenLayer> change)
        where TOptions : MlpTrainerOptions => options with { HiddenLayers = [.. options.HiddenLayers.Select(change)] };

    private static SearchSpace<TOptions> Steps<TOptions>(SearchSpace<TOptions> space, float slowest, float fastest, Func<float, Optimizer> optimizer)
        where TOptions : MlpTrainerOptions => space
            .Number("rate", slowest, fastest, SearchScale.Logarithmic, (options, rate) => options with { LearningRate = Schedule.FlatThenCosine(rate) })
            .Number("decay", 1e-5f, 1e-1f, SearchScale.Logarithmic, (options, decay) => options with { Optimizer = optimizer(decay) });
}
