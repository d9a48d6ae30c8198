using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// Joins the shards of a training that are here with those that are elsewhere. Every process that has some makes the same calls in the same order.
/// </summary>
internal interface IShardExchange
{
    /// <summary>The first of the shards whose rows are here.</summary>
    int First { get; }

    /// <summary>Behind the last of them.</summary>
    int End { get; }

    /// <summary>The number of elements of which a slice that is added up on its own should at least consist.</summary>
    int SliceLength { get; }

    /// <summary>
    /// Begins to add up the gradients of all shards, or a slice of them, and does not wait for others. Slices follow each other from the end of the gradient
    /// to its beginning; nothing that is given may be used before <see cref="Finish"/>.
    /// </summary>
    /// <param name="here">The gradients of the shards that are here.</param>
    /// <param name="total">Receives the sum over all shards, as <see cref="ShardTree"/> adds them.</param>
    /// <param name="first">The first of the elements of <paramref name="total"/> that are meant; there are as many as <paramref name="here"/> has.</param>
    /// <param name="rounding">
    /// Rounds the sum to 16 bits, each part of it where it is added up; the gradients that are here are rounded already. Null: nothing is rounded.
    /// </param>
    void Begin(ShardTree here, AlignedBuffer total, int first, GradientRounding? rounding);

    /// <summary>Waits until all that was begun is added up, and makes the numbers of all shards known.</summary>
    /// <param name="numbers">[shards, any]: the rows of the shards that are here; receives those of the others.</param>
    /// <returns>Whether the training goes on: false, for all processes at the same step, if it was asked to stop.</returns>
    /// <exception cref="OperationCanceledException">There is no answer from elsewhere any more.</exception>
    bool Finish(Span<double> numbers);

    /// <summary>Makes the numbers of all shards known.</summary>
    /// <param name="numbers">[shards, any]: the rows of the shards that are here; receives those of the others.</param>
    /// <exception cref="OperationCanceledException">There is no answer from elsewhere any more.</exception>
    void Share(Span<double> numbers);
}
