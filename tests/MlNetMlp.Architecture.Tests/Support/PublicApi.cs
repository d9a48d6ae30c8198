using System.Reflection;

namespace MlNetMlp.Architecture.Tests.Support;

/// <summary>Lists what users of an assembly can see of it: a line per type, and below it, indented, a line per member.</summary>
internal static class PublicApi
{
    private const BindingFlags Declared
        = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static IEnumerable<string> ListingOf(Assembly assembly)
        => assembly.GetTypes()
            .Where(IsVisible)
            .OrderBy(type => type.FullName, StringComparer.Ordinal)
            .SelectMany(type => Members(type).Order(StringComparer.Ordinal).Select(line => "    " + line).Prepend(Heading(type)));

    private static string Heading(Type type)
    {
        string kind = type switch
        {
            { IsInterface: true } => "interface",
            { IsEnum: true } => "enum",
            { IsValueType: true } => IsReadOnly(type) ? "readonly struct" : "struct",
            _ when typeof(Delegate).IsAssignableFrom(type) => "delegate",
            _ => (type.IsAbstract, type.IsSealed) switch
            {
                (true, true) => "static ",
                (true, _) => "abstract ",
                (_, true) => "sealed ",
                _ => "",
            } + (IsRecord(type) ? "record" : "class"),
        };
        IEnumerable<string> bases = Interfaces(type).Select(TypeText.Of).Order(StringComparer.Ordinal);
        if (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType) && parent != typeof(Enum))
        {
            bases = bases.Prepend(TypeText.Of(parent));
        }

        string list = string.Join(", ", bases);
        return $"{type.Namespace}: {kind} {TypeText.Of(type)}{(list.Length > 0 ? " : " + list : "")}{TypeText.Constraints(type.GetGenericArguments())}";
    }

    private static IEnumerable<string> Members(Type type)
    {
        if (type.IsEnum)
        {
            return type.GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => $"{field.Name} = {field.GetRawConstantValue()}");
        }

        IEnumerable<string> fields = type.GetFields(Declared)
            .Where(field => (field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly) && field.Name[0] != '<')
            .Select(Field);
        IEnumerable<string> properties = type.GetProperties(Declared)
            .Where(property => property.GetAccessors(nonPublic: true).Any(IsVisible) && property.Name != "EqualityContract")
            .Select(Property);
        IEnumerable<string> events = type.GetEvents(Declared)
            .Where(happening => IsVisible(happening.AddMethod!))
            .Select(happening => $"{Modifiers(happening.AddMethod!)}event {TypeText.Of(happening.EventHandlerType!)} {happening.Name}");
        IEnumerable<string> constructors = type.GetConstructors(Declared)
            .Where(constructor => IsVisible(constructor) && !constructor.IsStatic && !IsGenerated(constructor))
            .Select(constructor => $"{Modifiers(constructor)}{TypeText.NameOf(type)}({TypeText.Parameters(constructor)})");
        // Accessors are told with their property; the compiler's part of a record goes without saying, and so does overriding.
        IEnumerable<string> methods = type.GetMethods(Declared)
            .Where(method => IsVisible(method) && !IsGenerated(method) && method.GetBaseDefinition() == method
                && (!method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal)))
            .Select(method => $"{Modifiers(method)}{TypeText.OfReturn(method)} {TypeText.NameOf(method)}({TypeText.Parameters(method)})"
                + TypeText.Constraints(method.GetGenericArguments()));

        return fields.Concat(properties).Concat(events).Concat(constructors).Concat(methods);
    }

    private static string Field(FieldInfo field)
    {
        string modifiers = (field.IsPublic ? "" : "protected ")
            + (field.IsLiteral ? "const " : (field.IsStatic ? "static " : "") + (field.IsInitOnly ? "readonly " : ""));
        return $"{modifiers}{TypeText.Of(field)} {field.Name}{(field.IsLiteral ? " = " + TypeText.OfValue(field.GetRawConstantValue()) : "")}";
    }

    private static string Property(PropertyInfo property)
    {
        MethodInfo[] accessors = [.. property.GetAccessors(nonPublic: true).Where(IsVisible)];
        string get = property.GetMethod is { } getter && IsVisible(getter) ? " get;" : "";
        string set = property.SetMethod is { } setter && IsVisible(setter)
            ? setter.ReturnParameter.GetRequiredCustomModifiers().Any(modifier => modifier.Name == "IsExternalInit") ? " init;" : " set;"
            : "";
        bool required = property.CustomAttributes.Any(attribute => attribute.AttributeType.Name == "RequiredMemberAttribute");
        string index = property.GetIndexParameters().Length > 0
            ? $"[{string.Join(", ", property.GetIndexParameters().Select(TypeText.Of))}]"
            : "";
        return $"{(required ? "required " : "")}{Modifiers(accessors[0])}{TypeText.Of(property)} {property.Name}{index} {{{get}{set} }}";
    }

    private static string Modifiers(MethodBase method)
    {
        string access = method.IsPublic || method.DeclaringType!.IsInterface ? "" : "protected ";
        if (method.IsStatic)
        {
            return access + "static ";
        }

        if (method.DeclaringType!.IsInterface || !method.IsVirtual || method.IsFinal)
        {
            return access;
        }

        bool overrides = method is MethodInfo derived && derived.GetBaseDefinition() != derived;
        return access + (method.IsAbstract ? "abstract " : overrides ? "override " : "virtual ");
    }

    /// <summary>What the type itself says that it implements: without what follows from the base type or from another interface.</summary>
    private static IEnumerable<Type> Interfaces(Type type)
    {
        Type[] all = type.GetInterfaces();
        IEnumerable<Type> implied = all.SelectMany(one => one.GetInterfaces()).Concat(type.BaseType?.GetInterfaces() ?? []);
        return type.IsEnum ? [] : all.Except(implied).Where(one => IsVisible(one) && !(IsRecord(type) && one.Name == "IEquatable`1"));
    }

    private static bool IsVisible(Type type)
        => type.Name[0] != '<' && (type.IsPublic || ((type.IsNestedPublic || type.IsNestedFamily || type.IsNestedFamORAssem)
            && IsVisible(type.DeclaringType!)));

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static bool IsGenerated(MemberInfo member)
        => member.CustomAttributes.Any(attribute => attribute.AttributeType.Name == "CompilerGeneratedAttribute") || member.Name[0] == '<';

    private static bool IsRecord(Type type) => type.GetMethod("<Clone>$") is not null;

    private static bool IsReadOnly(Type type)
        => type.CustomAttributes.Any(attribute => attribute.AttributeType.Name == "IsReadOnlyAttribute");
}
