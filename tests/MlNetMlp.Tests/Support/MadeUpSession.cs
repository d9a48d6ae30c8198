using MlNetMlp.Search;

namespace MlNetMlp.Tests.Support;

/// <summary>Training runs whose scores are made up by a function of options and fold.</summary>
internal sealed class MadeUpSession(Func<MlpRegressionTrainer.Options, int, FoldScore> train) : TrainingSession
{
    public override int AtOnce => Environment.ProcessorCount;

    public override bool IsOnThreadOfCaller => true;

    public override Task<FoldScore> Train(MlpTrainerOptions options, int fold, IReadOnlyList<double>? limits) =>
        Task.FromResult(train((MlpRegressionTrainer.Options)options, fold));

    public override void Dispose()
    {
    }
}
