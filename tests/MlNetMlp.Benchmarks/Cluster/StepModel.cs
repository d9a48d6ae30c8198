namespace MlNetMlp.Benchmarks.Cluster;

/// <summary>
/// What a step costs that machines share: <c>a r n / (c W) + s n S / W + u n + k + m (W - 2) + 2 L + 2 (W - 1) / W 4 n / b</c> for W machines of c cores,
/// mini-batches of r rows in S shards, and n parameters.
/// </summary>
/// <param name="PerRowAndParameter">a: seconds that a core computes for a row and a parameter.</param>
/// <param name="PerShardAndParameter">s: seconds that a machine is busy with a parameter for a shard: its gradient is cleared, written and added.</param>
/// <param name="PerParameter">u: seconds that a machine is busy with a parameter for a step.</param>
/// <param name="PerExchange">k: seconds that two machines are busy with an exchange, however short the gradient.</param>
/// <param name="PerMachine">m: seconds that each further machine adds to that, by its messages.</param>
/// <param name="Bandwidth">b: bytes a second that a machine can send while it receives as many.</param>
/// <param name="Latency">L: seconds that a message is on its way.</param>
/// <param name="Cores">c: the cores of a machine.</param>
internal sealed record StepModel(
    double PerRowAndParameter, double PerShardAndParameter, double PerParameter, double PerExchange, double PerMachine, double Bandwidth, double Latency,
    int Cores)
{
    /// <summary>The model with the least squares of relative errors, without latency, of machines with one core.</summary>
    public static StepModel Fit(IReadOnlyList<ClusterPoint> points)
    {
        double[][] terms = [.. points.Select(point => new[]
        {
            (double)point.Rows * point.Parameters / point.Silos, (double)point.Parameters * point.Shards / point.Silos, point.Parameters, point.Silos - 1,
            BytesOf(point.Parameters, point.Silos, sizeof(float)),
        })];
        double[] costs = LeastSquares([.. terms.Select((row, i) => Array.ConvertAll(row, term => term / points[i].Step))]);
        return new StepModel(costs[0], costs[1], costs[2], costs[3], 0, 1 / Math.Max(costs[4], 1e-12), 0, 1);
    }

    /// <summary>Seconds of a step that are for computing.</summary>
    public double Computing(double parameters, double rows, double shards, double machines) =>
        parameters * (PerRowAndParameter * rows / Cores / machines + PerShardAndParameter * shards / machines + PerParameter);

    /// <summary>Seconds of a step that are for adding up gradients.</summary>
    /// <param name="parameters">The number of parameters.</param>
    /// <param name="machines">The number of machines.</param>
    /// <param name="bytesPerParameter">4; with 16-bit gradients 2.</param>
    public double Exchanging(double parameters, double machines, double bytesPerParameter = sizeof(float)) => machines <= 1 ? 0
        : PerExchange + PerMachine * (machines - 2) + 2 * Latency + BytesOf(parameters, machines, bytesPerParameter) / Bandwidth;

    /// <summary>The bytes that a machine sends in a step.</summary>
    private static double BytesOf(double parameters, double machines, double bytesPerParameter) =>
        2 * (machines - 1) / machines * bytesPerParameter * parameters;

    /// <summary>
    /// The factors, none below 0, by which the columns add up to 1 in every row, as nearly as may be: the column that is negative most is left out.
    /// </summary>
    private static double[] LeastSquares(double[][] rows)
    {
        int columns = rows[0].Length;
        List<int> used = [.. Enumerable.Range(0, columns)];
        while (true)
        {
            double[] solution = Solve(
                [.. used.Select(i => used.Select(j => rows.Sum(row => row[i] * row[j])).Append(rows.Sum(row => row[i])).ToArray())]);
            int worst = Array.IndexOf(solution, solution.Min());
            if (solution[worst] >= 0)
            {
                double[] factors = new double[columns];
                used.ForEach(column => factors[column] = solution[used.IndexOf(column)]);
                return factors;
            }

            used.RemoveAt(worst);
        }
    }

    /// <summary>
    /// Solves linear equations by elimination, each given with its right side; they are positive definite, so that nothing has to be exchanged.
    /// </summary>
    private static double[] Solve(double[][] equations)
    {
        int n = equations.Length;
        for (int i = 0; i < n; i++)
        {
            for (int k = 0; k < n; k++)
            {
                double factor = k == i ? 0 : equations[k][i] / equations[i][i];
                for (int j = 0; factor != 0 && j <= n; j++)
                {
                    equations[k][j] -= factor * equations[i][j];
                }
            }
        }

        return [.. equations.Select((equation, i) => equation[n] / equation[i])];
    }
}
