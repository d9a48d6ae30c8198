using System.Runtime.ExceptionServices;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>Gathers the mini-batches of an epoch on a thread of its own, a few ahead of the one that learns from them.</summary>
/// <remarks>
/// The mini-batches lie in a ring. The reading thread sleeps when the ring is full and is woken when half of it is free, so that small mini-batches do
/// not cost a wake each. What a mini-batch holds does not depend on when it is gathered, so neither does what is learned.
/// </remarks>
internal sealed class ReadAhead
{
    /// <summary>The ring takes about this much, so that it stays in the processor's cache.</summary>
    private const long RingBytes = 1 << 18;
    private const int FewestInRing = 2;
    private const int MostInRing = 16;

    private readonly BatchReader _reader;
    private readonly RowBatch[] _ring;
    private readonly object _gate = new();
    private Task? _reading;
    private int _gathered;
    private int _returned;
    private bool _ends;
    private ExceptionDispatchInfo? _failure;

    private ReadAhead(BatchReader reader, RowBatch[] ring)
    {
        _reader = reader;
        _ring = ring;
    }

    /// <summary>
    /// Reading ahead, or null where it does not pay: with one thread, or with a source that has all rows at hand, which is quicker than
    /// handing mini-batches from thread to thread.
    /// </summary>
    /// <param name="reader">Reads the rows to learn from; left to this object between <see cref="Start"/> and <see cref="End"/>.</param>
    /// <param name="batchSize">The most rows of a mini-batch.</param>
    /// <param name="threads">The number of threads that the training may use.</param>
    public static ReadAhead? Create(BatchReader reader, int batchSize, int threads)
    {
        IRowSource rows = reader.Source;
        if (threads == 1 || rows.ShuffleWindow >= rows.Count)
        {
            return null;
        }

        long bytesPerRow = (rows.FeatureCount + rows.TargetCount + 1L) * sizeof(float);
        var ring = new RowBatch[Math.Clamp(RingBytes / (batchSize * bytesPerRow), FewestInRing, MostInRing)];
        for (int i = 0; i < ring.Length; i++)
        {
            ring[i] = reader.CreateBatch(batchSize);
        }

        return new ReadAhead(reader, ring);
    }

    /// <summary>Begins with the first mini-batch of the epoch that <paramref name="order"/> is in.</summary>
    /// <param name="order">The order of the rows; it must stay as it is until <see cref="End"/>.</param>
    /// <param name="batches">Which of them make up each mini-batch.</param>
    public void Start(EpochOrder order, MiniBatches batches)
    {
        (_gathered, _returned, _ends, _failure) = (0, 0, false, null);
        _reading = Task.Factory.StartNew(
            () => Read(order, batches), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Waits for mini-batch number <paramref name="number"/>, which follows the one before; that one may be overwritten from now on.</summary>
    /// <exception cref="InvalidFeatureException">A feature of this mini-batch is refused. What the source throws comes here as well.</exception>
    public RowBatch Take(int number)
    {
        lock (_gate)
        {
            _returned = number;
            if (_gathered - _returned <= _ring.Length / 2)
            {
                Monitor.PulseAll(_gate);
            }

            while (_gathered <= number)
            {
                _failure?.Throw();
                Monitor.Wait(_gate);
            }
        }

        return _ring[number % _ring.Length];
    }

    /// <summary>Stops reading; afterwards nobody reads the rows. Does nothing if that is so already.</summary>
    public void End()
    {
        lock (_gate)
        {
            _ends = true;
            Monitor.PulseAll(_gate);
        }

        _reading?.Wait();
        _reading = null;
    }

    private void Read(EpochOrder order, MiniBatches batches)
    {
        try
        {
            for (int i = 0; i < batches.Count && WaitForRoom(i); i++)
            {
                _reader.Gather(batches.Of(order, i), _ring[i % _ring.Length]);
                lock (_gate)
                {
                    _gathered = i + 1;
                    Monitor.PulseAll(_gate);
                }
            }
        }
#pragma warning disable CA1031 // Whatever a source throws belongs to the thread that learns.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            lock (_gate)
            {
                _failure = ExceptionDispatchInfo.Capture(exception);
                Monitor.PulseAll(_gate);
            }
        }
    }

    /// <summary>False if nobody wants another mini-batch.</summary>
    private bool WaitForRoom(int number)
    {
        lock (_gate)
        {
            bool isFull = number - _returned >= _ring.Length;
            while (isFull && !_ends && number - _returned > _ring.Length / 2)
            {
                Monitor.Wait(_gate);
            }

            return !_ends;
        }
    }
}
