using System.Text.Json;
using Microsoft.ML.Data;
using MlNetMlp.Serving;

namespace Service;

/// <summary>A column of the answer: a value, a list, or an object where the values have names, such as those of the classes. Immutable.</summary>
internal sealed class OutputColumn
{
    private readonly ScoringOutput _output;
    private readonly JsonEncodedText _name;
    private readonly JsonEncodedText[] _encodedNames;

    public OutputColumn(ScoringOutput output)
    {
        _output = output;
        _name = JsonEncodedText.Encode(output.Name);
        _encodedNames = [.. output.ValueNames.Select(name => JsonEncodedText.Encode(name))];
    }

    public string Name => _output.Name;

    public DataViewType Type => _output.Type;

    /// <summary>The values of a key as texts; empty if it is none.</summary>
    public IReadOnlyList<string> KeyValues => _output.KeyValues;

    /// <summary>The names of the values of a vector; empty if they have none.</summary>
    public IReadOnlyList<string> ValueNames => _output.ValueNames;

    public void Write(ScoringRow row, Utf8JsonWriter json)
    {
        json.WritePropertyName(_name);
        if (_encodedNames.Length == 0)
        {
            row.WriteJson(_output.Index, json);
            return;
        }

        json.WriteStartObject();
        ReadOnlySpan<float> values = row.GetValues<float>(_output.Index);
        for (int i = 0; i < _encodedNames.Length; i++)
        {
            if (float.IsFinite(values[i]))
            {
                json.WriteNumber(_encodedNames[i], values[i]);
            }
            else
            {
                json.WriteNull(_encodedNames[i]);
            }
        }

        json.WriteEndObject();
    }
}
