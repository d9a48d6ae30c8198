namespace MlNetMlp.Onnx;

/// <summary>Recognizes what <see cref="StepNodes"/> writes of a <see cref="PeriodicEmbedding"/>, operand by operand, and nothing else.</summary>
internal sealed class PeriodicReader(ImportedGraph graph, ModelBudget budget)
{
    /// <summary>The embedding whose last operator this is, and the value that it is of; null if it is none.</summary>
    /// <exception cref="InvalidDataException">It is larger than the file may be.</exception>
    public (Part.Periodic Embedding, string Inputs)? Read(ImportedNode node)
    {
        if (node.Name != "Concat" || node.Inputs is not [{ } inputs, { } outputs] || node.Integer("axis", 0) != 1)
        {
            return null;
        }

        bool rectifies = graph.Maker(outputs, "Relu") is not null;
        string sum = rectifies ? graph.Maker(outputs, "Relu")!.Input(0) : outputs;
        if (graph.Maker(sum, "Add") is not { Inputs: [{ } row, _] } biased || graph.Maker(row, "Reshape") is not { Inputs: [{ } mixed, _] } flat
            || graph.Maker(mixed, "MatMul") is not { Inputs: [{ } waves, { } mixture] }
            || graph.Constant(mixture) is not { Shape: [> 0 and var count, > 0 and var wavesOfEach, > 0 and var width] } weights
            || !HasShape(flat, 0, count * width) || WavesOf(waves, count, wavesOfEach) is not var (gathered, frequencies, phases)
            || gathered.Features != inputs || graph.Row(biased, 1) is not { } biases || biases.Length != count * width)
        {
            return null;
        }

        budget.TakeBytes(Part.Periodic.NumberBytes * (2.0 * count * wavesOfEach + (double)count * wavesOfEach * width), "an embedding of numbers");
        return frequencies.Reals() is { } allFrequencies && phases.Reals() is { } allPhases && weights.Reals() is { } allWeights
            ? (new(node, gathered.Indices, allFrequencies, allPhases, allWeights, biases, rectifies), inputs)
            : null;
    }

    /// <summary><c>cos(2 pi (t - floor(t + 1/2)))</c> with <c>t = x frequencies + phases</c>.</summary>
    private ((string Features, int[] Indices) Of, ImportedTensor Frequencies, ImportedTensor Phases)? WavesOf(string value, long count, long waves) =>
        graph.Maker(value, "Reshape") is { Inputs: [{ } cosine, _] } spread && HasShape(spread, 0, count, 1, waves)
        && graph.Maker(cosine, "Cos") is { Inputs: [{ } angle] } && graph.FirstOperand(angle, "Mul", 2 * MathF.PI) is { } rest
        && graph.Maker(rest, "Sub") is { Inputs: [{ } turns, { } whole] } && graph.Maker(whole, "Floor") is { Inputs: [{ } raised] }
        && graph.FirstOperand(raised, "Add", 0.5f) == turns
        && graph.Maker(turns, "Add") is { Inputs: [{ } turned, { } added] } && graph.Maker(turned, "Mul") is { Inputs: [{ } number, { } factors] }
        && graph.Constant(added) is { } phases && graph.Constant(factors) is { } frequencies
        && phases.Shape.SequenceEqual([1, count, waves]) && frequencies.Shape.SequenceEqual([1, count, waves])
        && graph.Maker(number, "Reshape") is { Inputs: [{ } gathered, _] } column && HasShape(column, 0, count, 1)
        && graph.Gathered(gathered, budget) is { } of && of.Indices.Length == count
            ? (of, frequencies, phases)
            : null;

    private bool HasShape(ImportedNode reshape, params long[] shape) => graph.Constant(reshape.Input(1))?.Integers()?.SequenceEqual(shape) == true;
}
