using System.Collections.Concurrent;

namespace MlNetMlp.Benchmarks.Quality;

/// <summary>How good the models are: our variants, ML.NET's trainers and scikit-learn's boosted trees on sets of a folder.</summary>
internal static class QualityBenchmark
{
    public static int Run(QualityOptions options)
    {
        QualitySet[] sets;
        QualitySide[] sides;
        try
        {
            sides = options.Sides();
            sets = QualitySet.Of(options.Folder, options.Only);
        }
        catch (ArgumentException problem)
        {
            Console.Error.WriteLine(problem.Message);
            return 2;
        }

        var results = new QualityResults(options.Output, options.Baselines);
        if (!options.Report)
        {
            RunAll(Jobs(options, sets, sides, results), results, options.Jobs);
        }

        QualityStandings standings = QualityStandings.Of(results.All, sets, sides, options);
        var table = new QualityTable(standings);
        table.Save(Path.Combine(options.Output, options.ReportName + ".md"), options.ReportName + ".svg");
        File.WriteAllText(Path.Combine(options.Output, options.ReportName + ".svg"), new QualityPicture(standings).Draw());
        Console.WriteLine(table.Short());
        return 0;
    }

    /// <summary>What is to be done, one side after the other, so that what all are compared with is there first.</summary>
    private static QualityJob[] Jobs(QualityOptions options, QualitySet[] sets, QualitySide[] sides, QualityResults results)
    {
        var done = results.All.Select(result => result.Key).ToHashSet();
        return
        [
            .. from side in sides
               from set in sets
               where side.Takes(set)
               from split in QualitySplit.All(options.Folds)
               from seed in Enumerable.Range(1, options.SeedCount)
               let job = new QualityJob(set, side, split, seed, options.Threads)
               where (options.Fresh && side.Code is not null) || !done.Contains(job.Blank.Key)
               select job,
        ];
    }

    private static void RunAll(QualityJob[] jobs, QualityResults results, int atOnce)
    {
        var progress = new QualityProgress(jobs, atOnce);
        var queue = new ConcurrentQueue<QualityJob>(jobs);
        var prepared = new PreparedSets(atOnce + 1);
        Task[] workers = [.. Enumerable.Range(0, atOnce).Select(_ => Task.Factory.StartNew(Work, TaskCreationOptions.LongRunning))];
        Task.WaitAll(workers);

        void Work()
        {
            while (queue.TryDequeue(out QualityJob? job))
            {
                progress.Begin(job);
                QualityResult result = job.Run(prepared.Of(job.Set, job.Split), alone: atOnce == 1);
                results.Add(result);
                progress.End(job, result);
            }
        }
    }
}
