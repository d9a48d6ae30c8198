namespace MlNetMlp.Diagnostics;

/// <summary>One result of a diagnosis.</summary>
public sealed record DiagnosisFinding
{
    internal DiagnosisFinding(DiagnosisCheck check, DiagnosisSeverity severity, double value, string measured, string meaning, string? advice)
    {
        Check = check;
        Severity = severity;
        Value = value;
        Measured = measured;
        Meaning = meaning;
        Advice = advice;
    }

    /// <summary>What it is about.</summary>
    public DiagnosisCheck Check { get; init; }

    /// <summary>How much it matters.</summary>
    public DiagnosisSeverity Severity { get; init; }

    /// <summary>The number that decided; its meaning depends on <see cref="Check"/> and is given in <see cref="Measured"/>.</summary>
    public double Value { get; init; }

    /// <summary>The numbers, in words.</summary>
    public string Measured { get; init; }

    /// <summary>What they mean.</summary>
    public string Meaning { get; init; }

    /// <summary>What to change, with the names of the options; null if nothing.</summary>
    public string? Advice { get; init; }

    /// <summary>What was found, what it means and what to do, in one line.</summary>
    public override string ToString() => $"{Check} {Severity}: {Measured} {Meaning} {Advice}".TrimEnd();
}
