using System.Numerics.Tensors;

namespace MlNetMlp.Numerics;

/// <summary>Finds out how many threads of a team are worth it for one kind of step, while the steps are made.</summary>
/// <remarks>
/// Some steps are made by all threads, the next ones by half as many and so on, until fewer threads are clearly slower; then by all of these once more,
/// so that a single disturbance does not decide. The fewest threads that are hardly slower than the fastest number then make the steps for a multiple of the
/// time that trying took, before it begins again: other programs come and go. The multiple is small at first, because what is found in the first hundredths
/// of a second is wrong more often: processors wake up, and code becomes faster once it has been compiled anew.
/// <para>The number of threads never changes a bit of a result, so neither does the tuner.</para>
/// </remarks>
internal sealed class ThreadTuner
{
    /// <summary>Fewer threads are preferred if a step takes at most this many times as long as with the best number.</summary>
    private const double Tolerance = 1.03;

    /// <summary>Where a step takes this many times as long as with the best number, even fewer threads are not tried.</summary>
    private const double ClearlySlower = 1.3;

    /// <summary>The first number found is kept for this many times as long as finding it took, the next one twice as many.</summary>
    private const int FirstRestFactor = 5;

    private const int LastRestFactor = 50;

    private const int Passes = 2;
    private const int FewestSteps = 2;

    /// <summary>Not measured, after a change of the number: threads wake up, and caches fill.</summary>
    private static readonly TimeSpan _settling = TimeSpan.FromMicroseconds(100);

    private static readonly TimeSpan _measuring = TimeSpan.FromMilliseconds(1);

    private readonly ThreadTeam _team;
    private readonly TimeProvider _clock;

    /// <summary>Numbers of threads, each half of the one before, and the least time for a unit of work that this round saw with it.</summary>
    private readonly int[] _candidates;
    private readonly double[] _costs;

    private long _roundStart;
    private long _restEnd;
    private int _restFactor = FirstRestFactor;
    private bool _isResting;
    private int _chosen;
    private int _pass;
    private int _place;
    private int _count;

    private long _stepStart;
    private bool _isSettled;
    private int _steps;
    private long _work;
    private TimeSpan _elapsed;

    /// <param name="team">The threads; the tuner decides how many of them are active.</param>
    /// <param name="usesAll">Whether all of them shall make every step, worth it or not.</param>
    /// <param name="clock">By what steps are timed; null: the machine's clock.</param>
    public ThreadTuner(ThreadTeam team, bool usesAll = false, TimeProvider? clock = null)
    {
        _team = team;
        _clock = clock ?? TimeProvider.System;
        _candidates = usesAll ? [team.Threads] : [.. Halves(team.Threads)];
        _costs = new double[_candidates.Length];
        StartRound(_clock.GetTimestamp());
    }

    /// <summary>To be called before each step: decides how many threads make it.</summary>
    public void BeginStep()
    {
        if (_candidates.Length == 1)
        {
            // The team begins with all of its threads active.
            return;
        }

        _team.ActiveThreads = _isResting ? _chosen : _candidates[_place];
        _stepStart = _clock.GetTimestamp();
    }

    /// <summary>To be called after each step.</summary>
    /// <param name="work">How much it was, for example in rows: steps are compared by their time for a unit of work.</param>
    public void EndStep(int work)
    {
        if (_candidates.Length == 1)
        {
            return;
        }

        long now = _clock.GetTimestamp();
        if (!_isResting)
        {
            _elapsed += _clock.GetElapsedTime(_stepStart, now);
            _work += work;
            _steps++;
            Observe(now);
        }
        else if (now >= _restEnd)
        {
            StartRound(now);
        }
    }

    private static IEnumerable<int> Halves(int number)
    {
        for (; number > 0; number /= 2)
        {
            yield return number;
        }
    }

    private void Observe(long now)
    {
        if (!_isSettled && _elapsed >= _settling)
        {
            StartStretch(isSettled: true);
        }
        else if (_isSettled && _steps >= FewestSteps && _elapsed >= _measuring)
        {
            _costs[_place] = Math.Min(_costs[_place], _elapsed / TimeSpan.FromSeconds(1) / _work);
            MoveOn(now);
        }
    }

    private void MoveOn(long now)
    {
        double best = TensorPrimitives.Min<double>(_costs);
        if (_pass == 0 && _costs[_place] > ClearlySlower * best)
        {
            _count = _place + 1;
        }

        if (++_place == _count)
        {
            _place = 0;
            _pass++;
        }

        StartStretch(isSettled: false);
        if (_pass == Passes)
        {
            _chosen = Fewest(Tolerance * best);
            _isResting = true;
            _restEnd = now + (_restFactor * (now - _roundStart));
            _restFactor = Math.Min(2 * _restFactor, LastRestFactor);
        }
    }

    /// <summary>The fewest threads whose cost is at most <paramref name="limit"/>.</summary>
    private int Fewest(double limit)
    {
        int place = _costs.Length - 1;
        while (_costs[place] > limit)
        {
            place--;
        }

        return _candidates[place];
    }

    private void StartRound(long now)
    {
        _roundStart = now;
        _isResting = false;
        (_pass, _place, _count) = (0, 0, _candidates.Length);
        Array.Fill(_costs, double.PositiveInfinity);
        StartStretch(isSettled: false);
    }

    private void StartStretch(bool isSettled)
    {
        _isSettled = isSettled;
        (_steps, _work, _elapsed) = (0, 0, TimeSpan.Zero);
    }
}
