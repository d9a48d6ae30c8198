using System.Diagnostics.CodeAnalysis;

namespace MlNetMlp.Numerics;

/// <summary>
/// What a user can set, and what that consists of: types whose fields, all of them, say what they are. Whoever looks at the fields of one,
/// private ones included, or makes one with the defaults, finds them also in a program that was trimmed or compiled ahead of time.
/// </summary>
[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.AllFields | DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)]
internal interface ISettings;
