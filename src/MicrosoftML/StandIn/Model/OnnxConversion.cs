using Microsoft.ML.Data;

namespace Microsoft.ML.Data
{
    /// <summary>A view that was made of another one.</summary>
    internal interface IDataTransform : IDataView, ICanSaveModel
    {
        IDataView Source { get; }
    }
}

namespace Microsoft.ML.Model.OnnxConverter
{
    internal interface ICanSaveOnnx
    {
        bool CanSaveOnnx(OnnxContext ctx);
    }

    internal interface ISaveAsOnnx : ICanSaveOnnx
    {
        void SaveAsOnnx(OnnxContext ctx);
    }

    internal interface ITransformCanSaveOnnx : ISaveAsOnnx, IDataTransform
    {
    }

    /// <summary>The graph that a pipeline's steps append their operators to. Nothing here converts pipelines, so nothing derives from it.</summary>
    internal abstract class OnnxContext
    {
        public abstract string GetNodeName(string prefix);
        public abstract void CheckOpSetVersion(int thisTransformerMinumumOpSetVersion, string registerTransformerName);
        public abstract string GetVariableName(string colName);
        public abstract string AddIntermediateVariable(DataViewType type, string colName, bool skip = false);
        public abstract OnnxNode CreateNode(string opType, IEnumerable<string> inputs, IEnumerable<string> outputs, string name, string domain = null);
        public abstract string AddInitializer(IEnumerable<float> values, IEnumerable<long> dims, string name = null, bool makeUniqueName = true);
        public abstract string AddInitializer(IEnumerable<long> values, IEnumerable<long> dims, string name = null, bool makeUniqueName = true);
    }

    /// <summary>One operator of it.</summary>
    internal abstract class OnnxNode
    {
        public abstract void AddAttribute(string argName, double value);
        public abstract void AddAttribute(string argName, long value);
        public abstract void AddAttribute(string argName, IEnumerable<long> value);
        public abstract void AddAttribute(string argName, Type t);
    }
}
