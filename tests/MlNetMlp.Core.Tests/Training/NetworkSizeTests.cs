namespace MlNetMlp.Core.Tests;

/// <summary>Options that ask for more than there is are refused by name, before anything is allocated.</summary>
public sealed class NetworkSizeTests
{
    private const long MostBytes = 1 << 20;

    private static readonly SquaredError _loss = new();
    private static readonly MlpTrainingOptions _options = new() { NumberOfEpochs = 1, NumberOfThreads = 1, Seed = 1 };

    /// <summary>Hidden layers, options, and what the message has to say.</summary>
    private static readonly Dictionary<string, (HiddenLayer[] Layers, MlpTrainingOptions Options, string[] Message)> _cases = new()
    {
        // 5 values for each unit, the bias among them, and 3 more for the output layer, which has 3 biases.
        ["600,000,000 units"] = ([new(600_000_000)], _options, ["4-600000000-3 has 4800000003 parameters", "hidden layer 1", "HiddenLayers"]),
        ["int.MaxValue units"] = ([new(8), new(int.MaxValue)], _options, ["8-2147483647-3", "hidden layer 2", "HiddenLayers"]),
        ["two wide layers"] = ([new(1_000_000), new(1_000_000)], _options, ["hidden layer 2", "1000000 inputs", "HiddenLayers"]),
        ["Maxout of int.MaxValue"] = ([new(8) { Activation = Activation.Maxout(int.MaxValue) }], _options, ["hidden layer 1", "Maxout", "HiddenLayers"]),
        ["10,001 layers"] = ([.. Enumerable.Repeat(new HiddenLayer(1), 10_001)], _options, ["10001 hidden layers", "HiddenLayers"]),
        ["int.MaxValue networks"] = ([new(8)], _options with { Ensemble = Ensemble.Seeds(int.MaxValue) }, ["2147483647 networks", "Ensemble"]),
        ["L-BFGS with much memory"] = ([new(20_000_000)], _options with { Optimizer = new Lbfgs { Memory = 1000 } },
            ["Lbfgs needs at least", "GiB", "HiddenLayers"]),
    };

    public static TheoryData<string> Cases => [.. _cases.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Train_MoreThanThereIs_IsRefusedByNameBeforeAnythingIsAllocated(string name)
    {
        (HiddenLayer[] layers, MlpTrainingOptions options, string[] message) = _cases[name];
        var task = new TrainingTask(new(4, 3) { HiddenLayers = layers }, _loss, SmallData.For(_loss, 40)) { Options = options };
        Record.Exception(() => MlpTrainer.Train(task));

        long before = GC.GetAllocatedBytesForCurrentThread();
        Exception? exception = Record.Exception(() => MlpTrainer.Train(task));
        long taken = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.IsType<ArgumentException>(exception);
        Assert.All(message, part => Assert.Contains(part, exception.Message, StringComparison.Ordinal));
        Assert.InRange(taken, 0, MostBytes);
    }

    /// <summary>4 bytes for value, gradient, best value and two averages of each of so many parameters that it is just more than there is.</summary>
    [Fact]
    public void Train_JustMoreThanTheMemory_SaysBothSizes()
    {
        long there = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        int units = (int)Math.Min(there / (4 * 5 * 8) + 1, int.MaxValue / 8);
        var task = new TrainingTask(new(4, 3) { HiddenLayers = [new(units)] }, _loss, SmallData.For(_loss, 40))
        {
            Options = _options with { Optimizer = new Adam() },
        };

        string message = Assert.Throws<ArgumentException>(() => MlpTrainer.Train(task)).Message;

        Assert.Contains(FormattableString.Invariant($"hidden layer 1, 4 inputs for each of {units} sums"), message, StringComparison.Ordinal);
        Assert.True(message.Contains("GiB", StringComparison.Ordinal) || 8.0 * units + 3 > Array.MaxLength / 2, message);
    }

    [Fact]
    public void Rows_OfMoreThanAnArrayHolds_AreRefusedByName()
    {
        foreach (Func<object> create in (Func<object>[])[() => new InMemoryRows(int.MaxValue, 1), () => new DiskRows(int.MaxValue, 1)])
        {
            string message = Assert.Throws<ArgumentOutOfRangeException>("featureCount", create).Message;
            Assert.StartsWith("A row of 2147483647 features and 1 targets has 8589934596 bytes", message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Train_HugeOptionsThatNeedNothing_AreTrained()
    {
        var options = _options with
        {
            BatchSize = int.MaxValue,
            EarlyStopping = new() { Patience = int.MaxValue },
            Optimizer = new Lbfgs { Memory = 1000 },
        };
        MlpTrainingResult result = MlpTrainer.Train(new(new(4, 3) { HiddenLayers = [new(8)] }, _loss, SmallData.For(_loss, 40)) { Options = options });
        Assert.Single(result.History);
    }
}
