using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace MlNetMlp.Numerics;

/// <summary>A fixed number of threads that share out one piece of work after the other; the caller is one of them.</summary>
/// <remarks>
/// A run allocates nothing. The other threads spin for some half a millisecond after a run, because the next one usually follows at once,
/// and then sleep. The caller never waits for a thread that has not yet woken: tiles are claimed one by one, so a late thread finds
/// the run closed and goes back to sleep. A thread says on a cache line of its own that it is inside a run: if all of them counted in one place, as many
/// threads as a large machine has would wait for that line longer than a small product takes. A team serves one caller at a time.
/// <para>
/// Every thread has a stretch of the tiles of its own, the same in every run of as many tiles, and helps out elsewhere once that is done. So what it
/// wrote in one run is in its own cache in the next: on processors whose cores do not all share a cache, fetching it from another one
/// takes longer than computing with it.
/// </para>
/// <para>
/// <see cref="ActiveThreads"/> may be fewer than all: the others then sleep. <see cref="ThreadTuner"/> finds out how many are worth it.
/// </para>
/// </remarks>
internal sealed unsafe class ThreadTeam : IDisposable
{
    /// <summary>The distance of what belongs to two threads: processors fetch cache lines in pairs.</summary>
    private const int Stride = 32;

    /// <summary>
    /// How often a thread looks for work before it sleeps: some half a millisecond, which bridges the parts of a training step that one
    /// thread does alone, such as gathering rows. Waking the thread costs many times what a small product takes: with a tenth of this,
    /// two threads were half as fast as one on a network of 784-100-10.
    /// </summary>
    private const int SpinsBeforeSleep = 3000;

    private readonly Thread[] _threads;
    private readonly AutoResetEvent[] _wake;
    private readonly int[] _asleep;
    private readonly AlignedBuffer?[] _scratch;

    /// <summary>How much scratch memory every thread has.</summary>
    private int _commonScratch;

    /// <summary>The next tile of every thread's stretch, each on cache lines of its own.</summary>
    private readonly int[] _nextTiles;

    /// <summary>Whether a thread is inside the present run, or about to look whether that is open; each on cache lines of its own.</summary>
    private readonly int[] _inside;

    private int _busy;
    private int _isOpen;
    private int _run;
    private int _tiles;

    /// <summary>The number of threads of the present run: those that come too late from the run before may be none of them.</summary>
    private int _workers;
    private int _activeThreads;
    private volatile bool _disposed;
    private Exception? _failure;

    // The body lives on the caller's stack for the whole run, where nothing moves it.
    private void* _body;
    private delegate*<ThreadTeam, int, int, void> _execute;

    /// <param name="threads">The number of threads, the caller included; 1 means that no thread is started.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threads"/> is less than 1.</exception>
    public ThreadTeam(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        Threads = _activeThreads = threads;
        _scratch = new AlignedBuffer?[threads];
        _nextTiles = new int[threads * Stride];
        _inside = new int[threads * Stride];
        _threads = new Thread[threads - 1];
        _wake = new AutoResetEvent[threads - 1];
        _asleep = new int[threads - 1];
        for (int i = 0; i < _threads.Length; i++)
        {
            int index = i;
            _wake[i] = new AutoResetEvent(false);
            _threads[i] = new Thread(() => Work(index)) { IsBackground = true, Name = "MlNetMlp worker " + (index + 1) };
            _threads[i].Start();
        }
    }

    /// <summary>The most threads that share a run; a worker's number is below it.</summary>
    public int Threads { get; }

