namespace MlNetMlp.Core.Tests;

/// <summary>Penalties and dropout that change over a training, and penalties and constraints by layer.</summary>
public sealed class PenaltyScheduleTests
{
    private static readonly Loss _loss = new SoftmaxCrossEntropy();

    private static readonly MlpArchitecture _architecture = new(4, 3) { HiddenLayers = [new(8) { Activation = Activation.Tanh }, new(6)] };

    /// <summary>Nothing is carried over from one epoch to the next but the weights.</summary>
    private static readonly MlpTrainingOptions _options = new()
    {
        NumberOfEpochs = 2,
        BatchSize = 10,
        Optimizer = new Sgd(),
        LearningRate = 0.1f,
        Shuffle = false,
        NumberOfThreads = 1,
    };

    public static TheoryData<string> Strengths => ["L1", "L2", "orthogonality", "L1 of a layer", "L2 of the outputs", "activity", "sparsity"];

    /// <summary>Two epochs with a strength that is switched on, or off, are one without and one with it.</summary>
    [Theory]
    [MemberData(nameof(Strengths))]
    public void Train_Stages_AreTheTrainingsOfEachStage(string kind)
    {
        const float Strength = 0.05f;
        MlpModel without = Train(kind, 0, 1), with = Train(kind, Strength, 1);
        Assert.NotEqual(without.Values.ToArray(), with.Values.ToArray());
        Assert.Equal(Train(kind, Strength, 1, without).Values.ToArray(), Train(kind, Schedule.Stages(0, (1, Strength)), 2).Values.ToArray());
        Assert.Equal(Train(kind, 0, 1, with).Values.ToArray(), Train(kind, Schedule.Stages(Strength, (1, 0)), 2).Values.ToArray());
    }

    /// <summary>With powers of two, so that probabilities are exact.</summary>
    [Theory]
    [InlineData("units")]
    [InlineData("connections")]
    [InlineData("inputs")]
    [InlineData("sparse inputs")]
    public void Train_DropoutSchedule_MultipliesTheProbability(string kind)
    {
        Assert.Equal(Dropped(kind, 0.25f, 1), Dropped(kind, 0.5f, 0.5f));
        Assert.Equal(Dropped(kind, 0, 1), Dropped(kind, 0.5f, 0));
        Assert.NotEqual(Dropped(kind, 0.5f, 1), Dropped(kind, 0.5f, 0.5f));

        // Nothing is dropped in the second epoch, whatever its random numbers; above 1 it is 1.
        Assert.Equal(Dropped(kind, 0.5f, Schedule.Stages(1, (1, 5)), 2), Dropped(kind, 0.5f, 1, 2));
        Assert.NotEqual(Dropped(kind, 0.5f, Schedule.Stages(1, (1, 0)), 2), Dropped(kind, 0.5f, 1, 2));
    }

    /// <summary>The model keeps the whole probability, which random passes go by.</summary>
    [Fact]
    public void Train_DropoutSchedule_IsForgottenByTheModel()
    {
        MlpArchitecture architecture = new(4, 3) { HiddenLayers = [new(8) { Dropout = 0.5f }] };
        MlpModel model = MlpTrainer.Train(new(architecture, _loss, SmallData.For(_loss, 40))
        {
            Options = _options with { DropoutSchedule = Schedule.FlatThenCosine(1) },
        }).Model;
        Assert.Equal(0.5f, model.Architecture.HiddenLayers[0].Dropout);
    }

    [Fact]
    public void Train_OwnPenaltiesLikeTheCommonOnes_AreTheSameTraining()
    {
        MlpTrainingOptions common = _options with
        {
            L1Regularization = 0.01f,
            L2Regularization = 0.02f,
            OrthogonalityRegularization = 0.01f,
            Constraint = new MaxNorm(0.8f),
        };
        MlpTrainingOptions outputs = _options with { OutputL1Regularization = 0.01f, OutputL2Regularization = 0.02f, OutputConstraint = new MaxNorm(0.8f) };
        MlpArchitecture own = _architecture with
        {
            HiddenLayers =
            [
                .. _architecture.HiddenLayers.Select(layer => layer with
                {
                    L1Regularization = 0.01f, L2Regularization = 0.02f, OrthogonalityRegularization = 0.01f, Constraint = new MaxNorm(0.8f),
                }),
            ],
        };
        MlpModel one = Train(_architecture, common), other = Train(own, outputs);
        Assert.Equal(one.Values.ToArray(), other.Values.ToArray());
        Assert.NotEqual(Train(_architecture, _options).Values.ToArray(), one.Values.ToArray());
        Assert.Equal(SmallData.Saved(one), SmallData.Saved(other));
    }

