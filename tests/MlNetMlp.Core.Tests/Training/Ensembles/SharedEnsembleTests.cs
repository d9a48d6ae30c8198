using MlNetMlp.Diagnostics;
using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests;

/// <summary>Members that share a network are k networks whose first weights are scaled, trained together.</summary>
public sealed class SharedEnsembleTests : IDisposable
{
    private const int Members = 3;

    private static readonly MlpTrainingOptions _options = new() { NumberOfEpochs = 4, BatchSize = 16, NumberOfThreads = 1, Seed = 7 };

    private static readonly MlpArchitecture _architecture = new(4, 3) { HiddenLayers = [new(9) { Dropout = 0.2f }, new(6) { Activation = Activation.Tanh }] };

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<Loss, int> Losses => new()
    {
        { new SoftmaxCrossEntropy { LabelSmoothing = 0.1f }, 3 },
        { new SigmoidCrossEntropy(), 1 },
        { new SquaredError(), 2 },
        { new KullbackLeiblerDivergence(), 3 },
        { new MulticlassHinge(), 3 },
    };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Train_OneMember_HasTheBytesOfATrainingWithout()
    {
        var loss = new SquaredError();
        Assert.Equal(SmallData.Saved(Train(loss, _options).Model), SmallData.Saved(Train(loss, _options with { Ensemble = Ensemble.Shared(1) }).Model));
    }

    [Fact]
    public void Train_OptionOrArchitecture_IsTheSameTraining()
    {
        var loss = new SoftmaxCrossEntropy();
        MlpTrainingResult byOption = Train(loss, _options with { Ensemble = Ensemble.Shared(Members) });
        MlpTrainingResult byArchitecture = Train(loss, _options, _architecture with { SharedMembers = Members });
        Assert.Equal(SmallData.Saved(byOption.Model), SmallData.Saved(byArchitecture.Model));
        Assert.Equal((Members, 0, 1), (byOption.Model.Members.Count, byOption.Members.Count, byOption.Model.Networks.Count));
        Assert.Equal("4-9-6-3 (3 members) with SoftmaxCrossEntropy", byOption.Model.ToString());
        Assert.Equal(_options.NumberOfEpochs, byOption.History.Count);
    }

