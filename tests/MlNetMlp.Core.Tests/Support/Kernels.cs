using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests.Support;

/// <summary>The kernels that this processor can run, by the names that the environment variable takes.</summary>
internal static class Kernels
{
    public static readonly string[] Names =
        [.. Enum.GetValues<KernelSet>().Where(InstructionSet.IsSupported).Select(kernel => kernel.ToString())];

    /// <summary>Whether products are promised to be chains of fused multiply-adds on this processor.</summary>
    public static bool AreFused => Fma.IsSupported || AdvSimd.IsSupported;

    public static TheoryData<string> Each => [.. Names];

    public static InstructionSet.Scope Force(string kernel) => InstructionSet.Force(Enum.Parse<KernelSet>(kernel));
}
