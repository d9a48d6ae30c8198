using System.Diagnostics;
using System.Runtime.InteropServices;
using MlNetMlp.Numerics;

namespace MlNetMlp.Search;

/// <summary>
/// Adds up the gradients of all silos of a training: each of them adds up a part of the elements, for which the others send it their sums, and sends the
/// total to all (reduce-scatter and all-gather). All of it goes on while the silo computes.
/// </summary>
/// <remarks>
/// Of W silos each sends and receives <c>2 (W - 1) / W</c> times a gradient, whatever their number, if the shards of each are a power of two and begin at a
/// multiple of it; else there is more than one sum to send. Parts are cut into pieces, so that the totals of the first are on their way while the others
/// are added up. Rolf Rabenseifner, Optimization of Collective Reduction Operations, 2004.
/// </remarks>
/// <param name="job">The training.</param>
/// <param name="mailbox">Receives what others send.</param>
/// <param name="send">Sends a message to the silo in a place; does not wait, and closes the mailbox if it does not arrive.</param>
internal sealed class ShardExchange(ShardJob job, Mailbox mailbox, Action<int, ShardMessage> send) : IShardExchange
{
    private readonly ShardTree _sums = new(ExchangedSlice.LongestPiece);
    private readonly float[] _part = new float[ExchangedSlice.LongestPiece];
    private readonly int[][] _blocks =
        [.. job.Peers.Select(peer => ShardTree.BlocksOf(peer.First, peer.End).SelectMany(block => new[] { block.First, block.Count }).ToArray())];

    private readonly List<Task> _work = [];
    private Task _adding = Task.CompletedTask;
    private int _pieces;
    private long _round = 1;
    private volatile bool _wantsStop;

    public int First => job.Here.First;

    public int End => job.Here.End;

    public int SliceLength => Silos == 1 ? int.MaxValue : ExchangedSlice.ShortestPiece * Silos;

    private int Silos => job.Peers.Count;

    /// <summary>The other silos; everybody begins with another one.</summary>
    private IEnumerable<int> Others => Enumerable.Range(1, Silos - 1).Select(i => (job.Place + i) % Silos);

    /// <summary>Asks all silos to stop after the next step.</summary>
    public void WantStop() => _wantsStop = true;

    public void Begin(ShardTree here, AlignedBuffer total, int first, GradientRounding? rounding)
    {
        if (Silos == 1)
        {
            Span<float> all = total.Span.Slice(first, here.Length);
            here.TakeTotal(all);
            rounding?.Round(first, all);
            return;
        }

        var slice = new ExchangedSlice(here, total, first, rounding, Silos, _round, _pieces);
        _pieces += slice.PiecesOfPart;
        foreach (int receiver in Others)
        {
            SendPart(receiver, slice);
        }

        Task before = _adding;
        _adding = Task.Run(() => AddUp(slice, before));
        _work.Add(_adding);
        _work.Add(Receive(slice));
    }

    public bool Finish(Span<double> numbers)
    {
        long start = Stopwatch.GetTimestamp();
        bool goesOn = ExchangeNumbers(numbers);
        Task.WhenAll(_work).GetAwaiter().GetResult();
        _work.Clear();
        _pieces = 0;
        TrainingMetrics.Exchanging.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
        return goesOn;
    }

    public void Share(Span<double> numbers) => ExchangeNumbers(numbers);

    /// <summary>The numbers of the shards that are here to all, and theirs here; whether nobody wants to stop.</summary>
    private bool ExchangeNumbers(Span<double> numbers)
    {
        int columns = numbers.Length / job.Options.Shards;
        bool wantsStop = _wantsStop;
        byte[] own = [wantsStop ? (byte)1 : (byte)0, .. MemoryMarshal.AsBytes(numbers[(First * columns)..(End * columns)])];
        foreach (int receiver in Others)
        {
            send(receiver, new ShardMessage(job.Place, _round, ShardMessageKind.Numbers, 0, own));
        }

        foreach (int sender in Others)
        {
            ReadOnlySpan<byte> theirs = mailbox.Take(_round, ShardMessageKind.Numbers, 0, sender).GetAwaiter().GetResult();
            wantsStop |= theirs[0] != 0;
            theirs[1..].CopyTo(MemoryMarshal.AsBytes(numbers[(job.Peers[sender].First * columns)..(job.Peers[sender].End * columns)]));
        }

        _round++;
        return !wantsStop;
    }

