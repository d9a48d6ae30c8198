using Orleans.Runtime;

namespace MlNetMlp.Search;

/// <summary>A grain that belongs to the silo in its key.</summary>
/// <param name="silo">The silo that it is on.</param>
internal abstract class SiloGrain(ILocalSiloDetails silo) : Grain
{
    /// <summary>The address of the silo.</summary>
    protected string Silo { get; } = silo.SiloAddress.ToParsableString();

    /// <summary>A call to a silo that is no more ends up on another one.</summary>
    /// <exception cref="InvalidOperationException">The grain belongs to another silo.</exception>
    protected void CheckPlace()
    {
        if (SiloKey.SiloOf(this.GetPrimaryKeyString()) is var meant && meant != Silo)
        {
            DeactivateOnIdle();
            throw new InvalidOperationException($"The silo {meant} is no more; this is {Silo}.");
        }
    }
}
