namespace MlNetMlp.Numerics;

/// <summary>The work that <see cref="ThreadTeam.Run{TBody}"/> shares out.</summary>
/// <remarks>A struct that holds pointers rather than spans, because all threads of the team look at the same copy of it.</remarks>
internal interface IParallelBody
{
    /// <param name="tile">Which piece of the work; each is executed exactly once.</param>
    /// <param name="worker">Which thread of the team, for scratch memory only. The result must not depend on it.</param>
    void Execute(int tile, int worker);
}
