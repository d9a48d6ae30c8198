namespace MlNetMlp.Diagnostics;

/// <summary>How much a finding of a diagnosis matters.</summary>
public enum DiagnosisSeverity
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>Worth a look.</summary>
    Notice,

    /// <summary>Most likely the cause of a bad or failed training run.</summary>
    Warning,
}
