using System.Text;
using Microsoft.ML.Data;

namespace MlNetMlp.Benchmarks.Quality;

/// <summary>Some lines of a file, for ML.NET to read as if they were a file.</summary>
internal sealed class LinesInMemory(IEnumerable<string> lines) : IMultiStreamSource
{
    private readonly byte[] _text = Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n");

    public int Count => 1;

    public string? GetPathOrNull(int index) => null;

    public System.IO.Stream Open(int index) => new MemoryStream(_text, writable: false);

    public TextReader OpenTextReader(int index) => new StreamReader(Open(index));
}
