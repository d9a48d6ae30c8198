using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.ML.Data;
using Microsoft.OpenApi;
using MlNetMlp.Hosting;
using MlNetMlp.Serving;

namespace Service;

/// <summary>Puts into the OpenAPI document what no compiler knows: the columns of the model that is served at the moment.</summary>
internal sealed class ModelSchemas(MlpScoring scoring) : IOpenApiDocumentTransformer
{
    private const string Row = "Row", Answer = "Answer";

    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        ServedModel? model = scoring.Current;
        document.Info = new OpenApiInfo
        {
            Title = "Model service",
            Version = model?.Version ?? "no model",
            Description = "Rows in, predictions out. A row is an object by column name; null is a missing number.",
        };
        document.AddComponent(Row, OfRow(model));
        document.AddComponent(Answer, OfAnswer(model));
        document.AddComponent(AdminKeyHandler.SchemeName, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description = "The key that the service was started with, Admin:Key.",
        });

        foreach ((string path, IOpenApiPathItem item) in document.Paths)
        {
            foreach (OpenApiOperation operation in item.Operations!.Values)
            {
                if (path == ScoreEndpoint.Path)
                {
                    Describe(operation, document);
                }
                else
                {
                    operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(AdminKeyHandler.SchemeName, document)] = [] }];
                }
            }
        }

        return Task.CompletedTask;
    }

    private static void Describe(OpenApiOperation score, OpenApiDocument document)
    {
        score.RequestBody = new OpenApiRequestBody { Required = true, Content = OneOrMany(Row, document) };
        score.Responses!["200"] = new OpenApiResponse
        {
            Description = "The outputs of the row, or of each row in its place.",
            Content = OneOrMany(Answer, document),
            Headers = new Dictionary<string, IOpenApiHeader>
            {
                [ScoreEndpoint.VersionHeader] = new OpenApiHeader { Description = "The model that scored.", Schema = Of(JsonSchemaType.String) },
            },
        };
    }

    private static Dictionary<string, OpenApiMediaType> OneOrMany(string schema, OpenApiDocument document) => new()
    {
        ["application/json"] = new OpenApiMediaType
        {
            Schema = new OpenApiSchema
            {
                OneOf =
                [
                    new OpenApiSchemaReference(schema, document),
                    new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchemaReference(schema, document) },
                ],
            },
        },
    };

    private static OpenApiSchema OfRow(ServedModel? model)
    {
        IReadOnlyList<ScoringInput> inputs = model?.Scorer.Inputs ?? [];
        return new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            AdditionalPropertiesAllowed = false,
            Properties = inputs.ToDictionary(input => input.Name, IOpenApiSchema (input) =>
            {
                OpenApiSchema schema = OfColumn(input.Type, isInput: true, input.KeyValues);
                schema.Description = input.IsRequired ? input.Allowed : $"{input.Allowed}; not needed, and not looked at";
                return schema;
            }),
            Required = inputs.Where(input => input.IsRequired).Select(input => input.Name).ToHashSet(),
        };
    }

    private static OpenApiSchema OfAnswer(ServedModel? model) => new()
    {
        Type = JsonSchemaType.Object,
        Properties = (model?.Scorer.Outputs ?? []).ToDictionary(output => output.Name, IOpenApiSchema (output) => output.ValueNames.Count == 0
            ? OfColumn(output.Type, isInput: false, output.KeyValues)
            : new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Properties = output.ValueNames.ToDictionary(name => name, IOpenApiSchema (_) => Of(JsonSchemaType.Number)),
            }),
    };

    private static OpenApiSchema OfColumn(DataViewType type, bool isInput, IReadOnlyList<string> keyValues)
    {
        if (type is VectorDataViewType vector)
        {
            int? size = vector.IsKnownSize ? vector.Size : null;
            return new OpenApiSchema
            {
                Type = JsonSchemaType.Array,
                Items = OfColumn(vector.ItemType, isInput, keyValues),
                MinItems = size,
                MaxItems = size,
            };
        }

        bool isReal = type.RawType == typeof(float) || type.RawType == typeof(double);
        return type switch
        {
            // null is a missing number on the way in; nothing else is ever null.
            NumberDataViewType when isReal && isInput => Of(JsonSchemaType.Number | JsonSchemaType.Null),
            NumberDataViewType => Of(isReal ? JsonSchemaType.Number : JsonSchemaType.Integer),
            BooleanDataViewType => Of(JsonSchemaType.Boolean),
            KeyDataViewType when keyValues.Count > 0 => new OpenApiSchema { Enum = [.. keyValues.Select(value => JsonValue.Create(value))] },
            KeyDataViewType => Of(JsonSchemaType.Integer),
            _ => Of(JsonSchemaType.String),
        };
    }

    private static OpenApiSchema Of(JsonSchemaType type) => new() { Type = type };
}
