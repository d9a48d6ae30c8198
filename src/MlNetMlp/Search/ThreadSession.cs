namespace MlNetMlp.Search;

/// <summary>Training runs on the thread that asks for them.</summary>
internal sealed class ThreadSession<TOptions, TMetrics>(FoldTraining<TOptions, TMetrics> training, IReadOnlyList<FoldViews> folds) : TrainingSession
    where TOptions : MlpTrainerOptions
    where TMetrics : class
{
    public override int AtOnce => Environment.ProcessorCount;

    public override bool IsOnThreadOfCaller => true;

    public override Task<FoldScore> Train(MlpTrainerOptions options, int fold, IReadOnlyList<double>? limits) =>
        Task.FromResult(training.Run((TOptions)options, folds[fold].Training, folds[fold].Test, limits));

    public override void Dispose()
    {
    }
}
