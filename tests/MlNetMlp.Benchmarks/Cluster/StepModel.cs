namespace MlNetMlp.Benchmarks.Cluster;

/// <summary>
/// What a step costs that machines share: <c>a r n / (c W) + u n + m (W - 1) + 2 L + 2 (W - 1) / W 4 n / b</c> for W machines of c cores, mini-batches
/// of r rows and n parameters.
/// </summary>
/// <param name="PerRowAndParameter">a: seconds that a core computes for a row and a parameter.</param>
/// <param name="PerParameter">u: seconds that a machine is busy with a parameter, whatever the rows: its step, and the sums of its shards.</param>
/// <param name="PerSilo">m: seconds that a machine is busy with messages to and from another one, whatever their length.</param>
/// <param name="Bandwidth">b: bytes a second that a machine can send while it receives as many.</param>
/// <param name="Latency">L: seconds that a message is on its way.</param>
/// <param name="Cores">c: the cores of a machine.</param>
internal sealed record StepModel(double PerRowAndParameter, double PerParameter, double PerSilo, double Bandwidth, double Latency, int Cores)
{
    /// <summary>The model that fits what one silo takes alone and two together, each with a core.</summary>
    public static StepModel Fit(IReadOnlyList<ClusterPoint> points)
    {
        // Of one silo: t / n = a r + u, by least squares.
        ClusterPoint[] alone = [.. points.Where(point => point.Silos == 1)];
        (double u, double a) = Line([.. alone.Select(point => (double)point.Rows)], [.. alone.Select(point => point.Step / point.Parameters)]);
        ClusterPoint[] two = [.. points.Where(point => point.Silos == 2)];
        var computing = new StepModel(a, Math.Max(u, 0), 0, double.PositiveInfinity, 0, 1);
        (double m, double perByte) = Line(
            [.. two.Select(point => point.Bytes)], [.. two.Select(point => point.Step - computing.Computing(point.Parameters, point.Rows, 2))]);
        return computing with { PerSilo = Math.Max(m, 0), Bandwidth = 1 / perByte };
    }

    /// <summary>Seconds of a step that are for computing.</summary>
    public double Computing(double parameters, double rows, double machines) =>
        parameters * (PerRowAndParameter * rows / Cores / machines + PerParameter);

    /// <summary>Seconds of a step that are for adding up gradients.</summary>
    /// <param name="parameters">The number of parameters.</param>
    /// <param name="machines">The number of machines.</param>
    /// <param name="bytesPerParameter">4; with 16-bit gradients 2.</param>
    public double Exchanging(double parameters, double machines, double bytesPerParameter = sizeof(float)) => machines <= 1 ? 0
        : PerSilo * (machines - 1) + 2 * Latency + 2 * (machines - 1) / machines * bytesPerParameter * parameters / Bandwidth;

    /// <summary>Intercept and slope of the line with the least squares of relative errors.</summary>
    private static (double Intercept, double Slope) Line(double[] x, double[] y)
    {
        double w = 0, wx = 0, wy = 0, wxx = 0, wxy = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double weight = 1 / (y[i] * y[i]);
            (w, wx, wy, wxx, wxy) = (w + weight, wx + weight * x[i], wy + weight * y[i], wxx + weight * x[i] * x[i], wxy + weight * x[i] * y[i]);
        }

        double slope = (w * wxy - wx * wy) / (w * wxx - wx * wx);
        return ((wy - slope * wx) / w, slope);
    }
}
