namespace MlNetMlp.Core.Tests;

/// <summary>Rates and decays by kind of parameter, in real trainings with every optimizer.</summary>
public sealed class ParameterFactorTests
{
    private const int Rows = 60;

    private static readonly Loss _loss = new SquaredError();

    /// <summary>Every kind of parameter: members, categories, embedded numbers, gains, slopes.</summary>
    private static readonly MlpArchitecture _architecture = new(5, 1)
    {
        SharedMembers = 2,
        HiddenLayers = [new(8) { Activation = Activation.PRelu() }, new(6) { Normalization = Normalization.Layer }],
    };

    private static readonly MlpTrainingOptions _options = new()
    {
        NumberOfEpochs = 1,
        BatchSize = Rows,
        LearningRate = 0.05f,
        NumberOfThreads = 1,
        OutputBiasFromTargets = false,
        CategoricalEmbedding = new() { MaximumOneHotSize = 1, Width = 2, Dropout = 0 },
        NumericEmbedding = NumericEmbedding.Pbld(4, 3),
    };

    public static TheoryData<string> Optimizers => [.. OptimizerCase.All.Select(line => line.Name)];

    /// <summary>The first step of a parameter is as long as its factors say, which are written down here by hand.</summary>
    [Theory]
    [MemberData(nameof(Optimizers))]
    public void Train_RateFactors_AreTheLengthsOfSteps(string optimizer)
    {
        const float Biases = 0.5f, Embeddings = 0.75f, Scales = 0.25f, First = 2, Outputs = 1.5f, Layer = 0.8f;
        Dictionary<string, double> expected = new()
        {
            ["Categories.Weights"] = Embeddings * Math.Pow(Layer, 3),
            ["Numbers.Frequencies"] = Embeddings * Math.Pow(Layer, 3),
            ["Numbers.Phases"] = Embeddings * Math.Pow(Layer, 3),
            ["Numbers.Weights"] = Embeddings * Math.Pow(Layer, 3),
            ["Numbers.Biases"] = Embeddings * Biases * Math.Pow(Layer, 3),
            ["Scales.Weights"] = Scales * Math.Pow(Layer, 3),
            ["Hidden1.Weights"] = First * Math.Pow(Layer, 2),
            ["Hidden1.Biases"] = First * Biases * Math.Pow(Layer, 2),
            ["Hidden1.Slopes"] = First * Scales * Math.Pow(Layer, 2),
            ["Hidden2.Weights"] = Layer,
            ["Hidden2.Normalization.Gain"] = Scales * Layer,
            ["Hidden2.Normalization.Shift"] = Biases * Layer,
            ["Output1.Weights"] = Outputs,
            ["Output1.Biases"] = Outputs * Biases,
            ["Output2.Weights"] = Outputs,
            ["Output2.Biases"] = Outputs * Biases,
        };
        MlpTrainingOptions options = _options with { Optimizer = OptimizerCase.Named(optimizer).Optimizer with { WeightDecay = 0 } };
        ParameterVector start = Parameters(options with { LearningRate = 1e-20f }), plain = Parameters(options), factored = Parameters(options with
        {
            RateFactors = new()
            {
                Biases = Biases,
                Embeddings = Embeddings,
                Scales = Scales,
                FirstLayer = First,
                Outputs = Outputs,
                LayerDecay = Layer,
            },
        });
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), start.Layout.Parameters.Select(parameter => parameter.Name).Order(StringComparer.Ordinal));
        foreach (Parameter parameter in start.Layout.Parameters)
        {
            float[] from = start.Value(parameter).ToArray(), to = plain.Value(parameter).ToArray(), other = factored.Value(parameter).ToArray();
            double largest = from.Zip(to, (a, b) => Math.Abs((double)b - a)).Max(), factor = expected[parameter.Name];
            Assert.True(largest > 1e-4, parameter.Name);

            // Rounding of the parameters themselves, which are near 1, and the least step that a rule of signs makes.
            for (int i = 0; i < from.Length; i++)
            {
                Assert.Equal(factor * ((double)to[i] - from[i]), (double)other[i] - from[i], 4e-6);
            }
        }
    }

    /// <summary>Whatever else there is that moves weights.</summary>
    [Theory]
    [MemberData(nameof(Optimizers))]
    public void Train_FactorOfZero_LeavesParametersAsTheyAre(string optimizer)
    {
        MlpTrainingOptions options = _options with
        {
            Optimizer = OptimizerCase.Named(optimizer).Optimizer with { WeightDecay = 0.1f },
            RateFactors = new() { Biases = 0, FirstLayer = 0 },
            L1Regularization = 0.01f,
            L2Regularization = 0.01f,
            Constraint = new MaxNorm(0.3f),
        };
        ParameterVector one = Parameters(options), three = Parameters(options with { NumberOfEpochs = 3 });
        foreach (Parameter parameter in one.Layout.Parameters)
        {
            bool isFrozen = parameter.Part.HiddenIndex == 0 || parameter.IsBias;
            Assert.Equal(isFrozen, one.Value(parameter).SequenceEqual(three.Value(parameter)));
            Assert.Equal(parameter.IsBias, !one.Value(parameter).ContainsAnyExcept(0f));
        }
    }

    /// <summary>Without a step of the rule, <c>w (1 - lambda factor)</c> is left.</summary>
    [Theory]
    [MemberData(nameof(Optimizers))]
    public void Train_DecayFactors_AreTheSharesThatDecay(string optimizer)
    {
        const float Decay = 0.5f;
        Dictionary<string, double> expected = new()
        {
            ["Numbers.Weights"] = 0.25,
            ["Hidden1.Weights"] = 0.5,
            ["Hidden2.Weights"] = 1,
            ["Output1.Weights"] = 0,
            ["Output2.Weights"] = 0,
        };
        MlpTrainingOptions options = _options with
        {
            LearningRate = 1e-20f,
            Optimizer = OptimizerCase.Named(optimizer).Optimizer with { WeightDecay = Decay },
            DecayFactors = new() { Embeddings = 0.25f, FirstLayer = 0.5f, Outputs = 0 },
        };
        ParameterVector start = Parameters(options with { Optimizer = new Sgd() }), decayed = Parameters(options);
        foreach (Parameter parameter in start.Layout.Parameters)
        {
            double left = 1 - (Decay * expected.GetValueOrDefault(parameter.Name));
            Assert.Equal(expected.ContainsKey(parameter.Name), parameter.Decays);
            Assert.All(start.Value(parameter).ToArray().Zip(decayed.Value(parameter).ToArray()), pair => Assert.Equal(left * pair.First, pair.Second, 2e-6));
        }
    }

    /// <summary>Rows of a sparse matrix have their factor, too, and those of features that are not there stand still.</summary>
    [Fact]
    public void Train_SparseRows_HaveTheFactorsOfTheFirstLayer()
    {
        var rows = new SparseRows(6, 1);
        for (int i = 0; i < 20; i++)
        {
            rows.Add([i % 4], [1f], [i % 3]);
        }

        MlpArchitecture architecture = new(6, 1) { HiddenLayers = [new(4) { Activation = Activation.Tanh }] };
        MlpTrainingOptions options = _options with
        {
            Optimizer = new Sgd(),
            FeatureScaling = FeatureScaling.None,
            CategoricalEmbedding = null,
            NumericEmbedding = null,
        };
        float[] from = Weights(options with { LearningRate = 1e-20f }), to = Weights(options);
        float[] other = Weights(options with { RateFactors = new() { FirstLayer = 0.25f } });
        for (int i = 0; i < from.Length; i++)
        {
            Assert.Equal(0.25 * ((double)to[i] - from[i]), (double)other[i] - from[i], 1e-7);
            Assert.Equal(i >= 4 * 4, to[i] == from[i]);
        }

        float[] Weights(MlpTrainingOptions own) => MlpTrainer.Train(new(architecture, _loss, rows) { Options = own }).Model.Values[..(6 * 4)].ToArray();
    }

    [Fact]
    public void ToString_Factors_NamesWhatIsNotOne()
    {
        Assert.Equal("RateFactors", new RateFactors().ToString());
        Assert.Equal("RateFactors { Biases = 0.1, LayerDecay = 0.8 }", new RateFactors { Biases = 0.1f, LayerDecay = 0.8f }.ToString());
        Assert.Equal("DecayFactors { Outputs = 0 }", new DecayFactors { Outputs = 0 }.ToString());
    }

    private static ParameterVector Parameters(MlpTrainingOptions options)
    {
        var rows = new InMemoryRows(5, 1);
        for (int i = 0; i < Rows; i++)
        {
            int category = i % 3;
            rows.Add([MathF.Sin(i), category == 0 ? 1 : 0, category == 1 ? 1 : 0, category == 2 ? 1 : 0, MathF.Cos(3 * i)], [category + MathF.Sin(i)]);
        }

        return MlpTrainer.Train(new(_architecture, _loss, rows) { Options = options, CategoricalGroups = [new(1, 3)] }).Model.RestoreParameters();
    }
}
