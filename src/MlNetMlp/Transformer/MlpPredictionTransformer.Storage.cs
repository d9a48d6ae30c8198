using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace MlNetMlp;

/// <content>
/// Loading from and saving into a model file. The interface without a type parameter is ML.NET's own; PermutationFeatureImportance finds
/// the last transformer of a chain by it.
/// </content>
public sealed partial class MlpPredictionTransformer : ISingleFeaturePredictionTransformer
{
    void ICanSaveModel.Save(ModelSaveContext ctx) => ModelStorage.Save(ctx, this, _featureColumnType);

    /// <summary>ML.NET finds this method by reflection.</summary>
    private static MlpPredictionTransformer Create(IHostEnvironment env, ModelLoadContext ctx) => ModelStorage.Load(env, ctx);
}
