using Orleans.Runtime;
using Orleans.Runtime.Placement;

namespace MlNetMlp.Search;

/// <summary>The silos that share a training, as long as none of them is lost.</summary>
/// <param name="finder">Finds silos.</param>
/// <param name="members">The silos.</param>
internal sealed class ShardAttempt(SiloFinder finder, IReadOnlyList<ShardMember> members)
{
    private static readonly TimeSpan _looksPeriod = TimeSpan.FromMilliseconds(500), _longestLook = TimeSpan.FromSeconds(5);

    /// <summary>A cluster that does not say for so long which silos it has may have none.</summary>
    private static readonly TimeSpan _longestSilence = TimeSpan.FromSeconds(10);

    private long _lastLook;

    /// <summary>The number of silos.</summary>
    public int Silos => members.Count;

    /// <summary>Gives the shards to the silos that there are, and sends the rows that they do not have.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="finder">Finds its silos.</param>
    /// <param name="content">The rows.</param>
    /// <param name="job">The training; its silos and its attempt are left open.</param>
    /// <param name="network">The number of the network in its ensemble, from 0, which says where it begins to take silos.</param>
    /// <param name="attempt">The attempt.</param>
    /// <param name="cancellationToken">Ends the beginning.</param>
    /// <returns>Null: there is no silo.</returns>
    public static async Task<ShardAttempt?> Begin(
        IClusterClient client, SiloFinder finder, ContentStore content, ShardJob job, int network, int attempt, CancellationToken cancellationToken)
    {
        string[] all = await FindSilos(finder, cancellationToken).ConfigureAwait(false);
        if (all.Length == 0)
        {
            return null;
        }

        int first = (int)((long)network * job.Options.Shards % all.Length);
        string[] silos = [.. Enumerable.Range(first, Math.Min(job.Options.Shards, all.Length)).Select(number => all[number % all.Length])];
        ShardPeer[] peers =
        [
            .. silos.Select((silo, place) => new ShardPeer(silo, ShardedOrder.Start(job.Options.Shards, place, silos.Length),
                ShardedOrder.Start(job.Options.Shards, place + 1, silos.Length))),
        ];
        job = job with { Attempt = attempt, Peers = peers };
        await Task.WhenAll(peers.Select((_, place) => Join(client, content, job with { Place = place }, cancellationToken))).ConfigureAwait(false);
        return new ShardAttempt(finder,
        [
            .. peers.Select(peer => new ShardMember(
                peer, client.GetGrain<IShardGrain>(ShardJob.KeyOf(peer, job.Training, attempt)), job.Training, attempt)),
        ]);
    }

    /// <summary>The silos that train, in order.</summary>
    public static async Task<string[]> FindSilos(SiloFinder finder, CancellationToken cancellationToken)
    {
        IReadOnlyCollection<SiloAddress> active = await finder.Active().WaitAsync(_longestLook, cancellationToken).ConfigureAwait(false);
        WorkerDescription?[] found = await Task.WhenAll(active.Select(finder.Describe)).WaitAsync(cancellationToken).ConfigureAwait(false);
        return [.. found.OfType<WorkerDescription>().Select(silo => silo.Silo).Order(StringComparer.Ordinal)];
    }

    /// <summary>Has all silos do the same.</summary>
    /// <param name="operation">What.</param>
    /// <param name="cancellationToken">Makes them stop after the same step; they are waited for all the same.</param>
    /// <returns>What all of them came to.</returns>
    /// <exception cref="TrainingRunnerException">It would fail again.</exception>
    /// <exception cref="TrainingDivergedException">The training diverged.</exception>
    /// <exception cref="OperationCanceledException">A silo was lost. What else is thrown means the same.</exception>
    public async Task<ShardOutcome> Perform(ShardOperation operation, CancellationToken cancellationToken)
    {
        ShardOutcome[] outcomes = await Together((member, lost) => member.Perform(operation, lost), cancellationToken).ConfigureAwait(false);
        if (Array.Find(outcomes, outcome => outcome.Kind == ShardOutcomeKind.Failed) is { } failed)
        {
            throw new TrainingRunnerException($"The training failed on a silo of the cluster: {failed.Problem}");
        }

        if (Array.Exists(outcomes, outcome => outcome.Kind == ShardOutcomeKind.Lost))
        {
            throw new OperationCanceledException("A silo of the training is out of reach.");
        }

        ShardOutcome first = outcomes[0];
        if (first.Kind == ShardOutcomeKind.Diverged)
        {
            throw TrainingDivergedException.Repeat(first.Epoch, first.Problem!);
        }

        return Array.TrueForAll(outcomes, outcome => outcome.Parameters == first.Parameters && outcome.Loss.Equals(first.Loss)) ? first
            : throw new TrainingRunnerException(
                "The silos of the training have come to different parameters, although they did the same: their processors compute differently, " +
                "or one of them is faulty.");
    }

