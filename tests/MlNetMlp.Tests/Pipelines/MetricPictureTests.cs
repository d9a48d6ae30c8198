using System.Xml.Linq;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetMlp.Diagnostics;
using MlNetMlp.Tests.Support;

namespace MlNetMlp.Tests.Pipelines;

public sealed class MetricPictureTests
{
    private readonly MLContext _context = new(1);

    [Fact]
    public void ConfusionMatrix_HasACellForEveryPair()
    {
        TrainerCase trainer = TrainerCase.Of("multiclass");
        MlpPredictionTransformer model = trainer.Fit(options => options with { NumberOfEpochs = 1 });
        ConfusionMatrix matrix = _context.MulticlassClassification.Evaluate(model.Transform(trainer.Data)).ConfusionMatrix;
        XElement root = XDocument.Parse(matrix.ToSvg(model.Model.OutputNames)).Root!;
        SvgStyles.AssertScoped(root);
        XElement[] cells = [.. root.Elements().Where(element => element.Name.LocalName == "g")];
        string[] names = ["ash", "birch", "cedar"];
        for (int i = 0; i < 9; i++)
        {
            (int actual, int predicted) = (i / 3, i % 3);
            double count = matrix.Counts[actual][predicted];
            string text = FormattableString.Invariant($"{count}");
            Assert.StartsWith($"{names[actual]} taken for {names[predicted]}: {text} rows, ", cells[i].Value, StringComparison.Ordinal);
            Assert.Equal(count > 0, cells[i].Elements().Any(element => element.Name.LocalName == "text" && element.Value == text));
        }

        double right = Enumerable.Range(0, 3).Sum(i => matrix.Counts[i][i]);
        Assert.Contains(FormattableString.Invariant($"{right} of 90 rows are right"), root.Value, StringComparison.Ordinal);
        Assert.Contains(FormattableString.Invariant($"{100 * matrix.PerClassRecall[0]:0.#} %"), root.Value, StringComparison.Ordinal);
    }

    /// <summary>The positive class comes first; of two classes with keys, the first key.</summary>
    [Fact]
    public void ConfusionMatrix_OfABinaryTask_NamesThePositiveClass()
    {
        TrainerCase binary = TrainerCase.Of("binary"), multiclass = TrainerCase.Of("multiclass");
        ConfusionMatrix matrix = _context.BinaryClassification.Evaluate(binary.Fit().Transform(binary.Data)).ConfusionMatrix;
        ConfusionMatrix several = _context.MulticlassClassification.Evaluate(multiclass.Fit().Transform(multiclass.Data)).ConfusionMatrix;

        string[] texts = [.. XDocument.Parse(matrix.ToSvg()).Root!.Elements().Select(element => element.Value)];
        Assert.Equal(["negative", "negative", "positive", "positive"], texts.Where(text => text is "positive" or "negative").Order(StringComparer.Ordinal));
        Assert.DoesNotContain("positive", several.ToSvg(), StringComparison.Ordinal);
        Assert.DoesNotContain("positive", matrix.ToSvg(["above", "below"]), StringComparison.Ordinal);
    }

    /// <summary>So many that nothing can be written into the cells, with names that are long and have letters that XML escapes.</summary>
    [Fact]
    public void ConfusionMatrix_OfManyClasses_HasAPlaceForAll()
    {
        const int Classes = 120;
        IDataView rows = _context.Data.LoadFromEnumerable(Enumerable.Range(0, 600).Select(row => new Predicted
        {
            Label = (uint)(row % Classes) + 1,
            PredictedLabel = (uint)(row * 7 % Classes) + 1,
            Score = [.. Enumerable.Repeat(1f / Classes, Classes)],
        }));
        ConfusionMatrix matrix = _context.MulticlassClassification.Evaluate(rows).ConfusionMatrix;
        XElement root = XDocument.Parse(matrix.ToSvg([.. Enumerable.Range(0, Classes).Select(i => $"a very <long> & odd name {i}")])).Root!;
        Assert.Equal(Classes * Classes, root.Elements().Count(element => element.Name.LocalName == "g"));
        SvgStyles.AssertScoped(root);
        Assert.Contains("There are 2 names of classes, and the matrix has 120", Assert.Throws<ArgumentException>(() =>
            matrix.ToSvg(["a", "b"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Reliability_OfTwoClasses_ReadsProbabilities()
    {
        TrainerCase trainer = TrainerCase.Of("binary");
        IDataView scored = trainer.Fit().Transform(trainer.Data);
        ReliabilityDiagram diagram = _context.BinaryClassification.Reliability(scored, bins: 5);
        float[] probabilities = [.. scored.GetColumn<float>("Probability")];
        for (int bin = 0; bin < 5; bin++)
        {
            int[] rows = [.. Enumerable.Range(0, 90).Where(row => Math.Min((int)(probabilities[row] * 5.0), 4) == bin)];
            Assert.Equal(rows.Length, diagram.Bins[bin].Rows);
            Assert.Equal(rows.Length == 0 ? double.NaN : rows.Average(row => TrainerCase.ClassOf(row) == 0 ? 1.0 : 0), diagram.Bins[bin].Share, 1e-12);
        }
    }

    [Fact]
    public void Reliability_OfSeveralClasses_IsThatOfThePredictedOne()
    {
        TrainerCase trainer = TrainerCase.Of("multiclass");
        RowsView data = trainer.Data.With(ViewColumn.Key("Label", 3, row => row == 4 ? 0 : (uint)TrainerCase.ClassOf(row) + 1, "ash", "birch", "cedar"));
        MlpPredictionTransformer model = trainer.Create(_context).Fit(data);
        ReliabilityDiagram diagram = _context.MulticlassClassification.Reliability(model.Transform(data));
        Assert.Equal(89, diagram.Rows);
        double accuracy = _context.MulticlassClassification.Evaluate(model.Transform(data)).MicroAccuracy;
        Assert.Equal(accuracy, diagram.Bins.Where(bin => bin.Rows > 0).Sum(bin => bin.Rows * bin.Share) / 89, 1e-9);

        // No class of three is predicted with less than a third.
        Assert.All(diagram.Bins.Take(3), bin => Assert.Equal(0, bin.Rows));
    }

    private sealed class Predicted
    {
        [KeyType(120)]
        public uint Label { get; set; }

        [KeyType(120)]
        public uint PredictedLabel { get; set; }

        [VectorType(120)]
        public float[] Score { get; set; } = [];
    }
}
