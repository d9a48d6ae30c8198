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

    /// <summary>Adds up the gradients of all shards.</summary>
    /// <param name="here">The gradients of the shards that are here.</param>
    /// <param name="total">Receives the sum over all shards, as <see cref="ShardTree"/> adds them.</param>
    /// <param name="numbers">[shards, any]: the rows of the shards that are here; receives those of the others.</param>
    /// <param name="rounding">
    /// Rounds the sum to 16 bits, each part of it where it is added up; the gradients that are here are rounded already. Null: nothing is rounded.
    /// </param>
    /// <returns>Whether the training goes on: false, for all processes at the same step, if it was asked to stop.</returns>
    /// <exception cref="OperationCanceledException">There is no answer from elsewhere any more.</exception>
    bool Sum(ShardTree here, Span<float> total, Span<double> numbers, GradientRounding? rounding);

    /// <summary>Makes the numbers of all shards known.</summary>
    /// <param name="numbers">[shards, any]: the rows of the shards that are here; receives those of the others.</param>
    /// <exception cref="OperationCanceledException">There is no answer from elsewhere any more.</exception>
    void Share(Span<double> numbers);
}
