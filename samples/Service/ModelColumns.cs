using System.Runtime.CompilerServices;
using MlNetMlp.Hosting;

namespace Service;

/// <summary>How the columns of a model are found in JSON, and written as JSON. Made once for each model.</summary>
internal sealed class ModelColumns
{
    // They live as long as the model.
    private static readonly ConditionalWeakTable<ServedModel, ModelColumns> _known = [];

    private ModelColumns(ServedModel model)
    {
        Inputs = new InputColumns(model.Scorer.Inputs);
        Outputs = [.. model.Scorer.Outputs.Select(output => new OutputColumn(output))];
    }

    public InputColumns Inputs { get; }

    public IReadOnlyList<OutputColumn> Outputs { get; }

    public static ModelColumns Of(ServedModel model) => _known.GetValue(model, model => new ModelColumns(model));
}
