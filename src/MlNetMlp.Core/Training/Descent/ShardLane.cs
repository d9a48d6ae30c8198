namespace MlNetMlp;

/// <summary>Where the rows of one shard pass through a network, so that others can do it side by side: it has buffers of its own.</summary>
/// <param name="network">The network.</param>
/// <param name="batch">Receives the rows.</param>
internal sealed class ShardLane(MlpNetwork network, RowBatch batch)
{
    public MlpNetwork Network => network;

    public RowBatch Batch => batch;

    /// <summary>The last pass.</summary>
    public Pass Pass { get; set; }

    /// <summary>Passes a slice of the gradient of the last pass backward, after all those before it.</summary>
    /// <param name="slice">The slice.</param>
    /// <returns>The elements of the slice, which the next lane overwrites; zeros if there were no rows.</returns>
    public Span<float> Backward(GradientSlice slice)
    {
        Span<float> gradient = network.Parameters.Gradients.Span.Slice(slice.First, slice.Length);
        if (batch.Count > 0)
        {
            network.BackwardSlice(Pass, batch, slice);
        }
        else
        {
            gradient.Clear();
        }

        return gradient;
    }
}
