using System.Globalization;
using MlNetMlp;
using Spectre.Console;

namespace Digits;

/// <summary>A table of the last epochs below a bar, while the training runs; one plain line in ten where the output is no terminal.</summary>
internal sealed class TrainingDisplay : IProgress<EpochReport>
{
    private const int RowsShown = 12;

    private readonly Table _table = new Table().Border(TableBorder.Rounded)
        .AddColumns("epoch", "training loss", "validation loss", "validation accuracy", "learning rate", "seconds", "best");

    private Action _refresh = () => { };

    public static T Run<T>(int epochs, Func<IProgress<EpochReport>, T> train)
    {
        var display = new TrainingDisplay();
        Console.WriteLine($"Training for at most {epochs} epochs.");
        if (!AnsiConsole.Profile.Capabilities.Interactive)
        {
            return train(display);
        }

        return AnsiConsole.Live(display._table).Start(context =>
        {
            display._refresh = context.Refresh;
            return train(display);
        });
    }

    public void Report(EpochReport value)
    {
        if (AnsiConsole.Profile.Capabilities.Interactive)
        {
            AddRow(value);
            _refresh();
        }
        else if (value.Epoch % 10 == 0 || value.Epoch == value.NumberOfEpochs)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"Epoch {value.Epoch}/{value.NumberOfEpochs}: training loss {value.TrainingLoss:F4}, validation loss " +
                $"{value.ValidationLoss:F4}, accuracy {value.ValidationMetric:P1}"));
        }
    }

    private void AddRow(EpochReport report)
    {
        if (_table.Rows.Count == RowsShown)
        {
            _table.RemoveRow(0);
        }

        _table.AddRow(
            $"{report.Epoch}/{report.NumberOfEpochs}",
            $"{report.TrainingLoss:F4}",
            $"{report.ValidationLoss:F4}",
            $"{report.ValidationMetric:P1}",
            $"{report.LearningRate:G2}",
            $"{report.Elapsed.TotalSeconds:F1}",
            report.IsBest ? "*" : "");
    }
}
