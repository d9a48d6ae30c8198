using Microsoft.ML;
using MlNetMlp.Serving;

// The model that the quick start has saved, behind HTTP.
var mlContext = new MLContext();
ITransformer model = mlContext.Model.Load(args[0], out DataViewSchema columns);
RowScorer scorer = mlContext.Model.CreateRowScorer(model, columns);

WebApplication app = WebApplication.Create(args);
app.MapPost("/price", (House house) =>
{
    using ScoringRow row = scorer.CreateRow();
    row.Set("District", house.District);
    row.Set("Rooms", house.Rooms);
    row.Set("Age", house.Age);
    row.Score();
    return row.Get<float>("Score");
});
app.Run();

internal sealed record House(string District, float Rooms, float Age);