    [Fact]
    public void Train_LayersLeftOut_AreWithoutPenaltiesAndConstraints()
    {
        MlpTrainingOptions all = _options with
        {
            L1Regularization = 1,
            L2Regularization = 1,
            OrthogonalityRegularization = 1,
            Constraint = new MaxNorm(0.01f),
            OutputL1Regularization = 0,
            OutputL2Regularization = 0,
            OutputConstraint = WeightConstraint.None,
        };
        MlpArchitecture free = _architecture with
        {
            HiddenLayers =
            [
                .. _architecture.HiddenLayers.Select(layer => layer with
                {
                    L1Regularization = 0, L2Regularization = 0, OrthogonalityRegularization = 0, Constraint = WeightConstraint.None,
                }),
            ],
        };
        Assert.Equal(Train(_architecture, _options).Values.ToArray(), Train(free, all).Values.ToArray());
    }

    /// <summary>Each layer has its own: all of the first layer's weights become 0, the second's have a bounded length, the outputs' are free.</summary>
    [Fact]
    public void Train_OwnPenalties_HoldForTheirLayerAlone()
    {
        MlpArchitecture architecture = _architecture with
        {
            HiddenLayers =
            [
                _architecture.HiddenLayers[0] with { L1Regularization = 100 }, _architecture.HiddenLayers[1] with { Constraint = new MaxNorm(0.5f) },
            ],
        };
        foreach (Optimizer optimizer in (Optimizer[])[new Sgd(), new AdamW(), new Muon(), new Rprop()])
        {
            ParameterVector parameters = Train(architecture, _options with { NumberOfEpochs = 20, BatchSize = 40, Optimizer = optimizer }).RestoreParameters();
            Assert.All(Weights(parameters, "Hidden1"), weight => Assert.Equal(0, weight));
            float[] second = Weights(parameters, "Hidden2");
            double[] lengths = [.. Enumerable.Range(0, 6).Select(unit => Math.Sqrt(second.Where((_, i) => i % 6 == unit).Sum(w => (double)w * w)))];
            Assert.All(lengths, length => Assert.InRange(length, 0.01, 0.5 + 1e-6));
            Assert.Contains(Weights(parameters, "Output"), weight => Math.Abs(weight) > 0.5);
        }
    }

    /// <summary>By hand, from the weights of the model: what the reports say of the penalties.</summary>
    [Fact]
    public void Train_OwnPenalties_AreReported()
    {
        MlpArchitecture architecture = _architecture with { HiddenLayers = [_architecture.HiddenLayers[0] with { L2Regularization = 0.5f }, new(6)] };
        MlpTrainingResult result = MlpTrainer.Train(new(architecture, _loss, SmallData.For(_loss, 40))
        {
            Options = _options with { L1Regularization = Schedule.Stages(1, (1, 0.25f)), OutputL1Regularization = 0.125f },
        });
        ParameterVector parameters = result.Model.RestoreParameters();
        double expected = 0.25 * (Magnitudes("Hidden1") + Magnitudes("Hidden2")) + 0.125 * Magnitudes("Output")
            + 0.25 * Weights(parameters, "Hidden1").Sum(weight => (double)weight * weight);
        Assert.Equal(expected, result.History[^1].Penalty, 1e-6 * expected);

        double Magnitudes(string layer) => Weights(parameters, layer).Sum(weight => Math.Abs((double)weight));
    }

    /// <summary>An optimizer of whole batches has the same strengths by layer.</summary>
    [Fact]
    public void Train_LbfgsWithL1OfALayer_ErasesThatLayerAlone()
    {
        MlpArchitecture architecture = _architecture with { HiddenLayers = [_architecture.HiddenLayers[0] with { L1Regularization = 100 }, new(6)] };
        ParameterVector parameters = Train(architecture, _options with
        {
            NumberOfEpochs = 30,
            BatchSize = null,
            Optimizer = new Lbfgs(),
            LearningRate = 1,
            OutputL2Regularization = 0.01f,
        }).RestoreParameters();
        Assert.All(Weights(parameters, "Hidden1"), weight => Assert.Equal(0, weight));
        Assert.DoesNotContain(0f, Weights(parameters, "Output"));
    }

