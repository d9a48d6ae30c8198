namespace MlNetMlp;

/// <summary>The horizontal scale that all diagrams share: the epochs, those of the members of an ensemble one after the other.</summary>
internal sealed class EpochScale
{
    private readonly IReadOnlyList<EpochReport> _reports;

    /// <param name="left">The left edge.</param>
    /// <param name="right">The right edge.</param>
    /// <param name="reports">One for each epoch.</param>
    public EpochScale(double left, double right, IReadOnlyList<EpochReport> reports)
    {
        (Left, Right, _reports) = (left, right, reports);
        Starts = [.. Enumerable.Range(0, reports.Count).Where(Begins)];
        Best = [.. Starts.Select(LastBest).Where(epoch => epoch >= 0)];
    }

    public double Left { get; }

    public double Right { get; }

    /// <summary>From one epoch to the next.</summary>
    public double Step => (Right - Left) / Math.Max(_reports.Count, 1);

    /// <summary>The epochs, from 0, that a network begins with: one, or one for each member of an ensemble.</summary>
    public IReadOnlyList<int> Starts { get; }

    /// <summary>The best epoch, from 0, of each network that has one.</summary>
    public IReadOnlyList<int> Best { get; }

    /// <summary>The epochs, from 0, whose numbers are written below.</summary>
    public IEnumerable<int> Ticks
    {
        get
        {
            int step = (int)Math.Max(1, CurveAxis.RoundStep(_reports.Count / 10.0));
            return Enumerable.Range(0, _reports.Count).Where(epoch => epoch == 0 || _reports[epoch].Epoch % step == 0);
        }
    }

    /// <summary>Where epoch number <paramref name="epoch"/>, from 0, lies: each has a strip of its own, and the point is in its middle.</summary>
    public double X(int epoch) => Left + ((epoch + 0.5) * Step);

    /// <summary>Where the strip of an epoch begins.</summary>
    public double Edge(int epoch) => Left + (epoch * Step);

    /// <summary>Whether an epoch is the first of its network.</summary>
    public bool Begins(int epoch) => epoch == 0 || _reports[epoch].Member != _reports[epoch - 1].Member;

    /// <summary>The first epoch behind the network that begins with <paramref name="start"/>.</summary>
    public int End(int start)
    {
        int end = start + 1;
        while (end < _reports.Count && !Begins(end))
        {
            end++;
        }

        return end;
    }

    private int LastBest(int start)
    {
        int epoch = End(start) - 1;
        while (epoch >= start && !_reports[epoch].IsBest)
        {
            epoch--;
        }

        return epoch >= start ? epoch : -1;
    }
}
