using System.Globalization;
using FreshProcess;
using Microsoft.ML;
using Microsoft.ML.Data;

// Usage: <model.zip> <rows.txt>: one row a line, its features separated by blanks. Prints the bits of each row's scores, by a view
// and by a prediction engine; then what becomes of writing the network as an ONNX file, for which this program lacks the package; and last
// the assemblies whose name begins with MlNetMlp that the program itself refers to.
var context = new MLContext();
Row[] rows = [.. File.ReadAllLines(args[1]).Select(line => new Row
{
    Features = [.. line.Split(' ').Select(number => float.Parse(number, CultureInfo.InvariantCulture))],
})];

ITransformer model = context.Model.Load(args[0], out _);
foreach (Prediction prediction in context.Data.CreateEnumerable<Prediction>(model.Transform(context.Data.LoadFromEnumerable(rows)), reuseRowObject: false))
{
    Console.WriteLine(prediction);
}

PredictionEngine<Row, Prediction> engine = context.Model.CreatePredictionEngine<Row, Prediction>(model);
foreach (Row row in rows)
{
    Console.WriteLine(engine.Predict(row));
}

try
{
    // Without the type's name, its members are found at run time.
    dynamic network = ((IEnumerable<ITransformer>)model).Last();
    network.Model.SaveAsOnnx(Path.ChangeExtension(args[0], ".onnx"));
    Console.WriteLine("Written");
}
catch (InvalidOperationException exception)
{
    Console.WriteLine(exception.Message);
}

Console.WriteLine("References: " + string.Join(", ", typeof(Row).Assembly.GetReferencedAssemblies().Select(a => a.Name)
    .Where(n => n!.StartsWith("MlNetMlp", StringComparison.Ordinal))));

namespace FreshProcess
{
    internal sealed class Row
    {
        [VectorType(4)]
        public float[] Features { get; set; } = [];
    }

    internal sealed class Prediction
    {
        public uint PredictedLabel { get; set; }

        public float[] Score { get; set; } = [];

        public override string ToString() =>
            PredictedLabel + " " + string.Join(' ', Score.Select(score => BitConverter.SingleToInt32Bits(score).ToString("x8", CultureInfo.InvariantCulture)));
    }
}
