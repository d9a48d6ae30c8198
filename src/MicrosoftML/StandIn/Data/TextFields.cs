namespace Microsoft.ML.StandIn;

/// <summary>Splits a line of text into its fields: separators, quotes, and pairs of index and value.</summary>
internal sealed class TextFields(char separator, bool allowQuoting, bool allowSparse)
{
    private readonly List<(int Index, ReadOnlyMemory<char> Text)> _fields = [];

    /// <summary>The fields that are not empty, by ascending index.</summary>
    public IReadOnlyList<(int Index, ReadOnlyMemory<char> Text)> Fields => _fields;

    public void Split(string line)
    {
        _fields.Clear();
        int next = 0;
        int sparseBase = -1;
        int size = int.MaxValue;
        for (int index = 0; next <= line.Length; index++)
        {
            var text = Field(line, ref next, out int sparse);
            if (sparse >= 0 && sparseBase < 0)
            {
                // The field before the first pair says how many values there are; the indices count from its place.
                if (_fields.Count == 0 || _fields[^1].Index != index - 1 || !int.TryParse(_fields[^1].Text.Span, out int count))
                    return;
                sparseBase = index - 1;
                size = sparseBase + count;
                _fields.RemoveAt(_fields.Count - 1);
            }

            if (sparseBase >= 0)
            {
                if (sparse < 0 || sparseBase + sparse >= size || (_fields.Count > 0 && sparseBase + sparse <= _fields[^1].Index))
                    return;
            }

            if (!text.IsEmpty)
                _fields.Add((sparse >= 0 ? sparseBase + sparse : index, text));
        }
    }

    /// <summary>The field that starts at <paramref name="next"/>, which moves behind its separator.</summary>
    private ReadOnlyMemory<char> Field(string line, ref int next, out int sparse)
    {
        int at = SkipSpaces(line, next);
        sparse = -1;
        if (allowSparse)
        {
            int colon = at;
            while (colon < line.Length && char.IsAsciiDigit(line[colon]))
                colon++;
            if (colon > at && colon < line.Length && line[colon] == ':')
            {
                sparse = int.Parse(line.AsSpan(at, colon - at), CultureInfo.InvariantCulture);
                at = SkipSpaces(line, colon + 1);
            }
        }

        if (allowQuoting && at < line.Length && line[at] == '"')
            return Quoted(line, at + 1, ref next);
        int end = line.IndexOf(separator, at);
        if (end < 0)
            end = line.Length;
        next = end + 1;
        return line.AsMemory(at, end - at);
    }

    /// <summary>Two quotes stand for one; a field with no closing quote, or with text behind it, is taken as empty.</summary>
    private ReadOnlyMemory<char> Quoted(string line, int at, ref int next)
    {
        var text = new StringBuilder();
        bool closed = false;
        for (; at < line.Length; at++)
        {
            if (line[at] != '"')
            {
                text.Append(line[at]);
            }
            else if (at + 1 < line.Length && line[at + 1] == '"')
            {
                text.Append(line[at++]);
            }
            else
            {
                closed = true;
                at++;
                break;
            }
        }

        int end = line.IndexOf(separator, Math.Min(at, line.Length));
        if (end < 0)
            end = line.Length;
        next = end + 1;
        bool clean = closed && line.AsSpan(at, end - at).Trim(' ').IsEmpty;
        return clean ? text.ToString().AsMemory() : default;
    }

    private int SkipSpaces(string line, int at)
    {
        while (separator != ' ' && at < line.Length && line[at] == ' ')
            at++;
        return at;
    }
}
