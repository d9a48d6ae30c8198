using MlNetMlp.Core.Tests.Support;
using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests.Numerics;

public sealed class InstructionSetTests
{
    public static TheoryData<string> Supported => Kernels.Each;

    [Theory]
    [MemberData(nameof(Supported))]
    public void Parse_SupportedNameInAnyCase_GivesTheKernels(string name)
    {
        Assert.Equal(name, InstructionSet.Parse(name.ToUpperInvariant()).ToString());
        Assert.Equal(name, InstructionSet.Parse(name).ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Parse_Unset_GivesTheWidestKernels(string? value) =>
        Assert.Equal(Kernels.Names[^1], InstructionSet.Parse(value).ToString());

    [Fact]
    public void Parse_UnknownName_SaysWhatIsAllowed()
    {
        InvalidOperationException exception = Assert.Throws<InvalidOperationException>(() => InstructionSet.Parse("sse9"));
        Assert.Contains("MLNETMLP_KERNEL is 'sse9'", exception.Message, StringComparison.Ordinal);
        Assert.Contains("'avx512', 'avx2', 'portable'", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ParseAndForce_KernelsThatThisProcessorLacks_Throw()
    {
        foreach (KernelSet kernel in Enum.GetValues<KernelSet>().Where(kernel => !InstructionSet.IsSupported(kernel)))
        {
            string message = Assert.Throws<PlatformNotSupportedException>(() => InstructionSet.Parse(kernel.ToString())).Message;
            Assert.StartsWith($"The environment variable MLNETMLP_KERNEL, which is '{kernel}', asks for", message, StringComparison.Ordinal);
            Assert.Throws<PlatformNotSupportedException>(() => InstructionSet.Force(kernel));
        }
    }

    [Fact]
    public void Force_NestedScopes_GiveTheFormerKernelsBackAndDoNotReachOtherThreads()
    {
        KernelSet usual = InstructionSet.Active;
        foreach (string kernel in Kernels.Names)
        {
            using (Kernels.Force(kernel))
            {
                Assert.Equal(kernel, InstructionSet.Active.ToString());
                using (Kernels.Force("Portable"))
                {
                    Assert.Equal(KernelSet.Portable, InstructionSet.Active);
                }

                Assert.Equal(kernel, InstructionSet.Active.ToString());

                KernelSet elsewhere = default;
                Thread thread = new(() => elsewhere = InstructionSet.Active);
                thread.Start();
                thread.Join();
                Assert.Equal(usual, elsewhere);
            }

            Assert.Equal(usual, InstructionSet.Active);
        }
    }
}
