using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML.Data;
using MlNetMlp;
using MlNetMlp.Serving;

namespace Service;

/// <summary>The OpenAPI 3.1 description of the service, with the columns of the model that is served at the moment.</summary>
/// <remarks>What a row is becomes known with the model and not with the compiler, so the document is written from the model's schema.</remarks>
internal static class OpenApiDocument
{
    private static readonly JsonSerializerOptions _indented = new() { WriteIndented = true };

    public static string Write(ServedModel? model)
    {
        var document = new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject { ["title"] = "Model service", ["version"] = model?.Version ?? "no model" },
            ["paths"] = new JsonObject
            {
                ["/score"] = new JsonObject { ["post"] = Score() },
                ["/model"] = new JsonObject
                {
                    ["get"] = Operation("The model in service and its columns.", ("200", "The model."),
                    ("503", "There is no model yet."))
                },
                ["/model/reload"] = new JsonObject
                {
                    ["post"] = Operation(
                        "Reads the model's file again.", ("200", "The model that is in service now."),
                            ("409", "There is no file, or it is being written; the old model stays."),
                        ("422", "The file cannot be served; the old model stays.")),
                },
                ["/health/live"] = new JsonObject { ["get"] = Operation("Whether the process works.", ("200", "It does.")) },
                ["/health/ready"] = new JsonObject
                {
                    ["get"] = Operation("Whether requests should come here.", ("200", "They should."),
                    ("503", "No model yet, or about to end."))
                },
                ["/metrics"] = new JsonObject { ["get"] = Operation("Metrics in the text format of Prometheus.", ("200", "The metrics.")) },
            },
            ["components"] = new JsonObject
            {
                ["schemas"] = new JsonObject { ["Row"] = Row(model), ["Answer"] = Answer(model), ["Problem"] = Problem() },
            },
        };
        return document.ToJsonString(_indented);
    }

    private static JsonObject Score()
    {
        JsonObject operation = Operation(
            "Scores one row, or many.", ("200", "The outputs of the row, or of each row in its place."),
                ("400", "A row does not fit the model, or the body is not JSON."),
            ("413", "Too many rows, or too many bytes."), ("415", "The content type is not JSON."), ("429", "Too many requests at a time."),
                ("503", "There is no model yet."),
            ("504", "The request took too long."));
        operation["requestBody"] = new JsonObject { ["required"] = true, ["content"] = OneOrMany("Row") };
        operation["responses"]!["200"]!["content"] = OneOrMany("Answer");
        operation["responses"]!["200"]!["headers"] = new JsonObject
        {
            [ScoreEndpoint.VersionHeader] = new JsonObject { ["description"] = "The model that scored.", ["schema"] = Type("string") },
        };
        return operation;
    }

    private static JsonObject Operation(string summary, params (string Status, string Description)[] responses)
    {
        var all = new JsonObject();
        foreach ((string status, string description) in responses)
        {
            var response = new JsonObject { ["description"] = description };
            if (status[0] != '2')
            {
                response["content"] = new JsonObject { ["application/problem+json"] = new JsonObject { ["schema"] = Reference("Problem") } };
            }

            all[status] = response;
        }

        return new JsonObject { ["summary"] = summary, ["responses"] = all };
    }

    private static JsonObject OneOrMany(string schema) => new()
    {
        ["application/json"] = new JsonObject
        {
            ["schema"] = new JsonObject { ["oneOf"] = new JsonArray(Reference(schema), new JsonObject { ["type"] = "array", ["items"] = Reference(schema) }) },
        },
    };

    private static JsonObject Row(ServedModel? model)
    {
        var properties = new JsonObject();
        foreach (ScoringInput input in model?.Scorer.Inputs ?? [])
        {
            JsonObject schema = OfColumn(input.Type, isInput: true, input.KeyValues);
            schema["description"] = input.IsRequired ? input.Allowed : $"{input.Allowed}; not needed, and not looked at";
            properties[input.Name] = schema;
        }

        JsonNode[] required = [.. (model?.Scorer.Inputs ?? []).Where(input => input.IsRequired).Select(input => JsonValue.Create(input.Name))];
        return new JsonObject { ["type"] = "object", ["additionalProperties"] = false, ["properties"] = properties, ["required"] = new JsonArray(required) };
    }

    private static JsonObject Answer(ServedModel? model)
    {
        var properties = new JsonObject();
        foreach (OutputColumn output in model?.Outputs ?? [])
        {
            properties[output.Name] = output.ValueNames.Count > 0
                ? new JsonObject
                {
                    ["type"] = "object",
                    ["properties"] = new JsonObject(output.ValueNames.Select(name => KeyValuePair.Create(name, (JsonNode?)Type("number"))))
                }
                : OfColumn(output.Type, isInput: false, output.KeyValues);
        }

        return new JsonObject { ["type"] = "object", ["properties"] = properties };
    }

    private static JsonObject OfColumn(DataViewType type, bool isInput, IReadOnlyList<string> keyValues)
    {
        if (type is VectorDataViewType vector)
        {
            var array = new JsonObject { ["type"] = "array", ["items"] = OfColumn(vector.ItemType, isInput, keyValues) };
            if (vector.IsKnownSize)
            {
                array["minItems"] = vector.Size;
                array["maxItems"] = vector.Size;
            }

            return array;
        }

        bool isReal = type.RawType == typeof(float) || type.RawType == typeof(double);
        return type switch
        {
            // null is a missing number on the way in; nothing else is ever null.
            NumberDataViewType when isReal && isInput => new JsonObject { ["type"] = new JsonArray("number", "null") },
            NumberDataViewType => Type(isReal ? "number" : "integer"),
            BooleanDataViewType => Type("boolean"),
            KeyDataViewType when keyValues.Count > 0 => new JsonObject { ["enum"] = new JsonArray([.. keyValues.Select(value => JsonValue.Create(value))]) },
            KeyDataViewType => Type("integer"),
            _ => Type("string"),
        };
    }

    private static JsonObject Problem() => new()
    {
        ["type"] = "object",
        ["description"] = "RFC 9457. For a row that does not fit: its number, from 0, and the name of its column.",
        ["properties"] = new JsonObject
        {
            ["type"] = Type("string"),
            ["title"] = Type("string"),
            ["status"] = Type("integer"),
            ["detail"] = Type("string"),
            ["row"] = Type("integer"),
            ["column"] = Type("string"),
        },
    };

    private static JsonObject Type(string type) => new() { ["type"] = type };

    private static JsonObject Reference(string schema) => new() { ["$ref"] = $"#/components/schemas/{schema}" };
}
