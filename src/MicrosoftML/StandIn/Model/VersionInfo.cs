namespace Microsoft.ML;

/// <summary>The header of a model's entry: which format it is, and who can load it.</summary>
internal readonly struct VersionInfo
{
    public readonly ulong ModelSignature;
    public readonly uint VerWrittenCur;
    public readonly uint VerReadableCur;
    public readonly uint VerWeCanReadBack;
    public readonly string LoaderAssemblyName;
    public readonly string LoaderSignature;
    public readonly string LoaderSignatureAlt;

    public VersionInfo(
        string modelSignature, uint verWrittenCur, uint verReadableCur, uint verWeCanReadBack, string loaderAssemblyName,
        string loaderSignature = null, string loaderSignatureAlt = null)
    {
        Check.Param(modelSignature?.Length == 8, nameof(modelSignature), "A model signature has exactly 8 characters");
        Check.Param(loaderSignature is null || loaderSignature.Length <= 24, nameof(loaderSignature), "A loader signature has at most 24 characters");
        for (int i = 0; i < 8; i++)
        {
            Check.Param(modelSignature[i] is > (char)0 and <= (char)0xFF, nameof(modelSignature), "A model signature is Latin text");
            ModelSignature |= (ulong)modelSignature[i] << (8 * i);
        }

        VerWrittenCur = verWrittenCur;
        VerReadableCur = verReadableCur;
        VerWeCanReadBack = verWeCanReadBack;
        LoaderAssemblyName = loaderAssemblyName;
        LoaderSignature = loaderSignature;
        LoaderSignatureAlt = loaderSignatureAlt;
    }
}
