namespace MlNetMlp.Diagnostics;

/// <summary>The first part of the addresses of the random numbers of diagnostics, far from those of the training.</summary>
internal static class DiagnosticsAddress
{
    public const int GradientCheck = 1000;
    public const int Diagnosis = 1001;
}
