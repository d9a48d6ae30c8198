using Microsoft.ML.Data;
using Microsoft.ML.Model.OnnxConverter;

namespace MlNetMlp;

/// <summary>Writes a network into the ONNX graph that ML.NET makes of a whole pipeline.</summary>
internal static class PipelineGraph
{
    /// <summary>The domain of the standard operators; without one, ML.NET means those for machine learning.</summary>
    private const string Standard = "";

    /// <summary>Appends the operators that compute <c>Score</c>, <c>Probability</c> and <c>PredictedLabel</c>.</summary>
    /// <remarks>Columns that have no counterpart in ONNX are left to ML.NET, which names them in its exception or drops them where it is asked to.</remarks>
    public static void Append(OnnxContext context, ScoredSchema schema)
    {
        context.CheckOpSetVersion(Graph.OperatorSetVersion, ModelStorage.LoaderSignature);
        Graph graph = ModelGraph.Of(schema.Model);
        Dictionary<string, string> names = new(StringComparer.Ordinal) { [Graph.Input] = Features(context, schema) };
        foreach (GraphConstant<float> constant in graph.Reals)
        {
            names.Add(constant.Name, context.AddInitializer(constant.Values, constant.Shape, constant.Name));
        }

        foreach (GraphConstant<long> constant in graph.Integers)
        {
            names.Add(constant.Name, context.AddInitializer(constant.Values, constant.Shape, constant.Name));
        }

        var outputs = graph.Outputs.ToDictionary(output => output.Name, StringComparer.Ordinal);
        foreach (GraphNode node in graph.Nodes)
        {
            bool isKey = outputs.TryGetValue(node.Output, out GraphOutput? output) && output.Type == ElementType.Int64;
            string variable = output is null || isKey ? Variable(context, node.Output) : Column(context, schema, node.Output);
            OnnxNode added = Add(context, node.Operator, [.. node.Inputs.Select(name => names[name])], variable);
            foreach (GraphAttribute attribute in node.Attributes)
            {
                AddAttribute(added, attribute);
            }

            names.Add(node.Output, variable);
            if (isKey)
            {
                AppendKey(context, schema, node.Output, variable);
            }
        }
    }

    /// <summary>The variable of the feature column; features of several dimensions become one row.</summary>
    private static string Features(OnnxContext context, ScoredSchema schema)
    {
        string variable = context.GetVariableName(schema.Features.Name);
        if (((VectorDataViewType)schema.Features.Type).Dimensions.Length == 1)
        {
            return variable;
        }

        string row = Variable(context, Graph.Input);
        Add(context, "Flatten", [variable], row).AddAttribute("axis", 1L);
        return row;
    }

    /// <summary>Keys count from 1, classes from 0.</summary>
    private static void AppendKey(OnnxContext context, ScoredSchema schema, string column, string index)
    {
        string number = Variable(context, column), one = context.AddInitializer((long[])[1], [1], "One");
        Add(context, "Add", [index, one], number);
        Add(context, "Cast", [number], Column(context, schema, column)).AddAttribute("to", typeof(uint));
    }

    private static OnnxNode Add(OnnxContext context, string op, IEnumerable<string> inputs, string output) =>
        context.CreateNode(op, inputs, [output], context.GetNodeName(op), Standard);

    /// <summary>A variable that is no column of the view; its shape follows from the operators.</summary>
    private static string Variable(OnnxContext context, string name) => context.AddIntermediateVariable(null, "Mlp." + name, skip: true);

    private static string Column(OnnxContext context, ScoredSchema schema, string name) =>
        context.AddIntermediateVariable(schema.OutputSchema[schema.NameOf(name)].Type, schema.NameOf(name));

    private static void AddAttribute(OnnxNode node, GraphAttribute attribute)
    {
        switch (attribute)
        {
            case GraphAttribute.Real real:
                node.AddAttribute(real.Name, real.Value);
                break;
            case GraphAttribute.Integer integer:
                node.AddAttribute(integer.Name, integer.Value);
                break;
            case GraphAttribute.Integers integers:
                node.AddAttribute(integers.Name, integers.Values);
                break;
            default:
                throw new NotSupportedException($"{attribute.GetType().Name} is no kind of setting.");
        }
    }
}