    /// <summary>Rates of all units come near the target, which they are far from without.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Train_Sparsity_BringsUnitsNearTheTarget(bool isTanh)
    {
        double free = Rate(0), penalised = Rate(3);
        Assert.InRange(free, 0.3, 0.7);
        Assert.InRange(penalised, 0.05, 0.2);

        double Rate(float weight)
        {
            Activation activation = isTanh ? Activation.Tanh : Activation.Sigmoid;
            var architecture = new MlpArchitecture(4, 3)
            {
                HiddenLayers = [new(20) { Activation = activation, Sparsity = new() { Target = 0.1f, Weight = weight } }],
            };
            MlpModel model = Train(architecture, _options with { NumberOfEpochs = 60, BatchSize = 40, Optimizer = new Adam(), LearningRate = 0.05f });
            ParameterVector parameters = model.RestoreParameters();
            float[] weights = Weights(parameters, "Hidden1"), biases = parameters.Value(parameters.Layout.Parameters[1]).ToArray();
            float[] prepared = new float[40 * 4];
            model.Standardizer.Apply(SmallData.For(_loss, 40).Read().Features, prepared, 40);
            return prepared.Chunk(4).Average(row => Enumerable.Range(0, 20).Average(unit =>
            {
                double sum = biases[unit] + row.Select((value, k) => (double)value * weights[k * 20 + unit]).Sum();
                return isTanh ? (Math.Tanh(sum) + 1) / 2 : 1 / (1 + Math.Exp(-sum));
            }));
        }
    }

    [Fact]
    public void Architecture_SparsityWithoutLimits_IsRefused()
    {
        var error = Assert.Throws<ArgumentException>(() => new MlpArchitecture(4, 3) { HiddenLayers = [new(3) { Sparsity = new() }] });
        Assert.Contains("Sparsity needs Activation.Sigmoid or Activation.Tanh, whose activations have limits, but hidden layer 1 has Relu.", error.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void ToString_Layer_NamesItsPenalties()
    {
        HiddenLayer layer = new(8)
        {
            Activation = Activation.Tanh,
            ActivityRegularization = 0.1f,
            L1Regularization = Schedule.Cosine(0.5f),
            L2Regularization = 0,
            Constraint = new MaxNorm(2),
            Sparsity = new() { Target = 0.25f },
        };
        Assert.Equal("8 Tanh, activity regularization 0.1, sparsity ActivationSparsity { Target = 0.25 }, L1 cosine from 0.5 to 0, L2 0, " +
            "constraint MaxNorm { Limit = 2 }", layer.ToString());
    }

    private static float[] Weights(ParameterVector parameters, string layer) =>
        parameters.Value(parameters.Layout.Parameters.Single(parameter => parameter.Name == layer + ".Weights")).ToArray();

    private static MlpModel Train(string kind, Schedule strength, int epochs, MlpModel? initial = null)
    {
        HiddenLayer first = _architecture.HiddenLayers[0];
        first = kind switch
        {
            "L1 of a layer" => first with { L1Regularization = strength },
            "activity" => first with { ActivityRegularization = strength },
            "sparsity" => first with { Sparsity = new() { Weight = strength } },
            _ => first,
        };
        MlpTrainingOptions options = kind switch
        {
            "L1" => _options with { L1Regularization = strength },
            "L2" => _options with { L2Regularization = strength },
            "orthogonality" => _options with { OrthogonalityRegularization = strength },
            "L2 of the outputs" => _options with { OutputL2Regularization = strength },
            _ => _options,
        };
        return Train(_architecture with { HiddenLayers = [first, _architecture.HiddenLayers[1]] }, options with { NumberOfEpochs = epochs }, initial);
    }

    private static MlpModel Train(MlpArchitecture architecture, MlpTrainingOptions options, MlpModel? initial = null) =>
        MlpTrainer.Train(new(architecture, _loss, SmallData.For(_loss, 40)) { Options = options, InitialModel = initial }).Model;

    private static float[] Dropped(string kind, float probability, Schedule schedule, int epochs = 1)
    {
        MlpArchitecture architecture = kind switch
        {
            "units" => new(4, 3) { HiddenLayers = [new(8) { Dropout = probability }] },
            "connections" => new(4, 3) { HiddenLayers = [new(8) { DropConnect = probability }] },
            _ => new(4, 3) { HiddenLayers = [new(8)], InputDropout = probability },
        };
        IRowSource rows = SmallData.For(_loss, 40);
        if (kind == "sparse inputs")
        {
            var sparse = new SparseRows(4, 1);
            for (int i = 0; i < 40; i++)
            {
                sparse.Add([i % 4], [1f + i % 3], [i % 3]);
            }

            rows = sparse;
        }

        MlpTrainingOptions options = _options with { NumberOfEpochs = epochs, DropoutSchedule = schedule };
        return MlpTrainer.Train(new(architecture, _loss, rows) { Options = options }).Model.Values.ToArray();
    }
}