    /// <summary>How many threads share the next run, from 1 to <see cref="Threads"/>, which it is at first.</summary>
    public int ActiveThreads
    {
        get => _activeThreads;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, Threads);
            Volatile.Write(ref _activeThreads, value);
        }
    }

    /// <summary>Executes the tiles 0 to <c>tiles - 1</c> of <paramref name="body"/>, each once, and returns when all are done.</summary>
    /// <param name="tiles">The number of tiles. One tile runs on the caller's thread and wakes nobody.</param>
    /// <param name="body">The work. Must be a local variable or a parameter by value: it must not be a field of an object.</param>
    /// <exception cref="InvalidOperationException">The team is already running something.</exception>
    /// <remarks>
    /// An exception of a tile is thrown again here, the first one when there are several; tiles that have not begun are then skipped.
    /// </remarks>
    public void Run<TBody>(int tiles, ref TBody body)
        where TBody : struct, IParallelBody
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (Interlocked.CompareExchange(ref _busy, 1, 0) != 0)
        {
            Throw.TeamIsBusy();
        }

        try
        {
            if (tiles > 1 && _activeThreads > 1)
            {
                Share(tiles, ref body);
            }
            else
            {
                for (int tile = 0; tile < tiles; tile++)
                {
                    body.Execute(tile, 0);
                }
            }
        }
        finally
        {
            Volatile.Write(ref _busy, 0);
        }
    }

    /// <summary>
    /// At least <paramref name="length"/> floats for one worker, on a cache line, holding anything; kept for later runs, in which the others have as much as
    /// the caller.
    /// </summary>
    public float* Scratch(int worker, int length)
    {
        AlignedBuffer? buffer = _scratch[worker];
        if (buffer is null || buffer.Length < length)
        {
            _scratch[worker] = buffer = new AlignedBuffer(length);
        }

        return buffer.Pointer;
    }

    /// <summary>Ends the threads and waits for them.</summary>
    /// <exception cref="InvalidOperationException">The team is running something.</exception>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        if (Interlocked.CompareExchange(ref _busy, 1, 0) != 0)
        {
            Throw.TeamIsBusy();
        }

        _disposed = true;
        foreach (AutoResetEvent wake in _wake)
        {
            wake.Set();
        }

        foreach (Thread thread in _threads)
        {
            thread.Join();
        }

        foreach (AutoResetEvent wake in _wake)
        {
            wake.Dispose();
        }
    }

    private void Share<TBody>(int tiles, ref TBody body)
        where TBody : struct, IParallelBody
    {
        _body = Unsafe.AsPointer(ref body);
        _execute = &ExecuteTile<TBody>;
        _tiles = tiles;
        _workers = _activeThreads;
        EqualizeScratch();
        for (int i = 0; i < _workers; i++)
        {
            _nextTiles[i * Stride] = FirstTile(i);
        }

        Volatile.Write(ref _isOpen, 1);
        Interlocked.Increment(ref _run);

        int helpers = Math.Min(_workers, tiles) - 1;
        for (int i = 0; i < helpers; i++)
        {
            if (Volatile.Read(ref _asleep[i]) != 0 && Interlocked.Exchange(ref _asleep[i], 0) != 0)
            {
                _wake[i].Set();
            }
        }

        ClaimTiles(0);
        Close();
        _body = null;
        if (_failure is { } failure)
        {
            _failure = null;
            ExceptionDispatchInfo.Throw(failure);
        }
    }

    /// <summary>
    /// Gives all threads the scratch memory that the caller has: one that the machine held up may get its first tile of a product in the second epoch, in
    /// which nothing is to be allocated.
    /// </summary>
    private void EqualizeScratch()
    {
        int length = _scratch[0]?.Length ?? 0;
        if (length > _commonScratch)
        {
            for (int worker = 1; worker < Threads; worker++)
            {
                Scratch(worker, length);
            }

            _commonScratch = length;
        }
    }

    /// <summary>From here on nobody enters the run; the body must stay until those inside have left.</summary>
    private void Close()
    {
        // Exchanges are full fences: either this thread sees that another one is inside, or that one sees that the run is closed.
        Interlocked.Exchange(ref _isOpen, 0);
        for (int i = 0; i < _threads.Length; i++)
        {
            SpinWait wait = default;
            while (Volatile.Read(ref _inside[i * Stride]) != 0)
            {
                wait.SpinOnce(sleep1Threshold: -1);
            }
        }
    }

    /// <summary>Where the stretch of a thread begins, and that of the one before ends.</summary>
    private int FirstTile(int worker) => (int)((long)_tiles * worker / _workers);

    private static void ExecuteTile<TBody>(ThreadTeam team, int tile, int worker)
        where TBody : struct, IParallelBody => Unsafe.AsRef<TBody>(team._body).Execute(tile, worker);

    private void ClaimTiles(int worker)
    {
        try
        {
            for (int i = 0; i < _workers; i++)
            {
                int owner = (worker + i) % _workers, end = FirstTile(owner + 1);
                ref int next = ref _nextTiles[owner * Stride];
                for (int tile; (tile = Interlocked.Increment(ref next) - 1) < end;)
                {
                    _execute(this, tile, worker);
                }
            }
        }
#pragma warning disable CA1031 // Whatever a tile throws belongs to the caller of Run, not to this thread.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Interlocked.CompareExchange(ref _failure, exception, null);
            for (int i = 0; i < _workers; i++)
            {
                Interlocked.Exchange(ref _nextTiles[i * Stride], _tiles);
            }
        }
    }

    private void Work(int index)
    {
        ref int inside = ref _inside[index * Stride];
        int seen = 0;
        while (!_disposed)
        {
            int run = WaitForRun(index, seen);
            if (run != seen)
            {
                Interlocked.Exchange(ref inside, 1);
                if (Volatile.Read(ref _isOpen) != 0 && index + 1 < _workers)
                {
                    ClaimTiles(index + 1);
                }

                Volatile.Write(ref inside, 0);
            }

            seen = run;
        }
    }

    private int WaitForRun(int index, int seen)
    {
        for (int spin = 0; spin < SpinsBeforeSleep && index + 1 < Volatile.Read(ref _activeThreads); spin++)
        {
            int run = Volatile.Read(ref _run);
            if (run != seen || _disposed)
            {
                return run;
            }

            Thread.SpinWait(4);
        }

        // The exchange is a full fence: either the caller sees that this thread sleeps, or this thread sees the new run.
        Interlocked.Exchange(ref _asleep[index], 1);
        bool runIsNew = Volatile.Read(ref _run) != seen;
        if (!runIsNew || Interlocked.Exchange(ref _asleep[index], 0) == 0)
        {
            _wake[index].WaitOne();
        }

        return Volatile.Read(ref _run);
    }
}
