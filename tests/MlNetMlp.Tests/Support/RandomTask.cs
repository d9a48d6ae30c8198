namespace MlNetMlp.Tests.Support;

/// <summary>What is learned.</summary>
internal enum RandomTask
{
    Binary,
    Multiclass,
    Regression,
    MultiOutputRegression,
}
