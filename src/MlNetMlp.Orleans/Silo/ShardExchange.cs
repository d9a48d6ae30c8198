using System.Diagnostics;
using System.Runtime.InteropServices;
using MlNetMlp.Numerics;

namespace MlNetMlp.Search;

/// <summary>
/// Adds up the gradients of all silos of a training: each of them adds up a part of the elements, for which the others send it their sums, and sends the
/// total to all (reduce-scatter and all-gather).
/// </summary>
/// <remarks>
/// Of W silos each sends and receives <c>2 (W - 1) / W</c> times a gradient, whatever their number, if the shards of each are a power of two and begin at a
/// multiple of it; else there is more than one sum to send. Parts are cut into pieces, so that the totals of the first are on their way while the others
/// are added up. Rakesh Rabenseifner, Optimization of Collective Reduction Operations, 2004.
/// </remarks>
/// <param name="job">The training.</param>
/// <param name="mailbox">Receives what others send.</param>
/// <param name="send">Sends a message to the silo in a place; does not wait, and closes the mailbox if it does not arrive.</param>
internal sealed class ShardExchange(ShardJob job, Mailbox mailbox, Action<int, ShardMessage> send) : IShardExchange
{
    /// <summary>Elements of a piece: a mebibyte.</summary>
    private const int PieceLength = 1 << 18;

    /// <summary>Parts begin on a cache line.</summary>
    private const int Alignment = 16;

    private readonly ShardTree _sums = new(PieceLength);
    private readonly float[] _piece = new float[PieceLength];
    private readonly int[][] _blocks =
        [.. job.Peers.Select(peer => ShardTree.BlocksOf(peer.First, peer.End).SelectMany(block => new[] { block.First, block.Count }).ToArray())];

    private long _round;
    private volatile bool _wantsStop;

    public int First => job.Here.First;

    public int End => job.Here.End;

    private int Silos => job.Peers.Count;

    /// <summary>Asks all silos to stop after the next step.</summary>
    public void WantStop() => _wantsStop = true;

    public bool Sum(ShardTree here, Span<float> total, Span<double> numbers, GradientRounding? rounding)
    {
        long start = Stopwatch.GetTimestamp();
        bool goesOn = AddUp(here, total, numbers, rounding);
        TrainingMetrics.Exchanging.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
        return goesOn;
    }

    public void Share(Span<double> numbers) => ExchangeNumbers(numbers);

    private bool AddUp(ShardTree here, Span<float> total, Span<double> numbers, GradientRounding? rounding)
    {
        bool goesOn = ExchangeNumbers(numbers);
        if (Silos == 1)
        {
            here.TakeTotal(total);
            rounding?.Round(0, total);
            return goesOn;
        }

        for (int i = 1; i < Silos; i++)
        {
            // Everybody begins with another one.
            SendParts((job.Place + i) % Silos, here, total.Length, IsPacked(job.Place, rounding));
        }

        AddUpPart(here, total, rounding);
        for (int i = 1; i < Silos; i++)
        {
            int sender = (job.Place + i) % Silos;
            foreach ((int number, int first, int count) in PiecesOf(sender, total.Length))
            {
                Unpack(mailbox.Take(_round, ShardMessageKind.Total, number, sender), rounding is not null, total.Slice(first, count));
            }
        }

        return goesOn;
    }

    /// <summary>The pieces of the part that the silo in a place adds up.</summary>
    private IEnumerable<(int Number, int First, int Count)> PiecesOf(int place, int length)
    {
        int first = Start(place), end = Start(place + 1);
        for (int number = 0; first < end; number++, first += PieceLength)
        {
            yield return (number, first, Math.Min(PieceLength, end - first));
        }

        int Start(int place) => place == Silos ? length : (int)((long)length * place / Silos) / Alignment * Alignment;
    }

