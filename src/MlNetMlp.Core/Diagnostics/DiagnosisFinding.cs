namespace MlNetMlp.Diagnostics;

/// <summary>One thing that a diagnosis looked at.</summary>
/// <param name="Check">What it is about.</param>
/// <param name="Severity">How much it matters.</param>
/// <param name="Value">The number that decided; its meaning depends on <paramref name="Check"/> and stands in <paramref name="Measured"/>.</param>
/// <param name="Measured">The numbers, in words.</param>
/// <param name="Meaning">What they mean.</param>
/// <param name="Advice">What to change, with the names of the options; null if nothing.</param>
public sealed record DiagnosisFinding(DiagnosisCheck Check, DiagnosisSeverity Severity, double Value, string Measured, string Meaning, string? Advice);
