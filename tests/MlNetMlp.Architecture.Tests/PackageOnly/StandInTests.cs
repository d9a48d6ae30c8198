using System.Reflection;
using MlNetMlp.Architecture.Tests.Support;

namespace MlNetMlp.Architecture.Tests.PackageOnly;

/// <summary>
/// Whatever the stand-in shows, the real Microsoft.ML shows too, under the same name and with the same signature: what was written
/// and tested against the one compiles against the other.
/// </summary>
public sealed class StandInTests
{
    [Fact]
    public void PublicMembers_OfTheStandIn_ExistInMicrosoftML()
    {
        using var standIn = CompiledAssembly.Open("StandIn", "MlNetMlp.StandIn.dll");
        using var microsoftML = new MicrosoftMLAssemblies();
        DefinedType[] types = [.. standIn.Metadata.TypeDefinitions
            .Select(handle => new DefinedType(standIn.Metadata, handle))
            .Where(type => type.IsVisible)];

        HashSet<string> names = [.. types.Select(type => type.Name)];

        string[] wrong = [.. types.SelectMany(type => Deviations(type, names, microsoftML)).Order(StringComparer.Ordinal)];

        Assert.NotEmpty(types);
        Assert.True(wrong.Length == 0, Report.Of("Where the stand-in is not like Microsoft.ML:", wrong));
    }

    private static IEnumerable<string> Deviations(DefinedType type, HashSet<string> publicNames, MicrosoftMLAssemblies microsoftML)
    {
        if (microsoftML.Find(type.Name) is not { IsVisible: true } real)
            return [$"{type.Name} does not exist, or is not public"];

        // What the stand-in's types have in common among themselves, by internal interfaces, nobody sees.
        string[] bases = [.. microsoftML.WithBases(real).SelectMany(one => one.BaseNames)];
        IEnumerable<string> missingBases = type.BaseNames
            .Where(name => publicNames.Contains(name) && !bases.Contains(name))
            .Select(name => $"{type.Name} is no {name}");
        return Kind(type) == Kind(real)
            ? missingBases.Concat(type.Members.Where(member => member.IsVisible).SelectMany(member => Deviations(type, member, real, microsoftML)))
            : [$"{type.Name} is {Kind(real)}, here {Kind(type)}"];
    }

    private static IEnumerable<string> Deviations(DefinedType type, DefinedMember member, DefinedType real, MicrosoftMLAssemblies microsoftML)
    {
        DefinedMember? counterpart = microsoftML.FindMember(real, member.Text);
        if (counterpart is not { IsVisible: true } || counterpart.IsStatic != member.IsStatic)
            yield return $"{type.Name}: {(member.IsStatic ? "static " : "")}{member.Text} does not exist, or is not public";
        else if (counterpart.Parameters != member.Parameters)
            yield return $"{type.Name}: {member.Text} has the parameters ({counterpart.Parameters}), here ({member.Parameters})";
        else if (!Equals(counterpart.Constant, member.Constant))
            yield return $"{type.Name}: {member.Text} is {counterpart.Constant}, here {member.Constant}";
    }

    private static string Kind(DefinedType type)
        => (type.Attributes & TypeAttributes.Interface) != 0 ? "an interface"
            : type.BaseNames.Contains("System.ValueType") ? "a structure"
            : type.BaseNames.Contains("System.Enum") ? "an enumeration"
            : (type.Attributes & (TypeAttributes.Abstract | TypeAttributes.Sealed)) == (TypeAttributes.Abstract | TypeAttributes.Sealed) ? "a static class"
            : (type.Attributes & TypeAttributes.Abstract) != 0 ? "an abstract class"
            : "a class";
}
