using System.Buffers;
using System.Text;
using System.Text.Json;
using MlNetMlp.Hosting;
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
    public static int Score(ReadOnlySequence<byte> text, ScoringSession session, JsonAnswer answer, int maximumRows, CancellationToken cancellation)
    {
        var reader = new Utf8JsonReader(text);
        var columns = ModelColumns.Of(session.Model);
        answer.Begin(session.Model.Scorer.Inputs.Count);
        int rows = 0;
        try
        {
            reader.Read();
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                ScoreRow(ref reader, columns, session, answer, rows++);
            }
            else if (reader.TokenType == JsonTokenType.StartArray)
            {
                answer.Json.WriteStartArray();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    cancellation.ThrowIfCancellationRequested();
                    if (rows == maximumRows)
                    {
                        throw RequestProblem.TooLarge($"There are more than {maximumRows} rows.");
                    }

                    ScoreRow(ref reader, columns, session, answer, rows++);
                }

                answer.Json.WriteEndArray();
            }
            else
            {
                throw RequestProblem.BadJson("The body has to be a row, which is an object by column name, or an array of rows.");
            }

            // Says so if anything follows.
            reader.Read();
            answer.Json.Flush();
            return rows;
        }
        catch (JsonException exception)
        {
            throw RequestProblem.BadJson($"It is not JSON: {exception.Message}");
        }
    }

    private static void ScoreRow(ref Utf8JsonReader reader, ModelColumns columns, ScoringSession session, JsonAnswer answer, int row)
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
                expected = SetColumn(ref reader, columns, session, answer, row, expected) + 1;
            }
        }
        catch (InvalidRowException exception)
        {
            session.CountRefused();
            throw RequestProblem.BadRow(row, exception.ColumnName, exception.Message);
        }

        try
        {
            session.Score();
        }
        catch (InvalidRowException exception)
        {
            throw RequestProblem.BadRow(row, exception.ColumnName, exception.Message);
        }

        answer.Json.WriteStartObject();
        foreach (OutputColumn output in columns.Outputs)
        {
            output.Write(session.Row, answer.Json);
        }

        answer.Json.WriteEndObject();
    }

    private static int SetColumn(ref Utf8JsonReader reader, ModelColumns columns, ScoringSession session, JsonAnswer answer, int row, int expected)
    {
        int index;
        try
        {
            index = columns.Inputs.Find(ref reader, expected);
        }
        catch (InvalidOperationException)
        {
            throw RequestProblem.BadRow(row, null, "The name of a column is not valid Unicode.");
        }

        IReadOnlyList<ScoringInput> inputs = session.Model.Scorer.Inputs;
        if (index < 0)
        {
            string name = Short(reader.GetString()!);
            throw RequestProblem.BadRow(row, name,
                $"There is no column '{name}'. The columns are {string.Join(", ", inputs.Select(input => $"'{input.Name}'"))}.");
        }

        ScoringInput input = inputs[index];
        if (!answer.TrySet(index, row))
        {
            throw RequestProblem.BadRow(row, input.Name, $"The column '{input.Name}' is given twice.");
        }

        reader.Read();
        if (columns.Inputs.IsTextForNumber(reader, index))
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
