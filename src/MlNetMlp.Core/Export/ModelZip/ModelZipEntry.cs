namespace MlNetMlp.Interop;

/// <summary>What stands in the main entry of a transformer besides its network.</summary>
/// <remarks>
/// Layout of the body inside of the <see cref="MLNetHeader"/>:
/// <code>
/// int32  number of the feature column's name among the texts
/// int32  number of dimensions of the feature column, then int32 for each
/// byte   task: 1 binary, 2 multiclass, 3 regression
/// byte   1 if the score is a vector
/// byte   1 if names of the outputs follow, laid out as in OutputNames
/// </code>
/// </remarks>
internal sealed record ModelZipEntry(string FeatureColumnName, int[] FeatureDimensions, ModelZipTask Task, bool IsVector, string[]? OutputNames)
{
    private const int MostDimensions = 64;

    /// <param name="bytes">The entry.</param>
    /// <param name="outputs">The number of outputs of the network beside it; there are as many names or none.</param>
    /// <exception cref="InvalidDataException">The entry is damaged, or was written by a later version.</exception>
    public static ModelZipEntry Parse(byte[] bytes, int outputs)
    {
        var header = MLNetHeader.Parse(bytes);
        var reader = new BoundedReader(header.Body, "model file");
        string featureColumn = header.Text(reader.Int32());
        int[] dimensions = new int[reader.Count(sizeof(int), "dimensions")];
        if (dimensions.Length is < 1 or > MostDimensions)
        {
            throw reader.Damaged($"its feature column has {dimensions.Length} dimensions.");
        }

        for (int i = 0; i < dimensions.Length; i++)
        {
            dimensions[i] = reader.Int32();
        }

        var task = (ModelZipTask)reader.Byte();
        if (!Enum.IsDefined(task))
        {
            throw reader.Damaged("its task is unknown.");
        }

        bool isVector = reader.Boolean();
        string[]? names = reader.Boolean() ? OutputNameRecord.Read(reader, outputs) : null;
        return reader.AtEnd
            ? new ModelZipEntry(featureColumn, dimensions, task, isVector, names)
            : throw reader.Damaged("bytes are left behind the names of its outputs.");
    }

    /// <summary>Whether a network can have been saved with this entry.</summary>
    public bool Fits(MlpModel model)
    {
        long size = 1;
        foreach (int dimension in FeatureDimensions)
        {
            size = dimension > 0 && size <= int.MaxValue ? size * dimension : 0;
        }

        return size == model.FeatureCount && Task switch
        {
            ModelZipTask.Binary => model.Loss.Task == LossTask.Binary && !IsVector,
            ModelZipTask.Multiclass => model.Loss.Task == LossTask.Multiclass && model.OutputCount >= 2 && IsVector,
            _ => model.Loss.Task == LossTask.Regression && (IsVector || model.OutputCount == 1),
        };
    }
}
