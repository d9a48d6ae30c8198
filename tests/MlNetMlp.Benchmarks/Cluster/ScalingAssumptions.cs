using System.Globalization;

namespace MlNetMlp.Benchmarks.Cluster;

/// <summary>What is assumed of the machines of a larger cluster.</summary>
/// <param name="Bandwidth">Bytes a second that a machine can send while it receives as many.</param>
/// <param name="Latency">Seconds that a message is on its way.</param>
/// <param name="Message">Seconds that a machine is busy with the messages to and from another one in a step, beside their bytes.</param>
/// <param name="Cores">The cores of a machine, each as fast as the one that was measured.</param>
internal sealed record ScalingAssumptions(double Bandwidth, double Latency, double Message, int Cores)
{
    /// <summary>What arguments say; null: they say nothing that is known.</summary>
    public static ScalingAssumptions? Parse(IReadOnlyList<string> arguments)
    {
        var assumptions = new ScalingAssumptions(1250e6, 1e-4, 2.4e-4, 16);
        for (int i = 0; i < arguments.Count; i++)
        {
            if (arguments[i] == "--measured")
            {
                continue;
            }

            if (i + 1 == arguments.Count || !double.TryParse(arguments[i + 1], NumberStyles.Float, CultureInfo.InvariantCulture, out double value))
            {
                return null;
            }

            switch (arguments[i++])
            {
                case "--bandwidth":
                    assumptions = assumptions with { Bandwidth = value * 1e6 };
                    break;
                case "--latency":
                    assumptions = assumptions with { Latency = value / 1e3 };
                    break;
                case "--message":
                    assumptions = assumptions with { Message = value / 1e3 };
                    break;
                case "--cores":
                    assumptions = assumptions with { Cores = (int)value };
                    break;
                default:
                    return null;
            }
        }

        return assumptions;
    }
}
