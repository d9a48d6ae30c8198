using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace MlNetMlp;

/// <summary>Trains members of an ensemble on a cluster, several at a time. On the calling thread rows are read, and progress is told.</summary>
internal static class ConcurrentMembers
{
    /// <summary>Trains all members; once one is cut off or fails, no other is begun.</summary>
    /// <param name="members">How many.</param>
    /// <param name="atOnce">How many at the same time.</param>
    /// <param name="member">The training of a member, by its number from 0.</param>
    /// <returns>The members, all of which have ended.</returns>
    /// <exception cref="Exception">A member failed, and not because it was cancelled.</exception>
    public static Task<MlpTrainingResult>[] Train(int members, int atOnce, Func<int, NetworkTraining> member)
    {
        var all = new List<Task<MlpTrainingResult>>();
        using var messages = new BlockingCollection<Action>();
        using var stop = new CancellationTokenSource();
        int running = 0;
        Exception? refusal = null;
        while (true)
        {
            while (all.Count < members && running < atOnce && !stop.IsCancellationRequested)
            {
                all.Add(Begin(all.Count));
            }

            if (running == 0)
            {
                break;
            }

            try
            {
                messages.Take()();
            }
            catch (Exception exception)
            {
                // Whoever listens to the progress.
                refusal ??= exception;
                stop.Cancel();
            }
        }

        if (refusal is not null)
        {
            ExceptionDispatchInfo.Throw(refusal);
        }

        all.Find(one => one.Exception?.InnerException is not (null or OperationCanceledException))?.GetAwaiter().GetResult();
        return
        [
            .. all, .. Enumerable.Range(all.Count, members - all.Count).Select(_ =>
                Task.FromException<MlpTrainingResult>(new OperationCanceledException("A member before was cut off."))),
        ];

        Task<MlpTrainingResult> Begin(int number)
        {
            CancellationTokenSource? either = null;
            try
            {
                NetworkTraining training = member(number);
                IProgress<EpochReport>? progress = training.Task.Progress;
                either = CancellationTokenSource.CreateLinkedTokenSource(training.Task.CancellationToken, stop.Token);
                training = training with
                {
                    Task = training.Task with
                    {
                        CancellationToken = either.Token,
                        Progress = progress is null ? null : new Relay(report => messages.Add(() => progress.Report(report))),
                    },
                };
                ITrainingRun run = training.Start();
                running++;
                return Task.Factory.StartNew(
                    () => Run(training, run, either), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            }
            catch (Exception exception)
            {
                either?.Dispose();
                stop.Cancel();
                return Task.FromException<MlpTrainingResult>(exception);
            }
        }

        MlpTrainingResult Run(NetworkTraining training, ITrainingRun run, CancellationTokenSource either)
        {
            bool isWhole = false;
            try
            {
                using (either)
                using (run)
                {
                    MlpTrainingResult result = training.Run(run);
                    isWhole = !result.IsCut;
                    return result;
                }
            }
            finally
            {
                messages.Add(() =>
                {
                    running--;
                    if (!isWhole)
                    {
                        stop.Cancel();
                    }
                });
            }
        }
    }

    private sealed class Relay(Action<EpochReport> report) : IProgress<EpochReport>
    {
        public void Report(EpochReport value) => report(value);
    }
}
