using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetMlp.Benchmarks.Quality;

/// <summary>Rows as every trainer gets them: the columns <c>Label</c> and <c>Features</c>, in memory.</summary>
/// <remarks>
/// The same for all: texts one-hot, numbers as they are, missing ones as NaN, all of them concatenated; <c>FeaturizeText</c> for a set of texts. What the
/// preparation learns, it learns from the training rows. The labels of several classes are keys, of two Booleans.
/// </remarks>
internal sealed class PreparedRows
{
    public PreparedRows(QualitySet set, QualitySplit split)
    {
        Set = set;
        (string[] train, string[] test) = set.Split(split);
        int[] occurring = [.. set.ClassesOf(train[1..]).Distinct()];
        Classes = [.. set.Classes.Where((_, place) => occurring.Contains(place))];
        TrainLabels = LabelsOf(train);
        TestLabels = LabelsOf(test);
        var context = new MLContext(seed: 0);
        IDataView trainRows = Read(context, train), testRows = Read(context, test);
        ITransformer prepared = Preparation(context).Fit(trainRows);
        Train = InMemory(context, prepared.Transform(trainRows));
        Test = InMemory(context, prepared.Transform(testRows));
        Features = ((VectorDataViewType)Train.Schema["Features"].Type).Size;
    }

    public QualitySet Set { get; }

    public IDataView Train { get; }

    public IDataView Test { get; }

    /// <summary>How many slots the features have.</summary>
    public int Features { get; }

    /// <summary>The classes that training rows have: of a fold perhaps not all.</summary>
    public string[] Classes { get; }

    /// <summary>Numbers, or places in <see cref="Classes"/>.</summary>
    public double[] TrainLabels { get; }

    /// <summary>Numbers, or places in <see cref="Classes"/>, or -1 for a class that it has not.</summary>
    public double[] TestLabels { get; }

    private double[] LabelsOf(string[] lines)
    {
        if (Set.Task == QualityTask.Regression)
        {
            return Set.NumbersOf(lines[1..]);
        }

        int[] placeHere = [.. Set.Classes.Select(name => Array.IndexOf(Classes, name))];
        return [.. Set.ClassesOf(lines[1..]).Select(place => place < 0 ? -1.0 : placeHere[place])];
    }

    private IDataView Read(MLContext context, string[] lines)
    {
        string[] names = Set.Columns;
        var options = new TextLoader.Options
        {
            HasHeader = true,
            Separators = [Set.Separator],
            AllowQuoting = !Set.IsText,
            Columns = [.. names.Select((name, place) => new TextLoader.Column(name, IsNumber(name) ? DataKind.Single : DataKind.String, place))],
        };
        return context.Data.CreateTextLoader(options).Load(new LinesInMemory(lines));
    }

    private bool IsNumber(string name) => !Set.IsText && (name[0] == 'n' || (name == "Label" && Set.Task == QualityTask.Regression));

    private IEstimator<ITransformer> Preparation(MLContext context)
    {
        IEstimator<ITransformer> features;
        if (Set.IsText)
        {
            features = context.Transforms.Text.FeaturizeText("Features", "Text");
        }
        else
        {
            string[] names = [.. Set.Columns.Where(name => name != "Label")];
            InputOutputColumnPair[] texts = [.. names.Where(name => !IsNumber(name)).Select(name => new InputOutputColumnPair(name))];
            IEstimator<ITransformer> joined = context.Transforms.Concatenate("Features", names);
            features = texts.Length == 0 ? joined : context.Transforms.Categorical.OneHotEncoding(texts).Append(joined);
        }

        return Set.Task switch
        {
            QualityTask.Binary => features.Append(context.Transforms.Conversion.MapValue(
                "Label", Classes.Select((name, place) => KeyValuePair.Create(name, place == 1)), "Label")),
            QualityTask.Multiclass => features.Append(context.Transforms.Conversion.MapValueToKey(
                "Label", "Label", keyData: context.Data.LoadFromEnumerable(Classes.Select(name => new ClassName { Label = name })))),
            _ => features,
        };
    }

    private static IDataView InMemory(MLContext context, IDataView rows)
    {
        IDataView cached = context.Data.Cache(rows, "Features", "Label");
        using DataViewRowCursor cursor = cached.GetRowCursor([cached.Schema["Features"], cached.Schema["Label"]]);
        while (cursor.MoveNext())
        {
        }

        return cached;
    }

    private sealed class ClassName
    {
        public string Label { get; set; } = "";
    }
}
