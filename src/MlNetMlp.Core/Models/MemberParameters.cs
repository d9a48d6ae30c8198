using System.Numerics.Tensors;

namespace MlNetMlp;

/// <summary>The members of a shared ensemble as networks of their own: their scales of the inputs become a part of the first weights.</summary>
internal static class MemberParameters
{
    /// <summary>The architecture of one member.</summary>
    public static MlpArchitecture OfOne(MlpArchitecture architecture) => architecture with { SharedMembers = 1 };

    /// <summary>The parameters and statistics of a member, laid out as in <see cref="MlpNetwork.Parameters"/>.</summary>
    /// <param name="architecture">The architecture with all members.</param>
    /// <param name="shared">Its parameters.</param>
    /// <param name="member">The number of the member, from 0.</param>
    public static float[] Fold(MlpArchitecture architecture, ParameterVector shared, int member)
    {
        Dictionary<string, Parameter> sources = Named(shared);
        var own = new ParameterVector(OfOne(architecture).Layout());
        NetworkPart outputs = NetworkPart.OutputOf(member), first = architecture.HiddenLayers.Count > 0 ? NetworkPart.Hidden(0) : NetworkPart.Output;
        foreach (Parameter parameter in own.Layout.Parameters)
        {
            string name = parameter.Part.IsOutput ? $"{outputs}{parameter.Name[parameter.Part.ToString().Length..]}" : parameter.Name;
            Span<float> values = own.Value(parameter);
            shared.Value(sources[name]).CopyTo(values);
            if (parameter.Name == $"{first}.Weights")
            {
                Parameter scales = sources[$"{NetworkPart.Scales}.Weights"];
                ScaleRows(values, architecture.ColumnFeatures(), shared.Value(scales).Slice(member * scales.Columns, scales.Columns));
            }
        }

        return own.Snapshot();
    }

    /// <summary>The parameters and statistics of the network with some of its members, laid out as in <see cref="MlpNetwork.Parameters"/>.</summary>
    /// <param name="architecture">The architecture with all members.</param>
    /// <param name="shared">Its parameters.</param>
    /// <param name="members">The numbers of at least two members, from 0.</param>
    public static float[] Keep(MlpArchitecture architecture, ParameterVector shared, int[] members)
    {
        var own = new ParameterVector((architecture with { SharedMembers = members.Length }).Layout());
        Dictionary<string, Parameter> sources = Named(shared), targets = Named(own);
        foreach (Parameter parameter in own.Layout.Parameters.Where(parameter => !parameter.Part.IsOutput && parameter.Part != NetworkPart.Scales))
        {
            shared.Value(sources[parameter.Name]).CopyTo(own.Value(parameter));
        }

        for (int m = 0; m < members.Length; m++)
        {
            foreach (Parameter output in sources.Values.Where(parameter => parameter.Part == NetworkPart.OutputOf(members[m])))
            {
                shared.Value(output).CopyTo(own.Value(targets[$"{NetworkPart.OutputOf(m)}{output.Name[output.Part.ToString().Length..]}"]));
            }

            Parameter scales = sources[$"{NetworkPart.Scales}.Weights"];
            shared.Value(scales).Slice(members[m] * scales.Columns, scales.Columns)
                .CopyTo(own.Value(targets[scales.Name])[(m * scales.Columns)..]);
        }

        return own.Snapshot();
    }

    private static Dictionary<string, Parameter> Named(ParameterVector vector) =>
        vector.Layout.Parameters.ToDictionary(parameter => parameter.Name, StringComparer.Ordinal);

    /// <param name="weights">[inputs, units].</param>
    /// <param name="features">[inputs]: the feature of each input; null: each is one.</param>
    /// <param name="scales">[features].</param>
    private static void ScaleRows(Span<float> weights, int[]? features, ReadOnlySpan<float> scales)
    {
        int inputs = features?.Length ?? scales.Length, columns = weights.Length / inputs;
        for (int i = 0; i < inputs; i++)
        {
            Span<float> row = weights.Slice(i * columns, columns);
            TensorPrimitives.Multiply(row, scales[features?[i] ?? i], row);
        }
    }
}
