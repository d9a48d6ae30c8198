using MlNetMlp.Numerics;

namespace MlNetMlp.Search;

/// <summary>A slice of the gradient whose sum over all silos is on its way, see <see cref="IShardExchange.Begin"/>.</summary>
/// <param name="Here">The gradients of the shards that are here.</param>
/// <param name="Total">Receives the sum.</param>
/// <param name="First">The first of its elements in <paramref name="Total"/>.</param>
/// <param name="Rounding">Rounds the sum; or null.</param>
/// <param name="Silos">How many silos share the adding.</param>
/// <param name="Round">The exchange, from 1.</param>
/// <param name="FirstPiece">The number of its first piece in the part of a silo.</param>
internal sealed record ExchangedSlice(ShardTree Here, AlignedBuffer Total, int First, GradientRounding? Rounding, int Silos, long Round, int FirstPiece)
{
    /// <summary>Elements of the longest piece, a mebibyte, and about those of the shortest that is worth a message.</summary>
    public const int LongestPiece = 1 << 18, ShortestPiece = 1 << 16;

    /// <summary>Pieces begin on a cache line.</summary>
    private const int Alignment = 16;

    /// <summary>The number of pieces of the part that a silo adds up.</summary>
    public int PiecesOfPart { get; } = (int)((Here.Length - 1) / ((long)Silos * (LongestPiece - Alignment))) + 1;

    /// <summary>The pieces of the part that the silo in a place adds up, without those that are empty.</summary>
    public IEnumerable<ExchangedPiece> PiecesOf(int place)
    {
        for (int i = 0; i < PiecesOfPart; i++)
        {
            int number = place * PiecesOfPart + i, first = Start(number), count = Start(number + 1) - first;
            if (count > 0)
            {
                yield return new ExchangedPiece(FirstPiece + i, first, count);
            }
        }
    }

    /// <summary>Where the sum of a piece belongs.</summary>
    public Span<float> TotalOf(ExchangedPiece piece) => Total.Span.Slice(First + piece.First, piece.Count);

    private int Start(int number)
    {
        int pieces = Silos * PiecesOfPart;
        return number == pieces ? Here.Length : (int)((long)Here.Length * number / pieces) / Alignment * Alignment;
    }
}
