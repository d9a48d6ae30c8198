using MlNetMlp.Hosting;

// The model that the quick start has saved, behind HTTP.
WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
builder.Services.AddMlpScoring(args[0]);

WebApplication app = builder.Build();
app.MapPost("/price", (House house, MlpScoring scoring) =>
{
    using ScoringSession session = scoring.Rent();
    session.Row.Set("District", house.District);
    session.Row.Set("Rooms", house.Rooms);
    session.Row.Set("Age", house.Age);
    session.Score();
    return session.Row.Get<float>("Score");
});
app.Run();

internal sealed record House(string District, float Rooms, float Age);