    /// <summary>The numbers of the shards that are here to all, and theirs here; whether nobody wants to stop.</summary>
    private bool ExchangeNumbers(Span<double> numbers)
    {
        _round++;
        int columns = numbers.Length / job.Options.Shards;
        bool wantsStop = _wantsStop;
        byte[] own = [wantsStop ? (byte)1 : (byte)0, .. MemoryMarshal.AsBytes(numbers[(First * columns)..(End * columns)])];
        for (int i = 1; i < Silos; i++)
        {
            send((job.Place + i) % Silos, new ShardMessage(job.Place, _round, ShardMessageKind.Numbers, 0, own));
        }

        for (int i = 1; i < Silos; i++)
        {
            int sender = (job.Place + i) % Silos;
            ReadOnlySpan<byte> theirs = mailbox.Take(_round, ShardMessageKind.Numbers, 0, sender);
            wantsStop |= theirs[0] != 0;
            theirs[1..].CopyTo(MemoryMarshal.AsBytes(numbers[(job.Peers[sender].First * columns)..(job.Peers[sender].End * columns)]));
        }

        return !wantsStop;
    }

    /// <summary>Whether a silo sends its part of a sum in 16 bits: what it has is rounded if it is the gradient of one shard.</summary>
    private bool IsPacked(int place, GradientRounding? rounding) => rounding is not null && job.Peers[place].End - job.Peers[place].First == 1;

    private static byte[] Pack(ReadOnlySpan<float> values, bool isPacked)
    {
        if (!isPacked)
        {
            return MemoryMarshal.AsBytes(values).ToArray();
        }

        byte[] content = new byte[values.Length * sizeof(ushort)];
        BFloat16.Pack(values, MemoryMarshal.Cast<byte, ushort>(content.AsSpan()));
        return content;
    }

    private static void Unpack(ReadOnlySpan<byte> content, bool isPacked, Span<float> values)
    {
        if (isPacked)
        {
            BFloat16.Unpack(MemoryMarshal.Cast<byte, ushort>(content)[..values.Length], values);
        }
        else
        {
            MemoryMarshal.Cast<byte, float>(content)[..values.Length].CopyTo(values);
        }
    }

    private void SendParts(int receiver, ShardTree here, int length, bool isPacked)
    {
        foreach ((int number, int first, int count) in PiecesOf(receiver, length))
        {
            if (isPacked)
            {
                byte[] packed = Pack(here.Blocks[0].Sum.Span.Slice(first, count), isPacked);
                send(receiver, new ShardMessage(job.Place, _round, ShardMessageKind.Part, number, packed));
                continue;
            }

            byte[] content = new byte[here.Blocks.Count * count * sizeof(float)];
            Span<float> values = MemoryMarshal.Cast<byte, float>(content.AsSpan());
            for (int i = 0; i < here.Blocks.Count; i++)
            {
                here.Blocks[i].Sum.Span.Slice(first, count).CopyTo(values[(i * count)..]);
            }

            send(receiver, new ShardMessage(job.Place, _round, ShardMessageKind.Part, number, content));
        }
    }

    /// <summary>Adds up the part of this silo and sends it to all.</summary>
    private void AddUpPart(ShardTree here, Span<float> total, GradientRounding? rounding)
    {
        foreach ((int number, int first, int count) in PiecesOf(job.Place, total.Length))
        {
            for (int sender = 0; sender < Silos; sender++)
            {
                if (sender == job.Place)
                {
                    foreach (ShardTree.Block block in here.Blocks)
                    {
                        _sums.Add(block.First, block.Count, block.Sum.Span.Slice(first, count));
                    }

                    continue;
                }

                byte[] part = mailbox.Take(_round, ShardMessageKind.Part, number, sender);
                if (IsPacked(sender, rounding))
                {
                    Unpack(part, isPacked: true, _piece.AsSpan(0, count));
                    _sums.Add(job.Peers[sender].First, 1, _piece.AsSpan(0, count));
                    continue;
                }

                ReadOnlySpan<float> theirs = MemoryMarshal.Cast<byte, float>(part);
                for (int i = 0; i < _blocks[sender].Length / 2; i++)
                {
                    _sums.Add(_blocks[sender][2 * i], _blocks[sender][2 * i + 1], theirs.Slice(i * count, count));
                }
            }

            _sums.TakeTotal(_piece.AsSpan(0, count));
            rounding?.Round(first, _piece.AsSpan(0, count));
            _piece.AsSpan(0, count).CopyTo(total[first..]);
            byte[] content = Pack(_piece.AsSpan(0, count), rounding is not null);
            for (int i = 1; i < Silos; i++)
            {
                send((job.Place + i) % Silos, new ShardMessage(job.Place, _round, ShardMessageKind.Total, number, content));
            }
        }
    }
}
