namespace MlNetMlp.Benchmarks.SideBySide;

/// <summary>What is allocated where nothing should be: in the mini-batches after the first epoch, and by scoring a row.</summary>
/// <remarks>
/// The counters include what the runtime needs for itself: 24 and 24,624 bytes were seen while it compiled methods anew in the background, and 168, 1,976
/// and 3,800 whose cause is not known, once in ten runs or so. What our code allocates is there every time, so the least of a few tries counts.
/// </remarks>
internal static class Allocations
{
    private const int Rows = 2000;

    /// <summary>How often work is done that has allocated something.</summary>
    private const int Tries = 3;

    /// <summary>Prints the table.</summary>
    /// <returns>The exit code: 0 if nothing is allocated.</returns>
    public static int Report()
    {
        Console.WriteLine("| work | bytes allocated | goal | reached |");
        Console.WriteLine("| --- | --- | --- | --- |");
        long sum = 0;
        foreach (int[] sizes in (int[][])[[16, 64, 32, 1], [784, 100, 10], [784, 512, 512, 10]])
        {
            foreach (int threads in (int[])[1, 2])
            {
                sum += Print($"second epoch of training {string.Join('-', sizes)}, threads: {threads}", () => Training(sizes, threads));
            }

            MlpModel model = Untrained.Create(Trainings.Architecture(sizes, 0), Trainings.LossFor(sizes));
            sum += Print($"{Rows} rows one by one, {string.Join('-', sizes)}", () => Prediction(model));
        }

        MlpModel ofTheDefault = Untrained.Create(EncodedScorings.Architecture(), new SquaredError());
        sum += Print($"{Rows} rows one by one, {ofTheDefault.Architecture}, encoded", () => Prediction(ofTheDefault));
        return sum == 0 ? 0 : 1;
    }

    private static long Print(string work, Func<long> measure)
    {
        long bytes = measure();
        for (int tries = 1; bytes > 0 && tries < Tries; tries++)
        {
            bytes = Math.Min(bytes, measure());
        }

        Console.WriteLine($"| {work} | {bytes} | 0 | {(bytes == 0 ? "yes" : "no")} |");
        return bytes;
    }

    private static long Training(int[] sizes, int threads)
    {
        const int batch = 100;
        var observer = new Observer(first: Rows / batch + 1, last: 2 * Rows / batch);
        var options = new MlpTrainingOptions { BatchSize = batch, NumberOfEpochs = 2, NumberOfThreads = threads };
        MlpTrainer.Train(new(Trainings.Architecture(sizes, 0.2f), Trainings.LossFor(sizes), Trainings.Rows(sizes[0], sizes[^1], Rows))
        {
            Options = options,
            StepObserver = observer,
        });
        return observer.Bytes;
    }

    private static long Prediction(MlpModel model)
    {
        float[] features = new float[model.FeatureCount], scores = new float[model.OutputCount];
        model.Predict(features, scores);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Rows; i++)
        {
            model.Predict(features, scores);
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    /// <summary>Reads the counter of all threads at the first and the last update of an epoch.</summary>
    private sealed class Observer(long first, long last) : IStepObserver
    {
        private long _step;
        private long _before;

        public long Bytes { get; private set; }

        public void BeforeUpdate(ParameterVector parameters, long step)
        {
            _step = step;
            if (step == first)
            {
                _before = GC.GetTotalAllocatedBytes(precise: true);
            }
        }

        public void AfterUpdate(ParameterVector parameters)
        {
            if (_step == last)
            {
                Bytes = GC.GetTotalAllocatedBytes(precise: true) - _before;
            }
        }
    }
}
