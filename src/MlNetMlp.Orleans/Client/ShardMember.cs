using System.Runtime.InteropServices;
using Orleans.Runtime;
using Orleans.Runtime.Placement;

namespace MlNetMlp.Search;

/// <summary>A silo that has a part in an attempt of a training, as the client sees it.</summary>
/// <param name="peer">Which.</param>
/// <param name="grain">Its grain.</param>
/// <param name="training">The training.</param>
/// <param name="attempt">The attempt.</param>
internal sealed class ShardMember(ShardPeer peer, IShardGrain grain, string training, int attempt)
{
    /// <summary>The elements of a call: a mebibyte.</summary>
    private const int ElementsAtOnce = 1 << 18;

    private static readonly TimeSpan _poll = TimeSpan.FromSeconds(1);

    /// <summary>Nothing that is not waited for at the silo takes so long, unless the silo is no more.</summary>
    private static readonly TimeSpan _longestAnswer = TimeSpan.FromSeconds(30);

    public ShardPeer Peer => peer;

    /// <summary>Has the silo do something, and waits for it.</summary>
    public async Task<ShardOutcome> Perform(ShardOperation operation, CancellationToken lost)
    {
        await grain.Begin(training, attempt, operation).WaitAsync(_longestAnswer, lost).ConfigureAwait(false);
        ShardOutcome? outcome;
        do
        {
            outcome = await grain.Wait(training, attempt, _poll).WaitAsync(_longestAnswer, lost).ConfigureAwait(false);
        }
        while (outcome is null);

        return outcome;
    }

    public Task Stop()
    {
        Aim();
        return grain.Stop(training, attempt);
    }

    public Task Release()
    {
        Aim();
        return grain.Release(training);
    }

    /// <summary>Whenever the grain of the silo has to be made anew, by a call in this context, it is on that silo.</summary>
    public void Aim() => RequestContext.Set(IPlacementDirector.PlacementHintKey, SiloAddress.FromParsableString(peer.Silo));

    /// <summary>Copies the state of the silo into buffers.</summary>
    public async Task Read(IReadOnlyList<OptimizerState> state, CancellationToken lost)
    {
        foreach ((int buffer, int first, int count) in Pieces(state))
        {
            byte[] values = await grain.Read(training, attempt, buffer, first, count).WaitAsync(_longestAnswer, lost).ConfigureAwait(false);
            MemoryMarshal.Cast<byte, float>(values).CopyTo(state[buffer].Values.Span[first..]);
        }
    }

    /// <summary>Copies buffers into the state of the silo.</summary>
    public async Task Write(IReadOnlyList<OptimizerState> state, CancellationToken lost)
    {
        foreach ((int buffer, int first, int count) in Pieces(state))
        {
            byte[] values = MemoryMarshal.AsBytes(state[buffer].Values.Span.Slice(first, count)).ToArray();
            await grain.Write(training, attempt, buffer, first, values).WaitAsync(_longestAnswer, lost).ConfigureAwait(false);
        }
    }

    private static IEnumerable<(int Buffer, int First, int Count)> Pieces(IReadOnlyList<OptimizerState> state)
    {
        for (int buffer = 0; buffer < state.Count; buffer++)
        {
            int length = state[buffer].Values.Length;
            for (int first = 0; first < length; first += ElementsAtOnce)
            {
                yield return (buffer, first, Math.Min(ElementsAtOnce, length - first));
            }
        }
    }
}