    /// <summary>Whether a silo sends its part of a sum in 16 bits: what it has is rounded if it is the gradient of one shard.</summary>
    private bool IsPacked(int place, ExchangedSlice slice) => slice.Rounding is not null && job.Peers[place].End - job.Peers[place].First == 1;

    private void SendPart(int receiver, ExchangedSlice slice)
    {
        bool isPacked = IsPacked(job.Place, slice);
        foreach (ExchangedPiece piece in slice.PiecesOf(receiver))
        {
            int bytes = piece.BytesOf(isPacked);
            byte[] content = GC.AllocateUninitializedArray<byte>(slice.Here.Blocks.Count * bytes);
            for (int i = 0; i < slice.Here.Blocks.Count; i++)
            {
                ExchangedPiece.Pack(slice.Here.Blocks[i].Sum.Span.Slice(piece.First, piece.Count), isPacked, content.AsSpan(i * bytes, bytes));
            }

            send(receiver, new ShardMessage(job.Place, slice.Round, ShardMessageKind.Part, piece.Number, content));
        }
    }

    /// <summary>Adds up the part of this silo, after those of earlier slices, and sends it to all.</summary>
    private async Task AddUp(ExchangedSlice slice, Task before)
    {
        await before.ConfigureAwait(false);
        foreach (ExchangedPiece piece in slice.PiecesOf(job.Place))
        {
            for (int sender = 0; sender < Silos; sender++)
            {
                if (sender == job.Place)
                {
                    AddOwn(slice, piece);
                }
                else
                {
                    byte[] content = await mailbox.Take(slice.Round, ShardMessageKind.Part, piece.Number, sender).ConfigureAwait(false);
                    Add(sender, piece.Count, content, IsPacked(sender, slice));
                }
            }

            SendTotal(slice, piece);
        }
    }

    private void AddOwn(ExchangedSlice slice, ExchangedPiece piece)
    {
        foreach (ShardTree.Block block in slice.Here.Blocks)
        {
            _sums.Add(block.First, block.Count, block.Sum.Span.Slice(piece.First, piece.Count));
        }
    }

    private void Add(int sender, int count, byte[] content, bool isPacked)
    {
        ReadOnlySpan<float> sums = MemoryMarshal.Cast<byte, float>(content);
        if (isPacked)
        {
            ExchangedPiece.Unpack(content, isPacked, _part.AsSpan(0, count));
            sums = _part;
        }

        for (int i = 0; i < _blocks[sender].Length / 2; i++)
        {
            _sums.Add(_blocks[sender][2 * i], _blocks[sender][2 * i + 1], sums.Slice(i * count, count));
        }
    }

    private void SendTotal(ExchangedSlice slice, ExchangedPiece piece)
    {
        Span<float> total = slice.TotalOf(piece);
        _sums.TakeTotal(total);
        slice.Rounding?.Round(slice.First + piece.First, total);
        bool isPacked = slice.Rounding is not null;
        byte[] content = GC.AllocateUninitializedArray<byte>(piece.BytesOf(isPacked));
        ExchangedPiece.Pack(total, isPacked, content);
        foreach (int receiver in Others)
        {
            send(receiver, new ShardMessage(job.Place, slice.Round, ShardMessageKind.Total, piece.Number, content));
        }
    }

    /// <summary>Receives the parts that others have added up.</summary>
    private async Task Receive(ExchangedSlice slice)
    {
        foreach (int sender in Others)
        {
            foreach (ExchangedPiece piece in slice.PiecesOf(sender))
            {
                byte[] content = await mailbox.Take(slice.Round, ShardMessageKind.Total, piece.Number, sender).ConfigureAwait(false);
                ExchangedPiece.Unpack(content, slice.Rounding is not null, slice.TotalOf(piece));
            }
        }
    }
}
