using System.Globalization;

namespace MlNetMlp;

/// <summary>Refuses a network that an array, a file or the memory has no room for, before anything is allocated.</summary>
/// <remarks>
/// What a training needs is estimated from below, by what it has for certain: of every parameter the value, the gradient, the best value so far and the
/// optimizer's numbers, 4 bytes each, and of every row of a mini-batch each sum and its gradient. In floating point, which no sizes can overflow.
/// </remarks>
internal static class NetworkSize
{
    private const double Gibibyte = 1 << 30;
    private const int ArraysOfParameters = 3, ArraysOfSums = 2;

    /// <param name="architecture">The network.</param>
    /// <param name="options">How it is trained.</param>
    /// <param name="batchSize">The rows of a mini-batch; 1 while they are not known.</param>
    /// <exception cref="ArgumentException">There is no room.</exception>
    public static void Check(MlpArchitecture architecture, MlpTrainingOptions options, int batchSize = 1)
    {
        int networks = options.EnsembleOfNetworks?.Members ?? 1, members = architecture.SharedMembers;
        if (ModelBudget.Problem(architecture, networks) is { } problem)
        {
            throw new ArgumentException($"The trained model could not be saved: {problem}. Fewer {nameof(architecture.HiddenLayers)} or a smaller " +
                $"{nameof(options.Ensemble)} are needed.");
        }

        double inputs = architecture.InputSize, parameters = members > 1 ? members * inputs : 0, sums = inputs, most = 0, widest = inputs;
        string largest = "";
        for (int i = 0; i <= architecture.HiddenLayers.Count; i++)
        {
            HiddenLayer? layer = i < architecture.HiddenLayers.Count ? architecture.HiddenLayers[i] : null;
            double own = layer is null ? architecture.OutputSize : (double)layer.Units * layer.Activation.SumsPerUnit;
            double weights = (inputs + 1) * own * (layer is null ? members : 1);
            if (weights > most)
            {
                most = weights;
                largest = layer is null ? Invariant($"the output layer, {inputs} inputs for each of {own} outputs")
                    : Invariant($"hidden layer {i + 1}, {inputs} inputs for each of {own} sums of {layer.Units} units with {layer.Activation}");
            }

            parameters += weights;
            sums += own * members;
            widest = Math.Max(widest, own);
            inputs = layer?.Units ?? 0;
        }

        string network = Invariant($"The network {architecture} has {parameters:0} parameters, most of them in {largest}");
        if (parameters > Array.MaxLength / 2)
        {
            throw new ArgumentException(Invariant($"{network}; at most {Array.MaxLength / 2} are possible. ") +
                $"Fewer units in {nameof(architecture.HiddenLayers)} are needed.");
        }

        if (batchSize * widest * members > Array.MaxLength / 2)
        {
            throw new ArgumentException(
                Invariant($"The mini-batches have {batchSize} rows, and the widest layer has {widest * members:0} sums for each; ") +
                Invariant($"together they may have {Array.MaxLength / 2}. A smaller {nameof(options.BatchSize)}, or fewer units in ") +
                $"{nameof(architecture.HiddenLayers)}, are needed.");
        }

        int arrays = ArraysOfParameters + StateOf(options.Optimizer) + (options.WeightAveraging is null ? 0 : 1);
        double bytes = sizeof(float) * (parameters * arrays + ArraysOfSums * sums * batchSize);
        long there = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (bytes > there)
        {
            throw new ArgumentException(
                Invariant($"{network}. With mini-batches of {batchSize} rows, {options.Optimizer.GetType().Name} needs at least {bytes / Gibibyte:0.0} GiB ") +
                Invariant($"of memory to train it; there are {there / Gibibyte:0.0} GiB. Fewer units in {nameof(architecture.HiddenLayers)}, or a smaller ") +
                $"{nameof(options.BatchSize)}, need less.");
        }
    }

    /// <summary>How many numbers an optimizer keeps of every parameter.</summary>
    private static int StateOf(Optimizer optimizer)
    {
        const int parameters = 64;
        return optimizer switch
        {
            MiniBatchOptimizer rule => rule.CreateRule(parameters).State.Count(state => state.Values.Length >= parameters),
            Lbfgs lbfgs => 2 * lbfgs.Memory,
            _ => 0,
        };
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