    /// <summary>Copies the state, which all silos have in common, into buffers.</summary>
    public Task Read(IReadOnlyList<OptimizerState> state) => members[0].Read(state, CancellationToken.None);

    /// <summary>Copies buffers into the state of all silos.</summary>
    public Task Write(IReadOnlyList<OptimizerState> state) => Together(
        async (member, lost) =>
        {
            await member.Write(state, lost).ConfigureAwait(false);
            return Environment.TickCount64 - _lastLook < _longestSilence.TotalMilliseconds;
        },
        CancellationToken.None);

    /// <summary>Ends the training on all silos that can be reached.</summary>
    public async Task Release() =>
        await Task.WhenAll(members.Select(member => member.Release())).WaitAsync(_longestLook).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private static async Task Join(IClusterClient client, ContentStore content, ShardJob job, CancellationToken cancellationToken)
    {
        RequestContext.Set(IPlacementDirector.PlacementHintKey, SiloAddress.FromParsableString(job.Here.Silo));
        IShardGrain grain = client.GetGrain<IShardGrain>(ShardJob.KeyOf(job.Here, job.Training, job.Attempt));
        byte[] bytes = job.ToBytes();
        TrainingRunnerException? problem = await RowDelivery.Send(
            job.Here.Silo, content, () => grain.Join(bytes).WaitAsync(cancellationToken), rows => grain.Store(rows).WaitAsync(cancellationToken))
            .ConfigureAwait(false);
        if (problem is not null)
        {
            throw problem;
        }
    }

    /// <summary>Calls all silos at the same time; as soon as one is lost, none is waited for.</summary>
    private async Task<T[]> Together<T>(Func<ShardMember, CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        using var lost = new CancellationTokenSource();
        _lastLook = Environment.TickCount64;
        Task<T[]> all = Task.WhenAll(members.Select(member => OfOne(member)));
        bool isStopping = false;
        while (!all.IsCompleted)
        {
            if (cancellationToken.IsCancellationRequested && !isStopping)
            {
                isStopping = true;
                await Task.WhenAll(members.Select(member => member.Stop())).WaitAsync(_longestLook, lost.Token)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            using var wake = CancellationTokenSource.CreateLinkedTokenSource(isStopping ? CancellationToken.None : cancellationToken);
            await Task.WhenAny(all, Task.Delay(_looksPeriod, wake.Token)).ConfigureAwait(false);
            if (!all.IsCompleted && !await AreActive().ConfigureAwait(false))
            {
                await lost.CancelAsync().ConfigureAwait(false);
            }
        }

        return await all.ConfigureAwait(false);

        async Task<T> OfOne(ShardMember member)
        {
            try
            {
                member.Aim();
                return await call(member, lost.Token).ConfigureAwait(false);
            }
            catch
            {
                await lost.CancelAsync().ConfigureAwait(false);
                throw;
            }
        }
    }

    /// <summary>False if the cluster has lost one of the silos.</summary>
    private async Task<bool> AreActive()
    {
        try
        {
            var active = (await finder.Active().WaitAsync(_longestLook).ConfigureAwait(false)).Select(silo => silo.ToParsableString())
                .ToHashSet(StringComparer.Ordinal);
            _lastLook = Environment.TickCount64;
            return members.All(member => active.Contains(member.Peer.Silo));
        }
        catch (Exception)
        {
            // The gateway may have gone; there are others, or it comes back.
            return true;
        }
    }
}
