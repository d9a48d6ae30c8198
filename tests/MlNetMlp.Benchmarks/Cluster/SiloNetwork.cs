using System.Diagnostics;
using System.Globalization;

namespace MlNetMlp.Benchmarks.Cluster;

/// <summary>
/// Machines that silos take themselves to be on: network namespaces of Linux, joined by a switch to each other and to this process, that can be cut off. Needs
/// root, and a network namespace for this process alone (<c>unshare --net</c>), with which the switch goes.
/// </summary>
internal sealed class SiloNetwork : IDisposable
{
    /// <summary>The address of this process.</summary>
    public const string Here = Prefix + "254";

    private const string Prefix = "10.213.57.", Switch = "switch", Inside = "eth0";

    private readonly int _machines;

    /// <exception cref="InvalidOperationException">A command failed; the message has what it said.</exception>
    public SiloNetwork(int machines)
    {
        _machines = machines;
        Ip("link set lo up");
        Ip($"link add {Switch} type bridge");
        Ip($"addr add {Here}/24 dev {Switch}");
        Ip($"link set {Switch} up");
        for (int machine = 0; machine < machines; machine++)
        {
            string name = Name(machine), inside = $"netns exec {name} ip";
            Ip($"netns add {name}");
            Ip($"link add {Cable(machine)} type veth peer name {Inside} netns {name}");
            Ip($"link set {Cable(machine)} master {Switch} up");
            Ip($"{inside} addr add {AddressOf(machine)}/24 dev {Inside}");
            Ip($"{inside} link set {Inside} up");
            Ip($"{inside} link set lo up");
        }
    }

    /// <summary>The command before which the arguments of another one take place on a machine.</summary>
    public static IReadOnlyList<string> On(int machine) => ["ip", "netns", "exec", Name(machine)];

    public static string AddressOf(int machine) => Prefix + (machine + 1).ToString(CultureInfo.InvariantCulture);

    /// <summary>Cuts a machine off from all others and from this process, or joins it again.</summary>
    public static void CutOff(int machine, bool isCut) => Ip($"link set {Cable(machine)} {(isCut ? "down" : "up")}");

    /// <summary>Cuts all machines off from each other, but not from this process, or joins them again.</summary>
    public void CutApart(bool areCut)
    {
        for (int machine = 0; machine < _machines; machine++)
        {
            Run("bridge", $"link set dev {Cable(machine)} isolated {(areCut ? "on" : "off")}");
        }
    }

    /// <summary>Lets every machine send only so much.</summary>
    /// <param name="megabits">In Mbit/s.</param>
    public void Limit(int megabits)
    {
        for (int machine = 0; machine < _machines; machine++)
        {
            Ip(string.Create(CultureInfo.InvariantCulture,
                $"netns exec {Name(machine)} tc qdisc add dev {Inside} root tbf rate {megabits}mbit burst 64kb latency 50ms"));
        }
    }

    public void Dispose()
    {
        for (int machine = 0; machine < _machines; machine++)
        {
            Ip($"netns del {Name(machine)}");
        }
    }

    private static string Name(int machine) => string.Create(CultureInfo.InvariantCulture, $"mlnetmlp-{Environment.ProcessId}-{machine}");

    private static string Cable(int machine) => string.Create(CultureInfo.InvariantCulture, $"cable{machine}");

    private static void Ip(string arguments) => Run("ip", arguments);

    private static void Run(string program, string arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        string problem = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {arguments}: {problem.Trim()}. Start the program as root by 'unshare --net'.");
        }
    }
}
