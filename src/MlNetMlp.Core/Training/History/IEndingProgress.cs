namespace MlNetMlp;

/// <summary>A progress that is told when the training is over, however it ends.</summary>
internal interface IEndingProgress : IProgress<EpochReport>
{
    /// <param name="result">The result; null: the training threw an exception.</param>
    void End(MlpTrainingResult? result);
}
