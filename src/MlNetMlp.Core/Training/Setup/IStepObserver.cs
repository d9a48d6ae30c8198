namespace MlNetMlp;

/// <summary>Looks at the parameters around every update; must not change them.</summary>
internal interface IStepObserver
{
    /// <summary>The gradients are those of the mini-batch's loss, before penalties and clipping.</summary>
    /// <param name="parameters">The parameters and their gradients.</param>
    /// <param name="step">The number of the step, from 1.</param>
    void BeforeUpdate(ParameterVector parameters, long step);

    /// <summary>The parameters have moved.</summary>
    void AfterUpdate(ParameterVector parameters);
}
