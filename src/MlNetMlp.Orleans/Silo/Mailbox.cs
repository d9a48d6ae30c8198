namespace MlNetMlp.Search;

/// <summary>What other silos have sent and nobody has taken yet.</summary>
internal sealed class Mailbox
{
    private readonly object _gate = new();
    private readonly Dictionary<(long Round, ShardMessageKind Kind, int Piece, int Sender), byte[]> _messages = [];
    private bool _isClosed;

    public void Put(ShardMessage message)
    {
        lock (_gate)
        {
            if (!_isClosed)
            {
                _messages[(message.Round, message.Kind, message.Piece, message.Sender)] = message.Content;
                Monitor.PulseAll(_gate);
            }
        }
    }

    /// <summary>Waits for a message.</summary>
    /// <exception cref="OperationCanceledException">Nobody will send it any more.</exception>
    public byte[] Take(long round, ShardMessageKind kind, int piece, int sender)
    {
        lock (_gate)
        {
            byte[]? content;
            while (!_messages.Remove((round, kind, piece, sender), out content))
            {
                if (_isClosed)
                {
                    throw new OperationCanceledException("A silo of the training is out of reach, or the training has ended.");
                }

                Monitor.Wait(_gate);
            }

            return content;
        }
    }

    /// <summary>Ends the waiting.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            _messages.Clear();
            Monitor.PulseAll(_gate);
        }
    }
}
