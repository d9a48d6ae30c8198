namespace MlNetMlp.Benchmarks.Cluster;

/// <summary>A way to train on many machines, each of which has one shard.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Rows">The rows of a mini-batch on so many machines.</param>
/// <param name="BytesPerParameter">What is sent for a parameter: its gradient, or itself with the optimizer's two vectors.</param>
/// <param name="StepsPerExchange">How many steps are made between two exchanges.</param>
internal sealed record ScalingPlan(string Name, Func<int, double> Rows, double BytesPerParameter, int StepsPerExchange)
{
    public const int RowsOfStep = 2048;

    public static IReadOnlyList<ScalingPlan> All { get; } =
    [
        new("mini-batches of 2,048 rows", _ => RowsOfStep, sizeof(float), 1),
        new("2,048 rows for each machine", machines => (double)RowsOfStep * machines, sizeof(float), 1),
        new("16,384 rows for each machine", machines => 8.0 * RowsOfStep * machines, sizeof(float), 1),
        new("2,048 each, 16-bit gradients", machines => (double)RowsOfStep * machines, 2, 1),
        new("2,048 each, 8 local steps", machines => (double)RowsOfStep * machines, 3 * sizeof(float), 8),
    ];

    /// <summary>Seconds of a step.</summary>
    public double Step(StepModel model, double parameters, int machines) =>
        model.Computing(parameters, Rows(machines), machines, machines) + model.Exchanging(parameters, machines, BytesPerParameter) / StepsPerExchange;

    /// <summary>Rows a second of so many machines, in those of one machine that trains alone, divided by their number.</summary>
    public double Efficiency(StepModel model, double parameters, int machines) =>
        Rows(machines) / Step(model, parameters, machines) / (Rows(1) / model.Computing(parameters, Rows(1), 1, 1)) / machines;
}
