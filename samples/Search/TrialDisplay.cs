using MlNetMlp;
using MlNetMlp.Search;
using Spectre.Console;

namespace Search;

/// <summary>A table that grows with every trial while the search runs; one plain line for each where the output is no terminal.</summary>
internal sealed class TrialDisplay : IProgress<SearchTrial>
{
    private readonly IReadOnlyList<string> _names;
    private readonly Table _table;

    private Action _refresh = () => { };

    private TrialDisplay(IReadOnlyList<string> names)
    {
        _names = names;
        _table = new Table().Border(TableBorder.Rounded).AddColumns([.. names.Prepend("trial"), "log-loss", "seconds"]);
    }

    public static T Run<T>(IReadOnlyList<string> names, Func<IProgress<SearchTrial>, T> search)
    {
        var display = new TrialDisplay(names);
        if (!AnsiConsole.Profile.Capabilities.Interactive)
        {
            return search(display);
        }

        return AnsiConsole.Live(display._table).Start(context =>
        {
            display._refresh = context.Refresh;
            return search(display);
        });
    }

    public void Report(SearchTrial value)
    {
        if (!AnsiConsole.Profile.Capabilities.Interactive)
        {
            Console.WriteLine(value);
            return;
        }

        IEnumerable<string> values = _names.Select(name => value.Values.FirstOrDefault(x => x.Name == name)?.Text ?? "");
        _table.AddRow([.. values.Prepend($"{value.Number}"), value.Error is null ? $"{value.Mean:F4}" : "failed", $"{value.Elapsed.TotalSeconds:F1}"]);
        _refresh();
    }
}
