using System.Collections.Frozen;
using System.Text;
using System.Text.Json;
using Microsoft.ML.Data;
using MlNetMlp;
using MlNetMlp.Serving;

namespace Service;

/// <summary>Finds the columns that the names in JSON rows mean.</summary>
internal sealed class InputColumns(IReadOnlyList<ScoringInput> inputs)
{
    private readonly byte[][] _names = [.. inputs.Select(input => Encoding.UTF8.GetBytes(input.Name))];
    private readonly FrozenDictionary<string, int> _indices = inputs.ToFrozenDictionary(input => input.Name, input => input.Index, StringComparer.Ordinal);
    private readonly bool[] _areNumbers = [.. inputs.Select(input => ((input.Type as VectorDataViewType)?.ItemType ?? input.Type) is NumberDataViewType)];

    /// <summary>The column whose name the reader stands on, or -1.</summary>
    /// <param name="reader">The reader, which is left where it is.</param>
    /// <param name="expected">The column that is probably meant: rows mostly have the order of the model, and then no text is made of the name.</param>
    public int Find(ref Utf8JsonReader reader, int expected) =>
        expected < _names.Length && reader.ValueTextEquals(_names[expected]) ? expected : _indices.GetValueOrDefault(reader.GetString()!, -1);

    /// <summary>
    /// Whether a number, or a vector of numbers, is given as text. That is refused: <c>"NaN"</c> and <c>"Infinity"</c> would come in that
    /// way.
    /// </summary>
    public bool IsTextForNumber(Utf8JsonReader reader, int index)
    {
        if (!_areNumbers[index])
        {
            return false;
        }

        // The reader is a copy, so that this looks ahead.
        if (reader.TokenType == JsonTokenType.StartArray)
        {
            while (reader.Read() && reader.TokenType is JsonTokenType.Number or JsonTokenType.Null)
            {
            }
        }

        return reader.TokenType == JsonTokenType.String;
    }
}
