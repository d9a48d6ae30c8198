using System.Reflection;
using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetMlp.Serving;

namespace MlNetMlp.Tests.Rows;

/// <summary>A pipeline with rows of a class, so that a prediction engine, which is the independent computation, can score the same rows.</summary>
public abstract record RowScorerCase(string Name, string[] Required)
{
    public const int Rows = 40;

    private static readonly RowScorerCase[] _all =
    [
        new PipelineCase<House, NumberPrediction>("plain floats", ["Rooms", "Age"], House.Of, context => context.Transforms.Concatenate("Features",
            "Rooms", "Age")
            .Append(context.Regression.Trainers.Mlp(Small(new MlpRegressionTrainer.Options { LabelColumnName = "Price" })))),
        new PipelineCase<House, NumberPrediction>("one-hot", ["District", "Rooms", "Age"], House.Of,
            context => context.Transforms.Categorical.OneHotEncoding("District")
            .Append(context.Transforms.Concatenate("Features", "District", "Rooms", "Age"))
            .Append(context.Regression.Trainers.Mlp(Small(new MlpRegressionTrainer.Options { LabelColumnName = "Price" })))),
        new PipelineCase<House, NumberPrediction>("categories", ["District", "Rooms", "Age"], House.Of,
            context => context.Transforms.Categorical.OneHotEncoding("District")
            .Append(context.Transforms.Concatenate("Features", "District", "Rooms", "Age"))
            .Append(context.Regression.Trainers.Mlp(Small(new MlpRegressionTrainer.Options
            {
                LabelColumnName = "Price",
                CategoricalEmbedding = new() { MaximumOneHotSize = 1, MinimumFrequency = 1 },
            })))),
        new PipelineCase<House, NumberPrediction>("normalizers", ["Rooms", "Age"], House.Of, context => context.Transforms.NormalizeMinMax("Rooms")
            .Append(context.Transforms.Concatenate("Features", "Rooms", "Age"))
            .Append(context.Transforms.NormalizeMeanVariance("Features"))
            .Append(context.Regression.Trainers.Mlp(Small(new MlpRegressionTrainer.Options { LabelColumnName = "Price" })))),
        new PipelineCase<House, TextPrediction>("names of classes", ["Rooms", "Age"], House.Of,
            context => context.Transforms.Conversion.MapValueToKey("Label", "District")
            .Append(context.Transforms.Concatenate("Features", "Rooms", "Age"))
            .Append(context.MulticlassClassification.Trainers.Mlp(Small(new MlpMulticlassTrainer.Options())))
            .Append(context.Transforms.Conversion.MapKeyToValue("PredictedLabel"))),
        new PipelineCase<House, KeyPrediction>("keys of classes", ["Rooms", "Age"], House.Of, context => context.Transforms.Conversion.MapValueToKey("District")
            .Append(context.Transforms.Concatenate("Features", "Rooms", "Age"))
            .Append(context.MulticlassClassification.Trainers.Mlp(Small(new MlpMulticlassTrainer.Options { LabelColumnName = "District" })))),
        new PipelineCase<House, BinaryPrediction>("binary", ["Rooms", "Age"], House.Of, context => context.Transforms.Concatenate("Features", "Rooms", "Age")
            .Append(context.BinaryClassification.Trainers.Mlp(Small(new MlpBinaryTrainer.Options { LabelColumnName = "HasGarden" })))),
        new PipelineCase<Signal, VectorPrediction>("vector label", ["Values"], Signal.Of, context =>
            context.Regression.Trainers.Mlp(Small(new MlpRegressionTrainer.Options { LabelColumnName = "Targets", FeatureColumnName = "Values" }))),
        new PipelineCase<Signal, VectorPrediction>("sparse features", ["Values"], Signal.Of, context =>
            context.Regression.Trainers.Mlp(Small(new MlpRegressionTrainer.Options { LabelColumnName = "Targets", FeatureColumnName = "Values",
                SparseFeatures = true }))),
        new PipelineCase<House, TwoPredictions>("two networks", ["Rooms", "Age"], House.Of, context => context.Transforms.Concatenate("Features",
            "Rooms", "Age")
            .Append(context.Regression.Trainers.Mlp(Small(new MlpRegressionTrainer.Options { LabelColumnName = "Price" })))
            .Append(context.Transforms.CopyColumns("PriceScore", "Score"))
            .Append(context.BinaryClassification.Trainers.Mlp(Small(new MlpBinaryTrainer.Options { LabelColumnName = "HasGarden" })))),
    ];

