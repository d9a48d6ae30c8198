using System.Buffers;
using System.Text;
using System.Text.Json;
using MlNetMlp;
using MlNetMlp.Serving;

namespace Service;

/// <summary>Scores the rows of a JSON text: an object by column name, or an array of such. The answer has the same form.</summary>
internal static class JsonRows
{
    private const int ShownLength = 40;

    /// <summary>Reads, scores and answers row after row.</summary>
    /// <returns>The number of rows.</returns>
    /// <exception cref="RequestProblem">The text is not JSON, a row does not fit the model, or there are too many.</exception>
    /// <exception cref="OperationCanceledException">The client went away, or the time was up, between two rows.</exception>
    public static int Score(ReadOnlySequence<byte> text, ServedModel model, ScoringSession session, int maximumRows, CancellationToken cancellation)
    {
        var reader = new Utf8JsonReader(text);
        int rows = 0;
        try
        {
            reader.Read();
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                ScoreRow(ref reader, model, session, rows++);
            }
            else if (reader.TokenType == JsonTokenType.StartArray)
            {
                session.Json.WriteStartArray();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    cancellation.ThrowIfCancellationRequested();
                    if (rows == maximumRows)
                    {
                        throw RequestProblem.TooLarge($"There are more than {maximumRows} rows.");
                    }

                    ScoreRow(ref reader, model, session, rows++);
                }

                session.Json.WriteEndArray();
            }
            else
            {
                throw RequestProblem.BadJson("The body has to be a row, which is an object by column name, or an array of rows.");
            }

            // Says so if anything follows.
            reader.Read();
            session.Json.Flush();
            return rows;
        }
        catch (JsonException exception)
        {
            throw RequestProblem.BadJson($"It is not JSON: {exception.Message}");
        }
    }

    private static void ScoreRow(ref Utf8JsonReader reader, ServedModel model, ScoringSession session, int row)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw RequestProblem.BadRow(row, null, "A row has to be an object by column name.");
        }

        try
        {
            int expected = 0;
            while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
            {
                expected = SetColumn(ref reader, model, session, row, expected) + 1;
            }

            session.Row.Score();
        }
        catch (InvalidRowException exception)
        {
            throw RequestProblem.BadRow(row, exception.ColumnName, exception.Message);
        }

        session.Json.WriteStartObject();
        foreach (OutputColumn output in model.Outputs)
        {
            output.Write(session.Row, session.Json);
        }

        session.Json.WriteEndObject();
    }

    private static int SetColumn(ref Utf8JsonReader reader, ServedModel model, ScoringSession session, int row, int expected)
    {
        int index;
        try
        {
            index = model.Inputs.Find(ref reader, expected);
        }
        catch (InvalidOperationException)
        {
            throw RequestProblem.BadRow(row, null, "The name of a column is not valid Unicode.");
        }

        IReadOnlyList<ScoringInput> inputs = model.Scorer.Inputs;
        if (index < 0)
        {
            string name = Short(reader.GetString()!);
            throw RequestProblem.BadRow(row, name,
                $"There is no column '{name}'. The columns are {string.Join(", ", inputs.Select(input => $"'{input.Name}'"))}.");
        }

        ScoringInput input = inputs[index];
        if (!session.TrySet(index, row))
        {
            throw RequestProblem.BadRow(row, input.Name, $"The column '{input.Name}' is given twice.");
        }

        reader.Read();
        if (model.Inputs.IsTextForNumber(reader, index))
        {
            throw RequestProblem.BadRow(row, input.Name, $"The column '{input.Name}' takes {input.Allowed}; the text {Quote(reader)} was given.");
        }

        session.Row.SetJson(index, ref reader);
        return index;
    }

    /// <summary>The next text, as it stands in the body.</summary>
    private static string Quote(Utf8JsonReader reader)
    {
        while (reader.TokenType != JsonTokenType.String)
        {
            reader.Read();
        }

        return Short($"\"{Encoding.UTF8.GetString(reader.HasValueSequence ? reader.ValueSequence.ToArray() : reader.ValueSpan)}\"");
    }

    private static string Short(string text) => text.Length <= ShownLength ? text : text[..ShownLength] + "...";
}
