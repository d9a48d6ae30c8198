namespace MlNetMlp.Core.Tests;

/// <summary>How well a model scores rows.</summary>
internal static class Evaluation
{
    public static double Accuracy(MlpModel model, InMemoryRows rows)
    {
        int right = 0;
        ForEach(model, rows, (scores, target) =>
        {
            bool isRight = scores.Length == 1 ? scores[0] > 0 == target > 0.5f : Array.IndexOf(scores, scores.Max()) == (int)target;
            right += isRight ? 1 : 0;
        });
        return right / (double)rows.Count;
    }

    public static double RSquared(MlpModel model, InMemoryRows rows)
    {
        var targets = new List<double>();
        double residual = 0;
        ForEach(model, rows, (scores, target) =>
        {
            targets.Add(target);
            residual += Math.Pow(scores[0] - target, 2);
        });
        double mean = targets.Average();
        return 1 - residual / targets.Sum(target => (target - mean) * (target - mean));
    }

    /// <summary>The mean of a loss over the rows.</summary>
    public static double Mean(MlpModel model, InMemoryRows rows, Func<float[], float, double> loss)
    {
        double sum = 0;
        ForEach(model, rows, (scores, target) => sum += loss(scores, target));
        return sum / rows.Count;
    }

    private static void ForEach(MlpModel model, InMemoryRows rows, Action<float[], float> action)
    {
        float[] scores = new float[model.OutputCount];
        RowBatch all = rows.Read();
        for (int i = 0; i < all.Count; i++)
        {
            model.Predict(all.FeaturesOf(i), scores);
            action(scores, all.Targets[i]);
        }
    }
}