    /// <summary>All cases, by name, as fitted and as loaded from a file.</summary>
    public static TheoryData<string, bool> All
    {
        get
        {
            var data = new TheoryData<string, bool>();
            foreach (RowScorerCase c in _all)
            {
                data.Add(c.Name, false);
                data.Add(c.Name, true);
            }

            return data;
        }
    }

    public static RowScorerCase Of(string name) => _all.Single(c => c.Name == name);

    /// <summary>Fits the pipeline, and saves and loads it if asked to.</summary>
    public (ITransformer Model, DataViewSchema Schema) Fit(bool loaded = false)
    {
        (ITransformer model, DataViewSchema schema) = Fit(new MLContext(1));
        if (!loaded)
        {
            return (model, schema);
        }

        using var file = new MemoryStream();
        new MLContext(1).Model.Save(model, schema, file);
        file.Position = 0;
        ITransformer again = new MLContext(1).Model.Load(file, out schema);
        return (again, schema);
    }

    public RowScorer CreateScorer(bool loaded = false, params string[] outputs)
    {
        (ITransformer model, DataViewSchema schema) = Fit(loaded);
        return new MLContext(1).Model.CreateRowScorer(model, schema, outputs.Length == 0 ? null : outputs);
    }

    /// <summary>The bits of what a prediction engine predicts for each of the rows.</summary>
    public abstract string[] PredictByEngine(ITransformer model);

    /// <summary>The same by a row of a scorer.</summary>
    public abstract string Predict(ScoringRow row, int number, bool byJson);

    protected abstract (ITransformer Model, DataViewSchema Schema) Fit(MLContext context);

    private static T Small<T>(T options)
        where T : MlpTrainerOptions =>
            (T)(options with { Effort = Effort.Plain, HiddenLayers = [new(8)], NumberOfEpochs = 3, BatchSize = 16, NumberOfThreads = 1, Seed = 5 });

