using MlNetMlp.Interop;
using MlNetMlp.Networks;

// Writes the bits of the scores of some rows, for every model that it is given.
foreach (string path in args)
{
    MlpModel model = Path.GetExtension(path) == ".zip" ? ModelZip.Load(path).Model : MlpModel.Load(path);
    const int Rows = 37;
    float[] features = new float[Rows * model.FeatureCount], scores = new float[Rows * model.OutputCount];
    for (int i = 0; i < features.Length; i++)
    {
        features[i] = (i * 7919 % 1000 - 500) / 250f;
    }

    model.Predict(features, scores, Rows);
    Console.WriteLine($"{Path.GetFileName(path)} {string.Join(' ', scores.Select(score => BitConverter.SingleToUInt32Bits(score).ToString("x8")))}");
}
