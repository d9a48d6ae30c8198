using MlNetMlp.Hosting;

namespace Service;

/// <summary>The model in service and its columns, as <c>GET /model</c> answers.</summary>
internal sealed record ModelDescription(
    string Version, DateTimeOffset ServedSince, IEnumerable<ModelDescription.Input> Inputs, IEnumerable<ModelDescription.Output> Outputs)
{
    public static ModelDescription Of(ServedModel model) => new(
        model.Version,
        model.ServedSince,
        model.Scorer.Inputs.Select(input => new Input(input.Name, input.Type.ToString()!, input.Allowed, input.IsRequired)),
        model.Scorer.Outputs.Select(output => new Output(output.Name, output.Type.ToString()!, output.ValueNames)));

    internal sealed record Input(string Name, string Type, string Allowed, bool IsRequired);

    internal sealed record Output(string Name, string Type, IReadOnlyList<string> ValueNames);
}
