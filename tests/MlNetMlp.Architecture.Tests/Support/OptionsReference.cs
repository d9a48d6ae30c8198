using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace MlNetMlp.Architecture.Tests.Support;

/// <summary>The page about all options: what the trainers' options and the settings that they take say about themselves in the API documentation.</summary>
internal static partial class OptionsReference
{
    private static readonly Type[] _trainers = [typeof(MlpBinaryTrainer.Options), typeof(MlpMulticlassTrainer.Options), typeof(MlpRegressionTrainer.Options)];

    private static readonly Lazy<Dictionary<string, XElement>> _documentation = new(() => Directory
        .EnumerateFiles(AppContext.BaseDirectory, "MlNetMlp*.xml")
        .SelectMany(file => XElement.Load(file).Descendants("member"))
        .DistinctBy(member => member.Attribute("name")!.Value)
        .ToDictionary(member => member.Attribute("name")!.Value, StringComparer.Ordinal));

    /// <summary>The page in Markdown.</summary>
    public static IEnumerable<string> Lines()
    {
        yield return "<!-- Made from the documentation of the code by a test; MLNETMLP_ACCEPT=1 writes it again. -->";
        yield return "";
        yield return "# Options";
        yield return "";
        yield return "An option that is out of range is refused where it is set, with its name, its value and what is allowed; options that contradict";
        yield return "each other are refused when the trainer is made. The short form of `Mlp(...)` takes the column names, `hiddenUnits`,";
        yield return "`numberOfEpochs` and `learningRate`.";
        yield return "The defaults below are those of `Effort.Plain`; any other [effort](../concepts/efforts.md) chooses what is not set.";
        PropertyInfo[] common = [.. Settable(typeof(MlpTrainerOptions))];
        foreach (string line in Section("All trainers", "", common))
        {
            yield return line;
        }

        foreach (Type options in _trainers)
        {
            foreach (string line in Section(options.DeclaringType!.Name, "", Settable(options).Where(property => property.DeclaringType == options)))
            {
                yield return line;
            }
        }

        foreach (Type type in Settings())
        {
            foreach (string line in Section(type.Name, Text(type), Settable(type)).Concat(Kinds(type)))
            {
                yield return line;
            }
        }
    }

    private static IEnumerable<string> Section(string title, string text, IEnumerable<PropertyInfo> properties)
    {
        yield return "";
        yield return $"## {title}";
        if (text.Length > 0)
        {
            yield return "";
            yield return text;
        }

        foreach (string line in Table("option", properties.Select(property => ($"`{property.Name}` {NameOf(property.PropertyType)}", Text(property)))))
        {
            yield return line;
        }
    }

    /// <summary>What may stand where such settings are asked for: the type's own static members, and the types that derive from it.</summary>
    private static IEnumerable<string> Kinds(Type type)
    {
        IEnumerable<(string, string)> members = type.GetMembers(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)
            .Where(member => member is PropertyInfo property ? type.IsAssignableFrom(property.PropertyType)
                : member is MethodInfo { IsSpecialName: false } method && type.IsAssignableFrom(method.ReturnType))
            .OrderBy(member => member.MetadataToken)
            .Select(member => ($"`{type.Name}.{member.Name}{Parameters(member)}`", Text(member)));
        IEnumerable<(string, string)> derived = type.Assembly.GetExportedTypes()
            .Where(other => other.IsSubclassOf(type) && !other.IsAbstract && other.GetConstructors().Length > 0)
            .OrderBy(other => other.Name, StringComparer.Ordinal)
            .SelectMany(other => Settable(other)
                .Select(property => ($"`{property.Name}` of `{other.Name}`", Text(property)))
                .Prepend(($"`new {other.Name}{Constructor(other)}`", Text(other))));
        return Table("value", members.Concat(derived));
    }

    private static IEnumerable<string> Table(string heading, IEnumerable<(string Name, string Text)> rows)
    {
        (string, string)[] all = [.. rows];
        return all.Length == 0 ? [] : ["", $"| {heading} | meaning |", "| --- | --- |", .. all.Select(row => $"| {row.Item1} | {row.Item2} |")];
    }

