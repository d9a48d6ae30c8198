using System.Globalization;
using System.Reflection;

namespace MlNetMlp.Architecture.Tests.Support;

/// <summary>Types, names and parameters as C# writes them, with question marks where null is allowed.</summary>
internal static class TypeText
{
    private static readonly Dictionary<Type, string> _keywords = new()
    {
        [typeof(bool)] = "bool",
        [typeof(byte)] = "byte",
        [typeof(char)] = "char",
        [typeof(double)] = "double",
        [typeof(float)] = "float",
        [typeof(int)] = "int",
        [typeof(long)] = "long",
        [typeof(object)] = "object",
        [typeof(short)] = "short",
        [typeof(string)] = "string",
        [typeof(uint)] = "uint",
        [typeof(ulong)] = "ulong",
        [typeof(ushort)] = "ushort",
        [typeof(void)] = "void",
    };

    private static readonly NullabilityInfoContext _nullability = new();

    public static string Of(Type type) => Write(type, null);

    public static string Of(FieldInfo field) => Write(field.FieldType, _nullability.Create(field));

    public static string Of(PropertyInfo property) => Write(property.PropertyType, _nullability.Create(property));

    public static string OfReturn(MethodInfo method) => Write(method.ReturnType, _nullability.Create(method.ReturnParameter));

    public static string Parameters(MethodBase method)
        => (method.CustomAttributes.Any(attribute => attribute.AttributeType.Name == "ExtensionAttribute") ? "this " : "")
            + string.Join(", ", method.GetParameters().Select(Of));

    public static string Of(ParameterInfo parameter)
    {
        string passing = parameter switch
        {
            { IsOut: true } => "out ",
            { IsIn: true } => "in ",
            { ParameterType.IsByRef: true } => "ref ",
            _ when parameter.CustomAttributes.Any(attribute =>
                attribute.AttributeType.Name is "ParamArrayAttribute" or "ParamCollectionAttribute") => "params ",
            _ => "",
        };
        string value = parameter.HasDefaultValue ? " = " + OfValue(parameter.RawDefaultValue, parameter.ParameterType) : "";
        return $"{passing}{Write(parameter.ParameterType, _nullability.Create(parameter))} {parameter.Name}{value}";
    }

    public static string OfValue(object? value, Type? type = null) => value switch
    {
        null => type is { IsValueType: true } && Nullable.GetUnderlyingType(type) is null ? "default" : "null",
        string text => $"\"{text}\"",
        bool truth => truth ? "true" : "false",
        float single => single.ToString("R", CultureInfo.InvariantCulture) + "f",
        _ when type is { IsEnum: true } => $"{Of(type)}.{Enum.ToObject(type, value)}",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    public static string NameOf(Type type) => type.Name.Split('`')[0];

    public static string NameOf(MethodInfo method)
        => method.IsGenericMethod ? $"{method.Name}<{string.Join(", ", method.GetGenericArguments().Select(Of))}>" : method.Name;

    public static string Constraints(Type[] parameters)
        => string.Concat(parameters.Where(parameter => parameter.IsGenericParameter).Select(Constraint));

    private static string Constraint(Type parameter)
    {
        GenericParameterAttributes attributes = parameter.GenericParameterAttributes;
        bool isStruct = attributes.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint);
        IEnumerable<string> constraints = parameter.GetGenericParameterConstraints().Where(type => type != typeof(ValueType)).Select(Of);
        if (isStruct)
        {
            constraints = constraints.Prepend("struct");
        }
        else if (attributes.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint))
        {
            constraints = constraints.Prepend("class");
        }

        if (!isStruct && attributes.HasFlag(GenericParameterAttributes.DefaultConstructorConstraint))
        {
            constraints = constraints.Append("new()");
        }

        string list = string.Join(", ", constraints);
        return list.Length == 0 ? "" : $" where {parameter.Name} : {list}";
    }

    private static string Write(Type type, NullabilityInfo? nullability)
    {
        if (type.IsByRef)
        {
            return Write(type.GetElementType()!, nullability?.ElementType ?? nullability);
        }

        if (Nullable.GetUnderlyingType(type) is { } value)
        {
            return Of(value) + "?";
        }

        string mark = nullability is { ReadState: NullabilityState.Nullable } && !type.IsValueType ? "?" : "";
        if (type.IsArray)
        {
            return $"{Write(type.GetElementType()!, nullability?.ElementType)}[{new string(',', type.GetArrayRank() - 1)}]{mark}";
        }

        if (_keywords.TryGetValue(type, out string? keyword))
        {
            return keyword + mark;
        }

        if (type.IsGenericParameter)
        {
            return type.Name + mark;
        }

        // A nested type carries the parameters of the types around it; they are written where they belong.
        Type[] arguments = type.GetGenericArguments();
        int outer = type.DeclaringType?.GetGenericArguments().Length ?? 0;
        string prefix = type.DeclaringType is { } declaring
            ? Write(declaring.IsGenericTypeDefinition && !type.IsGenericTypeDefinition ? declaring.MakeGenericType(arguments[..outer]) : declaring, null) + "."
            : "";
        IEnumerable<string> own = arguments.Select((argument, i) => Write(argument, nullability?.GenericTypeArguments.ElementAtOrDefault(i))).Skip(outer);
        return prefix + NameOf(type) + (arguments.Length > outer ? $"<{string.Join(", ", own)}>" : "") + mark;
    }
}
