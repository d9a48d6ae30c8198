namespace MlNetMlp.Search;

/// <inheritdoc/>
internal sealed class SearchGrain([PersistentState("search", TrainingStorage.Name)] IPersistentState<SearchState> state) : Grain, ISearchGrain
{
    public Task<EndedTraining[]> Ended() =>
        Task.FromResult<EndedTraining[]>([.. state.State.Answers.Select(answer => new EndedTraining(answer.Key, answer.Value))]);

    public async Task Keep(EndedTraining ended)
    {
        if (state.State.Answers.TryAdd(ended.Training, ended.Answer!))
        {
            await state.WriteStateAsync();
        }
    }

    public async Task Forget()
    {
        await state.ClearStateAsync();
        DeactivateOnIdle();
    }
}