    [Fact]
    public void Train_OptionAndArchitectureDisagree_IsRefused()
    {
        var error = Assert.Throws<ArgumentException>(
            () => Train(new SoftmaxCrossEntropy(), _options with { Ensemble = Ensemble.Shared(5) }, _architecture with { SharedMembers = Members }));
        Assert.Contains("Ensemble is 5 shared members, but SharedMembers of the architecture is 3", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Wide enough that all passes are shared out.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Train_AnyNumberOfThreads_SavesTheSameBytes(int threads)
    {
        var loss = new SoftmaxCrossEntropy();
        var architecture = new MlpArchitecture(120, 3) { SharedMembers = 5, InputDropout = 0.1f, HiddenLayers = [new(150) { Dropout = 0.1f }, new(70)] };
        InMemoryRows rows = SmallData.For(loss, 300, features: 120);
        byte[] Bytes(int count) => SmallData.Saved(MlpTrainer.Train(new(architecture, loss, rows)
        {
            Options = _options with { NumberOfEpochs = 2, BatchSize = 100, NumberOfThreads = count },
            UsesAllThreads = true,
        }).Model);
        Assert.Equal(Bytes(1), Bytes(threads));
    }

    [Fact]
    public void Train_AnyKernels_SavesTheSameBytes()
    {
        byte[] Bytes() => SmallData.Saved(Train(new SoftmaxCrossEntropy(), _options with { Ensemble = Ensemble.Shared(Members) }).Model);
        byte[] expected = Bytes();
        foreach (KernelSet kernel in Enum.GetValues<KernelSet>().Where(InstructionSet.IsSupported))
        {
            using (InstructionSet.Force(kernel))
            {
                Assert.Equal(expected, Bytes());
            }
        }
    }

    /// <summary>
    /// The gradients of the members as networks of their own, with the weights W' = r W and the outputs of each, put together by the chain rule:
    /// dL/dW = mean r dL/dW', dL/dr = mean W dL/dW', and the mean for all that is shared.
    /// </summary>
    [Theory]
    [MemberData(nameof(Losses))]
    public void Backward_SharedNetwork_HasTheSumsOfTheGradientsOfItsMembers(Loss loss, int outputs)
    {
        const int Rows = 11;
        MlpArchitecture architecture = new(4, outputs) { SharedMembers = Members, HiddenLayers = [new(9), new(6) { Activation = Activation.Tanh }] };
        MlpModel model = RandomModels.Create(architecture, loss);
        RowBatch batch = Batches.Of(RandomModels.Features(model, Rows), SmallTargets(loss, Rows, outputs), [.. Enumerable.Range(1, Rows).Select(i => i / 7f)]);
        (ParameterVector shared, double sharedLoss) = Gradients(architecture, model.Values, loss, batch);
        var members = model.Members.Select(member => Gradients(member.Architecture, member.Values, loss, batch)).ToArray();
        Assert.Equal(members.Average(member => member.Loss), sharedLoss, 1e-5 * Math.Max(1, Math.Abs(sharedLoss)));

        double[] scales = Value(shared, "Scales.Weights"), weights = Value(shared, "Hidden1.Weights");
        double[][] first = [.. members.Select(member => Gradient(member.Parameters, "Hidden1.Weights"))];
        AssertNear([.. weights.Select((_, i) => Enumerable.Range(0, Members).Average(m => scales[m * 4 + i / 9] * first[m][i]))],
            Gradient(shared, "Hidden1.Weights"));
        AssertNear([.. scales.Select((_, i) => Enumerable.Range(0, 9).Sum(j => weights[i % 4 * 9 + j] * first[i / 4][i % 4 * 9 + j]) / Members)],
            Gradient(shared, "Scales.Weights"));
        foreach (string name in (string[])["Hidden1.Biases", "Hidden2.Weights", "Hidden2.Biases"])
        {
            double[][] own = [.. members.Select(member => Gradient(member.Parameters, name))];
            AssertNear([.. own[0].Select((_, i) => own.Average(gradient => gradient[i]))], Gradient(shared, name));
        }

        for (int m = 0; m < Members; m++)
        {
            foreach (string name in (string[])["Weights", "Biases"])
            {
                AssertNear([.. Gradient(members[m].Parameters, $"Output.{name}").Select(gradient => gradient / Members)],
                    Gradient(shared, $"Output{m + 1}.{name}"));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public void Predict_SharedNetwork_IsTheEnsembleOfItsMembers(Loss loss, int outputs)
    {
        MlpModel model = RandomModels.Create(new(4, outputs) { SharedMembers = Members, HiddenLayers = [new(9), new(6)] }, loss);
        float[] features = RandomModels.Features(model, 150);
        float[] separate = RandomModels.Scores(MlpModel.Average([.. model.Members]), features), scores = RandomModels.Scores(model, features);
        double tolerance = 1e-5 * Math.Max(1, separate.Max(Math.Abs));
        Assert.All(scores.Zip(separate), pair => Assert.Equal(pair.Second, pair.First, tolerance));
        Assert.All(model.Members, member => Assert.Equal(1, member.Architecture.SharedMembers));
        Assert.Equal(Members, model.Members.Select(member => RandomModels.Scores(member, features)[0]).Distinct().Count());
    }

    /// <summary>The loss and the metric that choose the best epoch are those of the scores, not the mean of the members'.</summary>
    [Fact]
    public void Train_ValidationRows_AreEvaluatedByTheAveragedPrediction()
    {
        var loss = new SoftmaxCrossEntropy();
        InMemoryRows validation = SmallData.For(loss, 40, seed: 2);
        MlpTrainingResult result = Train(loss, _options with { Ensemble = Ensemble.Shared(Members) }, validation: validation);
        EpochReport best = result.History[result.BestEpoch - 1];
        Assert.Equal(Evaluation.Mean(result.Model, validation, (scores, target) => -Math.Log(scores[(int)target])), best.ValidationLoss!.Value, 1e-5);
        Assert.Equal(Evaluation.Accuracy(result.Model, validation), best.ValidationMetric!.Value, 1e-9);
        Assert.NotEqual(
            result.Model.Members.Average(member => Evaluation.Mean(member, validation, (scores, target) => -Math.Log(scores[(int)target]))),
            best.ValidationLoss!.Value, 1e-3);
    }

    [Fact]
    public void Train_Members_LearnToDiffer()
    {
        var loss = new SquaredError();
        MlpModel model = Train(loss, _options with { NumberOfEpochs = 100, Ensemble = Ensemble.Shared(Members) },
            new(4, 1) { HiddenLayers = [new(32)] }, rows: SmallData.For(loss, 300, outputs: 1)).Model;
        InMemoryRows test = SmallData.For(loss, 200, outputs: 1, seed: 3);
        double[] alone = [.. model.Members.Select(member => Evaluation.RSquared(member, test))];
        Assert.All(alone, value => Assert.InRange(value, 0.8, 1));
        Assert.True(Evaluation.RSquared(model, test) > alone.Average());
    }

    [Fact]
    public void Save_SharedNetwork_IsAsLongAsOneAndLoadsWithTheSameBits()
    {
        MlpArchitecture architecture = new(20, 3) { HiddenLayers = [new(64), new(64)] };
        MlpModel one = RandomModels.Create(architecture, new SoftmaxCrossEntropy());
        MlpModel shared = RandomModels.Create(architecture with { SharedMembers = 8 }, new SoftmaxCrossEntropy());
        byte[] saved = SmallData.Saved(shared);
        long own = sizeof(float) * 8 * (20 + 64 * 3 + 3);
        Assert.InRange(saved.Length - SmallData.Saved(one).Length, 1, own + 64);
        MlpModel loaded = MlpModel.Load(new MemoryStream(saved));
        float[] features = RandomModels.Features(shared, 9);
        Assert.Equal(Bits.Of(RandomModels.Scores(shared, features)), Bits.Of(RandomModels.Scores(loaded, features)));
        Assert.Equal(shared.Architecture, loaded.Architecture);
        Assert.Equal(saved, SmallData.Saved(loaded));
    }

    [Theory]
    [InlineData(int.MinValue)]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(int.MaxValue)]
    public void Load_OtherNumberOfMembersThanThereAre_IsRefused(int claimed)
    {
        var file = new SectionedFile(SmallData.Saved(RandomModels.Named("shared, normalized")));
        Assert.Equal(3, BitConverter.ToInt32(file["MEMBERS"]));
        file["MEMBERS"] = BitConverter.GetBytes(claimed);
        byte[] bytes = file.ToBytes();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<InvalidDataException>(() => MlpModel.Load(new MemoryStream(bytes)));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void Load_ScalesThatOverflowTheWeights_AreRefused()
    {
        MlpModel model = RandomModels.Create(new(4, 1) { SharedMembers = 2, HiddenLayers = [new(3)] }, new SquaredError());
        ParameterVector parameters = model.RestoreParameters();
        parameters.Value(Find(parameters, "Scales.Weights")).Fill(1e30f);
        parameters.Value(Find(parameters, "Hidden1.Weights")).Fill(1e30f);
        Assert.Throws<OverflowException>(() => new MlpModel(model.Architecture, model.Loss, model.Standardizer, model.Targets, parameters.Snapshot()));
    }

    [Fact]
    public void Train_Lbfgs_GoesDown()
    {
        MlpTrainingResult result = Train(new SoftmaxCrossEntropy(), _options with
        {
            NumberOfEpochs = 20,
            BatchSize = null,
            Optimizer = new Lbfgs(),
            Ensemble = Ensemble.Shared(Members)
        }, new(4, 3) { HiddenLayers = [new(8) { Activation = Activation.Tanh }] });
        Assert.True(result.History[^1].TrainingLoss < result.History[0].TrainingLoss / 2);
    }

    /// <summary>The product's own check, and its diagnosis, where the outputs of all members are one layer.</summary>
    [Fact]
    public void Run_ChecksOfASharedNetwork_SeeItAsTheTrainingDoes()
    {
        var loss = new SoftmaxCrossEntropy();
        MlpArchitecture architecture = new(4, 3)
        {
            HiddenLayers = [new(9) { Activation = Activation.Tanh, Dropout = 0.2f }, new(6) { Activation = Activation.Gelu }],
        };
        var task = new TrainingTask(architecture, loss, SmallData.For(loss, 60)) { Options = _options with { Ensemble = Ensemble.Shared(Members) } };
        GradientCheckReport report = MlNetMlp.Diagnostics.GradientCheck.Run(task);
        Assert.Equal(["Scales.Weights", "Hidden1.Weights", "Hidden1.Biases", "Hidden2.Weights", "Hidden2.Biases", "Output1.Weights", "Output1.Biases",
            "Output2.Weights", "Output2.Biases", "Output3.Weights", "Output3.Biases"], report.Parameters.Select(parameter => parameter.Name));
        Assert.All(report.Parameters, parameter => Assert.Equal(GradientCheckVerdict.Passed, parameter.Verdict));
        Assert.Equal(["Hidden1", "Hidden2", "Output"], Diagnosis.Run(task).Layers.Select(layer => layer.Name));
    }

    [Fact]
    public void Train_ContinuedFromASharedModel_KeepsItsMembers()
    {
        var loss = new SquaredError();
        MlpTrainingOptions options = _options with { Ensemble = Ensemble.Shared(Members), Optimizer = new Sgd(), LearningRate = 0.01f, Shuffle = false };
        MlpArchitecture architecture = new(4, 3) { HiddenLayers = [new(9)] };
        MlpModel two = Train(loss, options with { NumberOfEpochs = 2 }, architecture).Model;
        MlpModel more = Train(loss, options with { NumberOfEpochs = 2 }, architecture, initial: two).Model;
        Assert.Equal(SmallData.Saved(Train(loss, options, architecture).Model), SmallData.Saved(more));

        var other = Assert.Throws<ArgumentException>(() => Train(loss, options with { Ensemble = Ensemble.Shared(5) }, architecture, initial: two));
        Assert.Contains("it has 3 shared members, and the options ask for 5 (Ensemble.Shared)", other.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Train(loss, options with { Ensemble = null }, architecture, initial: two));
    }

    [Fact]
    public void Train_StoppedAfterAnyEpoch_ContinuesBitForBit()
    {
        var loss = new SoftmaxCrossEntropy();
        var training = new InterruptedTraining(_architecture, loss, _options with { NumberOfEpochs = 7, Ensemble = Ensemble.Shared(Members) })
        {
            Validation = SmallData.For(loss, 20, seed: 2),
        };
        training.AssertContinues(_folder);
    }

    [Fact]
    public void Train_SeedsOfSharedNetworks_AreTrainingsWithTheDocumentedSeeds()
    {
        var loss = new SoftmaxCrossEntropy();
        MlpTrainingResult result = Train(loss, _options with { Ensemble = Ensemble.Seeds(2).Of(Ensemble.Shared(Members)) });
        MlpModel model = result.Model;
        Assert.Equal((2 * Members, 2, 2), (model.Members.Count, model.Networks.Count, result.Members.Count));
        for (int i = 0; i < 2; i++)
        {
            MlpTrainingOptions alone = _options with { Seed = unchecked(7 + i * (int)0x9E3779B9), Ensemble = Ensemble.Shared(Members) };
            Assert.Equal(SmallData.Saved(Train(loss, alone).Model), SmallData.Saved(model.Networks[i]));
        }

        float[] features = RandomModels.Features(model, 20), scores = RandomModels.Scores(model, features);
        float[] separate = RandomModels.Scores(MlpModel.Average([.. model.Members]), features);
        Assert.All(scores.Zip(separate), pair => Assert.Equal(pair.Second, pair.First, 1e-5));
        Assert.Equal(Bits.Of(scores), Bits.Of(RandomModels.Scores(MlpModel.Load(new MemoryStream(SmallData.Saved(model))), features)));
    }

    [Fact]
    public void Train_ContinuedFromSeveralSharedNetworks_KeepsThem()
    {
        var loss = new SoftmaxCrossEntropy();
        MlpModel first = Train(loss, _options with { Ensemble = Ensemble.CrossFitted(2).Of(Ensemble.Shared(Members)) }).Model;
        MlpModel more = Train(loss, _options with { Ensemble = Ensemble.Seeds(2).Of(Ensemble.Shared(Members)), Seed = 3 }, initial: first).Model;
        MlpTrainingOptions alone = _options with { Seed = unchecked(3 + (int)0x9E3779B9), Ensemble = Ensemble.Shared(Members) };
        Assert.Equal(SmallData.Saved(Train(loss, alone, initial: first.Networks[1]).Model), SmallData.Saved(more.Networks[1]));
        Assert.Throws<ArgumentException>(() => Train(loss, _options with { Ensemble = Ensemble.Seeds(2) }, initial: first));
        Assert.Throws<ArgumentException>(() => Train(loss, _options with { Ensemble = Ensemble.Shared(Members) }, initial: first));
    }

    /// <summary>What a training continues as if nobody says; each of these can continue, and no other number of networks or members.</summary>
    [Fact]
    public void Continuing_AnyModel_FitsIt()
    {
        Ensemble shared = Ensemble.Shared(Members);
        MlpModel one = RandomModels.Create(_architecture, new SoftmaxCrossEntropy()), many = RandomModels.Named("shared");
        Assert.Null(Ensemble.Continuing(one, Ensemble.CrossFitted(3).Of(shared)));
        Assert.Equal(Ensemble.Shared(many.Architecture.SharedMembers), Ensemble.Continuing(many, Ensemble.CrossFitted(3).Of(shared)));
        MlpModel ones = RandomModels.Ensemble(one, 2), manies = RandomModels.Ensemble(many, 3);
        Assert.Equal(Ensemble.Seeds(2), Ensemble.Continuing(ones, shared));
        Assert.Equal(Ensemble.Bagging(2), Ensemble.Continuing(ones, Ensemble.Bagging(2)));
        Assert.Equal(Ensemble.CrossFitted(3).Of(Ensemble.Shared(many.Architecture.SharedMembers)),
            Ensemble.Continuing(manies, Ensemble.CrossFitted(3).Of(Ensemble.Shared(7))));
        Assert.Equal(Ensemble.Seeds(3).Of(Ensemble.Shared(many.Architecture.SharedMembers)), Ensemble.Continuing(manies, null));
    }

    [Fact]
    public void WithoutHeldOut_AnyKind_TakesTheValidationRowsOfTheTask()
    {
        Ensemble shared = Ensemble.Shared(Members);
        Assert.Equal(Ensemble.Seeds(3).Of(shared), Ensemble.CrossFitted(3).Of(shared).WithoutHeldOut);
        Assert.Equal(Ensemble.Bagging(3).Of(shared), Ensemble.Bagging(3, validatesOutOfBag: true).Of(shared).WithoutHeldOut);
        Assert.All((Ensemble[])[shared, Ensemble.Seeds(2), Ensemble.Bagging(3), Ensemble.Snapshots(2), Ensemble.Seeds(2).Of(shared)],
            ensemble => Assert.Equal(ensemble, ensemble.WithoutHeldOut));
    }

    [Fact]
    public void Of_AnythingButSharedMembersOfNetworks_IsRefused()
    {
        Ensemble both = Ensemble.Bagging(3, validatesOutOfBag: true).Of(Ensemble.Shared(4));
        Assert.Equal((12, 4, true), (both.Members, both.SharedMembers, both.HoldsOut));
        Assert.Equal("3 bags, validated out of bag, each of 4 shared members", both.ToString());
        Assert.Throws<ArgumentException>("shared", () => Ensemble.Seeds(2).Of(Ensemble.Seeds(2)));
        Assert.Throws<ArgumentNullException>("shared", () => Ensemble.Seeds(2).Of(null!));
        Assert.Throws<InvalidOperationException>(() => Ensemble.Shared(2).Of(Ensemble.Shared(2)));
        Assert.Throws<InvalidOperationException>(() => both.Of(Ensemble.Shared(2)));
        var error = Assert.Throws<ArgumentException>(() =>
            Train(new SoftmaxCrossEntropy(), _options with { NumberOfEpochs = 1, Ensemble = Ensemble.Snapshots(2).Of(Ensemble.Shared(2)) }));
        Assert.Contains("it must be at least 2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_SparseRows_AreRefused()
    {
        var rows = new SparseRows(4, 1);
        rows.Add([1], [1f], [0]);
        var error = Assert.Throws<ArgumentException>(() => MlpTrainer.Train(
            new(_architecture, new SoftmaxCrossEntropy(), rows) { Options = _options with { Ensemble = Ensemble.Shared() } }));
        Assert.Contains("SharedMembers is 8 (Ensemble.Shared); with sparse rows it must be 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Predict_SparseRows_AreScoredAsDenseOnes()
    {
        MlpModel model = RandomModels.Named("shared");
        var sparse = new SparseFeatures(6);
        sparse.Add([1, 4], [2f, -1f]);
        float[] score = new float[1];
        model.Predict(sparse, score);
        Assert.Equal(Bits.Of(RandomModels.Scores(model, [0, 2, 0, 0, -1, 0])), Bits.Of(score));
    }

    [Fact]
    public void HiddenLayers_FirstOneWithoutOwnWeights_IsRefused()
    {
        foreach (HiddenLayer first in (HiddenLayer[])[new(4) { Residual = true }, new(4) { Normalization = Normalization.Weight },
            new(4) { Normalization = Normalization.Cosine }])
        {
            MlpArchitecture architecture = new(4, 1) { HiddenLayers = [first] };
            var error = Assert.Throws<ArgumentException>(() => architecture with { SharedMembers = 2 });
            Assert.Contains("With 2 shared members, ", error.Message, StringComparison.Ordinal);
            Assert.Throws<ArgumentException>(() => new MlpArchitecture(4, 1) { SharedMembers = 2 } with { HiddenLayers = [first] });
        }

        Assert.Equal(2, new MlpArchitecture(4, 1) { SharedMembers = 2, HiddenLayers = [new(4), new(4) { Residual = true }] }.SharedMembers);
        Assert.Throws<ArgumentOutOfRangeException>(() => Ensemble.Shared(65));
        Assert.Throws<ArgumentOutOfRangeException>(() => Ensemble.Shared(0));
    }

    [Fact]
    public void Initialize_ScalesOfAFeature_AreSharedByItsInputs()
    {
        var layout = new ParameterLayout();
        var layer = new MemberScalesLayer(1000, 2, [.. Enumerable.Range(0, 1000).Select(j => j / 2)], 0, layout);
        var parameters = new ParameterVector(layout);
        parameters.Initialize(new SeededRandom(1));
        float[] scales = parameters.Value(layout.Parameters[0]).ToArray();
        Assert.Equal(2 * 500, scales.Distinct().Count());
        Assert.Equal(1, Math.Sqrt(scales.Average(scale => (double)scale * scale)), 0.1);
        Assert.Equal((2, 1000), (layer.RowsPerRow, layer.OutputSize));
    }

    [Fact]
    public void Predict_SharedMembers_AllocatesNothing()
    {
        MlpModel model = RandomModels.Named("shared");
        float[] features = RandomModels.Features(model, 40), scores = new float[40], deviations = new float[40];
        var passes = new MonteCarloDropout { Passes = 2 };
        Assert.Equal(0, Allocations.Of(() => model.Predict(features.AsSpan(0, 6), scores.AsSpan(0, 1))));
        Assert.Equal(0, Allocations.Of(() => model.Predict(features, scores, 40)));
        Assert.Equal(0, Allocations.Of(() => model.PredictWithUncertainty(features, scores, deviations, 40, passes)));
    }

    private static MlpTrainingResult Train(Loss loss, MlpTrainingOptions options, MlpArchitecture? architecture = null, IRowSource? rows = null,
        IRowSource? validation = null, MlpModel? initial = null) =>
        MlpTrainer.Train(new(architecture ?? _architecture, loss, rows ?? SmallData.For(loss, 50, outputs: architecture?.OutputSize ?? 3))
        {
            Options = options,
            Validation = validation,
            InitialModel = initial,
        });

    private static float[] SmallTargets(Loss loss, int rows, int outputs) => [.. Enumerable.Range(0, rows).SelectMany(row => loss is KullbackLeiblerDivergence
        ? [0.5f, 0.25f, 0.25f] : SmallData.Row(loss, row, outputs: outputs).Targets)];

    /// <summary>The parameters of a network with their gradients, and the sum of the losses.</summary>
    private static (ParameterVector Parameters, double Loss) Gradients(MlpArchitecture architecture, ReadOnlySpan<float> values, Loss loss, RowBatch batch)
    {
        using var team = new ThreadTeam(1);
        var network = new MlpNetwork(architecture, batch.Count);
        network.Parameters.Restore(values);
        var pass = new Pass(PassMode.Training, network.Parameters, team, new SeededRandom(1));
        double sum = network.Differentiate(loss, network.Forward(pass, batch), batch, 1, units: null, team).Loss;
        network.Backward(pass, batch);
        return (network.Parameters, sum);
    }

    private static double[] Value(ParameterVector parameters, string name) => Widen(parameters.Value(Find(parameters, name)));

    private static double[] Gradient(ParameterVector parameters, string name) => Widen(parameters.Gradient(Find(parameters, name)));

    private static Parameter Find(ParameterVector parameters, string name) => parameters.Layout.Parameters.Single(parameter => parameter.Name == name);

    private static double[] Widen(ReadOnlySpan<float> values) => Array.ConvertAll(values.ToArray(), value => (double)value);

    private static void AssertNear(double[] expected, double[] actual)
    {
        double tolerance = 2e-5 * expected.Max(Math.Abs);
        Assert.Equal(expected.Length, actual.Length);
        Assert.True(tolerance > 0);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, tolerance));
    }
}
