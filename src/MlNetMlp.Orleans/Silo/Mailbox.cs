namespace MlNetMlp.Search;

/// <summary>What other silos have sent and nobody has taken yet.</summary>
internal sealed class Mailbox
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(long Round, ShardMessageKind Kind, int Piece, int Sender), TaskCompletionSource<byte[]>> _messages = [];
    private bool _isClosed;

    public void Put(ShardMessage message)
    {
        lock (_lock)
        {
            if (!_isClosed)
            {
                Of((message.Round, message.Kind, message.Piece, message.Sender)).TrySetResult(message.Content);
            }
        }
    }

    /// <summary>The content of a message, as soon as it is there; to be called once for each.</summary>
    /// <exception cref="OperationCanceledException">Nobody will send it any more.</exception>
    public async Task<byte[]> Take(long round, ShardMessageKind kind, int piece, int sender)
    {
        Task<byte[]> message;
        lock (_lock)
        {
            message = _isClosed ? Task.FromException<byte[]>(Closed()) : Of((round, kind, piece, sender)).Task;
        }

        byte[] content = await message.ConfigureAwait(false);
        lock (_lock)
        {
            _messages.Remove((round, kind, piece, sender));
        }

        return content;
    }

    /// <summary>Ends the waiting.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _isClosed = true;
            foreach (TaskCompletionSource<byte[]> message in _messages.Values)
            {
                message.TrySetException(Closed());
            }

            _messages.Clear();
        }
    }

    private static OperationCanceledException Closed() => new("A silo of the training is out of reach, or the training has ended.");

    private TaskCompletionSource<byte[]> Of((long Round, ShardMessageKind Kind, int Piece, int Sender) message)
    {
        if (!_messages.TryGetValue(message, out TaskCompletionSource<byte[]>? source))
        {
            // Whoever sends it does not wait for what is made of it.
            source = new TaskCompletionSource<byte[]>(TaskCreationOptions.RunContinuationsAsynchronously);
            _messages.Add(message, source);
        }

        return source;
    }
}
