using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetMlp.Tests.Support;

/// <summary>Compares schemas: promised, delivered, loaded.</summary>
public static class SchemaAssert
{
    private static readonly MethodInfo _createShape = typeof(SchemaShape).GetMethod("Create", BindingFlags.NonPublic | BindingFlags.Static)!;

    /// <summary>The shape of a schema, as ML.NET makes it when a pipeline is fitted.</summary>
    public static SchemaShape ShapeOf(DataViewSchema schema) => (SchemaShape)_createShape.Invoke(null, [schema])!;

    /// <summary>Both have the same columns in any order, with the same types and the same annotations.</summary>
    public static void SameShape(SchemaShape promised, SchemaShape delivered) => Assert.Equal(Lines(promised, ""), Lines(delivered, ""));

    /// <summary>Both have the same columns in the same order, with the same types and annotations, values included.</summary>
    public static void SameSchema(DataViewSchema expected, DataViewSchema actual)
    {
        Assert.Equal(expected.Select(Describe), actual.Select(Describe));
        for (int i = 0; i < expected.Count; i++)
        {
            AssertSameAnnotations(expected[i], actual[i]);
        }
    }

    public static string Text(DataViewSchema.Column column, string kind)
    {
        ReadOnlyMemory<char> value = default;
        column.Annotations.GetValue(kind, ref value);
        return value.ToString();
    }

    public static string[] Texts(DataViewSchema.Column column, string kind)
    {
        VBuffer<ReadOnlyMemory<char>> value = default;
        column.Annotations.GetValue(kind, ref value);
        return [.. value.DenseValues().Select(text => text.ToString())];
    }

    public static uint SetId(DataViewSchema.Column column)
    {
        uint value = 0;
        column.Annotations.GetValue("ScoreColumnSetId", ref value);
        return value;
    }

    private static string Describe(DataViewSchema.Column column) => $"{column.Name}: {column.Type}{(column.IsHidden ? " hidden" : "")}";

    private static void AssertSameAnnotations(DataViewSchema.Column expected, DataViewSchema.Column actual)
    {
        Assert.Equal(expected.Annotations.Schema.Select(Describe).Order(), actual.Annotations.Schema.Select(Describe).Order());
        foreach (DataViewSchema.Column annotation in expected.Annotations.Schema)
        {
            Assert.Equal(RowValues.Read(expected.Annotations, annotation.Name), RowValues.Read(actual.Annotations, annotation.Name));
        }
    }

    private static string[] Lines(SchemaShape shape, string indent) => [.. shape
        .OrderBy(column => column.Name, StringComparer.Ordinal)
        .SelectMany(column => Lines(column.Annotations, indent + "  ")
            .Prepend($"{indent}{column.Name}: {column.Kind} {column.ItemType}{(column.IsKey ? " key" : "")}"))];
}
