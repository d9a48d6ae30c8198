namespace MlNetMlp.Search;

/// <summary>Sends a silo the rows that it does not have.</summary>
internal static class RowDelivery
{
    /// <param name="silo">The silo, for messages.</param>
    /// <param name="content">The rows.</param>
    /// <param name="begin">Has the silo begin what it needs them for; it says which are missing, and begins if none are.</param>
    /// <param name="store">Sends some.</param>
    /// <returns>Why the silo cannot keep them, which would be the same again; null: it has begun.</returns>
    public static async Task<TrainingRunnerException?> Send(string silo, ContentStore content, Func<Task<string[]>> begin, Func<byte[], Task> store)
    {
        var sent = new HashSet<string>(StringComparer.Ordinal);
        while (await begin().ConfigureAwait(false) is { Length: > 0 } missing)
        {
            foreach (string name in missing)
            {
                if (!sent.Add(name))
                {
                    return new TrainingRunnerException(
                        $"The silo {silo} cannot keep all rows that it needs on its disk; give it a larger {nameof(ClusterTrainingOptions)}." +
                        $"{nameof(ClusterTrainingOptions.DiskLimit)}.");
                }

                byte[] rows = content.Read(name);
                try
                {
                    await store(rows).ConfigureAwait(false);
                }
                catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
                {
                    return new TrainingRunnerException($"The silo {silo} cannot keep rows on its disk: {exception.Message}", exception);
                }
            }
        }

        return null;
    }
}
