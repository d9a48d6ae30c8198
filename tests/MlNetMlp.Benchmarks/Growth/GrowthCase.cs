namespace MlNetMlp.Benchmarks.Growth;

/// <summary>A training whose epochs are measured.</summary>
/// <param name="Value">The value of the quantity that grows.</param>
/// <param name="Sizes">The sizes of the layers, the features first.</param>
/// <param name="BatchSize">The rows of a mini-batch.</param>
/// <param name="Rows">The rows of an epoch.</param>
/// <param name="Threads">The threads that train.</param>
internal sealed record GrowthCase(int Value, int[] Sizes, int BatchSize, int Rows, int Threads = 1)
{
    public string Network => string.Join('-', Sizes);

    /// <summary>
    /// The multiply-adds of the products for a row: forward, the gradient of the weights and, but for the first layer, that of the inputs. What
    /// is done once for each unit, and the optimizer's step, are not among them.
    /// </summary>
    public double MultiplyAddsOfRow => Sizes.Zip(Sizes.Skip(1), (inputs, outputs) => 3.0 * inputs * outputs).Sum() - (1.0 * Sizes[0] * Sizes[1]);

    public double Batches => Math.Ceiling(Rows / (double)BatchSize);
}
