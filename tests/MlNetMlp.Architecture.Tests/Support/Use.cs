using System.Reflection.Metadata;

namespace MlNetMlp.Architecture.Tests.Support;

/// <summary>One type or member that a piece of compiled code needs.</summary>
/// <param name="User">The outermost type that the code belongs to.</param>
/// <param name="Files">Where the code is written; several for what belongs to a partial type as a whole, none for generated code.</param>
/// <param name="Target">A type definition, a type reference or a member reference.</param>
internal sealed record Use(TypeDefinitionHandle User, IReadOnlySet<string> Files, EntityHandle Target);