    private sealed record PipelineCase<TRow, TPrediction>(string Name, string[] Required, Func<int, TRow> Row, Func<MLContext,
        IEstimator<ITransformer>> Pipeline)
        : RowScorerCase(Name, Required)
        where TRow : class
        where TPrediction : class, new()
    {
        private static readonly PropertyInfo[] _properties = typeof(TRow).GetProperties();
        private static readonly PropertyInfo[] _predictions = typeof(TPrediction).GetProperties();

        public override string[] PredictByEngine(ITransformer model)
        {
            PredictionEngine<TRow, TPrediction> engine = new MLContext(1).Model.CreatePredictionEngine<TRow, TPrediction>(model);
            return [.. Enumerable.Range(0, Rows).Select(number =>
            {
                TPrediction prediction = engine.Predict(Row(number));
                return string.Join(" | ", _predictions.Select(property => $"{property.Name}={Bits(property.GetValue(prediction)!)}"));
            })];
        }

        public override string Predict(ScoringRow row, int number, bool byJson)
        {
            if (byJson)
            {
                SetJson(row, JsonSerializer.SerializeToUtf8Bytes(Row(number)));
            }
            else
            {
                Set(row, Row(number));
            }

            row.Score();
            return string.Join(" | ", _predictions.Select(property => $"{property.Name}={Bits(Read(row, property))}"));
        }

        protected override (ITransformer Model, DataViewSchema Schema) Fit(MLContext context)
        {
            IDataView data = context.Data.LoadFromEnumerable(Enumerable.Range(0, Rows).Select(Row));
            return (Pipeline(context).Fit(data), data.Schema);
        }

        private void Set(ScoringRow row, TRow values)
        {
            foreach (PropertyInfo property in _properties.Where(property => Required.Contains(property.Name)))
            {
                switch (property.GetValue(values))
                {
                    case float number:
                        row.Set(property.Name, number);
                        break;
                    case string text:
                        row.Set(property.Name, text);
                        break;
                    case float[] vector when Name == "sparse features":
                        int[] filled = [.. Enumerable.Range(0, vector.Length).Where(i => vector[i] != 0)];
                        row.SetVector<float>(property.Name, vector.Length, filled, [.. filled.Select(i => vector[i])]);
                        break;
                    case float[] vector:
                        row.SetVector<float>(property.Name, vector);
                        break;
                    default:
                        throw new InvalidOperationException("No such property.");
                }
            }
        }

        /// <summary>All columns, needed or not.</summary>
        private static void SetJson(ScoringRow row, byte[] json)
        {
            var reader = new Utf8JsonReader(json);
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                string name = reader.GetString()!;
                reader.Read();
                row.SetJson(name, ref reader);
            }
        }

        private static object Read(ScoringRow row, PropertyInfo property) => property.PropertyType switch
        {
            Type type when type == typeof(float) => row.Get<float>(property.Name),
            Type type when type == typeof(float[]) => row.GetValues<float>(property.Name).ToArray(),
            Type type when type == typeof(uint) => row.Get<uint>(property.Name),
            Type type when type == typeof(bool) => row.Get<bool>(property.Name),
            _ => row.Get<ReadOnlyMemory<char>>(property.Name).ToString(),
        };

        private static string Bits(object value) => value switch
        {
            float number => BitConverter.SingleToInt32Bits(number).ToString("x8"),
            float[] vector => string.Join(',', vector.Select(number => Bits(number))),
            _ => value.ToString()!,
        };
    }

    private sealed class House
    {
        public string District { get; set; } = "";

        public float Rooms { get; set; }

        public float Age { get; set; }

        public bool HasGarden { get; set; }

        public float Price { get; set; }

        public static House Of(int row) => new()
        {
            District = (row % 3) switch { 0 => "North", 1 => "Süd \"Ost\"", _ => "West" },
            Rooms = 1 + row % 3 + (row % 7) / 7f,
            Age = row * 1.37f,
            HasGarden = row % 3 == 0,
            Price = 100 + 30 * (row % 3) - row,
        };
    }

    private sealed class Signal
    {
        [VectorType(20)]
        public float[] Values { get; set; } = [];

        [VectorType(2)]
        public float[] Targets { get; set; } = [];

        public static Signal Of(int row) => new()
        {
            Values = [.. Enumerable.Range(0, 20).Select(i => (i + row) % 10 == 0 ? 1 + 0.37f * row + i : 0)],
            Targets = [row, -0.5f * row],
        };
    }

    private sealed class NumberPrediction
    {
        public float Score { get; set; }
    }

    private sealed class VectorPrediction
    {
        public float[] Score { get; set; } = [];
    }

    private sealed class TextPrediction
    {
        public float[] Score { get; set; } = [];

        public string PredictedLabel { get; set; } = "";
    }

    private sealed class KeyPrediction
    {
        public float[] Score { get; set; } = [];

        public uint PredictedLabel { get; set; }
    }

    private sealed class BinaryPrediction
    {
        public bool PredictedLabel { get; set; }

        public float Score { get; set; }

        public float Probability { get; set; }
    }

    private sealed class TwoPredictions
    {
        public float PriceScore { get; set; }

        public float Probability { get; set; }
    }
}
