using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Model.OnnxConverter;
using MlNetMlp.Interop;

namespace MlNetMlp;

/// <content>
/// What <c>mlContext.Model.ConvertToOnnx</c> asks of a view: it walks from the last one back to the source, and then has each of them append
/// its operators.
/// </content>
internal sealed partial class ScoredView : ITransformCanSaveOnnx
{
    IDataView IDataTransform.Source => input;

    void ICanSaveModel.Save(ModelSaveContext ctx) => ((ICanSaveModel)transformer).Save(ctx);

    bool ICanSaveOnnx.CanSaveOnnx(OnnxContext ctx) => true;

    void ISaveAsOnnx.SaveAsOnnx(OnnxContext ctx) => PipelineGraph.Append(ctx, schema);
}