    /// <summary>The types of the settings that options take, and those that these take.</summary>
    private static IEnumerable<Type> Settings()
    {
        var found = new List<Type>();
        var open = new Queue<Type>(_trainers);
        while (open.TryDequeue(out Type? type))
        {
            IEnumerable<Type> derived = type.Assembly.GetExportedTypes().Where(other => other.IsSubclassOf(type));
            foreach (Type part in derived.Prepend(type).SelectMany(Settable).Select(property => Bare(property.PropertyType)))
            {
                if (part.Namespace?.StartsWith("MlNetMlp", StringComparison.Ordinal) == true && !part.IsEnum && !found.Contains(part))
                {
                    found.Add(part);
                    open.Enqueue(part);
                }
            }
        }

        return found.Where(type => type != typeof(EpochReport)).OrderBy(type => type.Name, StringComparer.Ordinal);
    }

    private static IEnumerable<PropertyInfo> Settable(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(property => property.SetMethod is { IsPublic: true } && property.GetIndexParameters().Length == 0)
        .OrderBy(property => property.Name, StringComparer.Ordinal);

    private static Type Bare(Type type) =>
        Nullable.GetUnderlyingType(type) ?? (type.IsGenericType ? type.GetGenericArguments()[^1] : type);

    private static string Parameters(MemberInfo member) => member is MethodInfo method
        ? $"({string.Join(", ", method.GetParameters().Select(parameter => parameter.Name))})"
        : "";

    private static string Constructor(Type type) =>
        $"({string.Join(", ", type.GetConstructors().Where(constructor => !IsCopy(constructor)).MaxBy(constructor => constructor.GetParameters().Length)
            ?.GetParameters().Select(parameter => parameter.Name) ?? [])})";

    private static bool IsCopy(ConstructorInfo constructor) =>
        constructor.GetParameters() is [var only] && only.ParameterType == constructor.DeclaringType;

    private static string NameOf(Type type)
    {
        Type bare = Nullable.GetUnderlyingType(type) ?? type;
        return bare switch
        {
            _ when bare == typeof(int) => "int",
            _ when bare == typeof(float) => "float",
            _ when bare == typeof(double) => "double",
            _ when bare == typeof(long) => "long",
            _ when bare == typeof(bool) => "bool",
            _ when bare == typeof(string) => "string",
            _ when bare.IsGenericType => $"{bare.Name.Split('`')[0]}&lt;{string.Join(", ", bare.GetGenericArguments().Select(NameOf))}&gt;",
            _ => bare.Name,
        };
    }

    private static string Text(MemberInfo member)
    {
        string identifier = member switch
        {
            Type type => "T:" + Identifier(type),
            PropertyInfo => $"P:{Identifier(member.DeclaringType!)}.{member.Name}",
            _ => $"M:{Identifier(member.DeclaringType!)}.{member.Name}",
        };
        XElement? summary = (_documentation.Value.TryGetValue(identifier, out XElement? exact) ? exact : _documentation.Value
            .Where(pair => pair.Key.StartsWith(identifier + "(", StringComparison.Ordinal)).Select(pair => pair.Value).FirstOrDefault())?.Element("summary");
        string text = summary is null ? "" : string.Concat(summary.Nodes().Select(Markdown));
        return Space().Replace(text, " ").Trim().Replace("|", "\\|", StringComparison.Ordinal);
    }

    private static string Identifier(Type type) => type.FullName!.Replace('+', '.');

    private static string Markdown(XNode node) => node switch
    {
        XText text => text.Value.Replace("<", "&lt;", StringComparison.Ordinal).Replace("*", "\\*", StringComparison.Ordinal),
        XElement { Name.LocalName: "see" } see when see.Attribute("cref") is { } reference => $"`{Short(reference.Value)}`",
        XElement { Name.LocalName: "see" } see => see.Attribute("langword")?.Value ?? "",
        XElement { Name.LocalName: "paramref" or "typeparamref" } name => $"`{name.Attribute("name")?.Value}`",
        XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
        XElement element => " " + string.Concat(element.Nodes().Select(Markdown)) + " ",
        _ => "",
    };

    /// <summary><c>P:MlNetMlp.Loss.MetricName</c> as <c>Loss.MetricName</c>; a type, and an option of the trainers, by its name.</summary>
    private static string Short(string reference)
    {
        string[] parts = reference[2..].Split('(')[0].Split('.');
        string name = reference[0] == 'T' || parts[^2] is nameof(MlpTrainingOptions) or nameof(MlpTrainerOptions) ? parts[^1] : $"{parts[^2]}.{parts[^1]}";
        return Generic().Replace(name, "");
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();

    [GeneratedRegex(@"`+\d+")]
    private static partial Regex Generic();
}
