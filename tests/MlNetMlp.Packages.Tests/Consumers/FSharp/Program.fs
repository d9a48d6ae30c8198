// Everything that C# reads as `with`, implicit conversions, extension members and optional parameters, from F#.
open System
open Microsoft.ML
open MlNetMlp
open MlNetMlp.Interop
open MlNetMlp.Networks
open MlNetMlp.Search

[<CLIMutable>]
type Row = { Width: float32; Height: float32; Area: float32 }

let mlContext = MLContext(Nullable 1)

let rows =
    mlContext.Data.LoadFromEnumerable
        [ for i in 0 .. 399 ->
              let width, height = float32 (i % 20) / 10.0f, float32 (i / 20) / 10.0f
              { Width = width; Height = height; Area = width * height } ]

let trainData = mlContext.Transforms.Concatenate("Features", "Width", "Height").Fit(rows).Transform(rows)

// The short form, as an extension method with optional parameters.
let first = mlContext.Regression.Trainers.Mlp("Area", hiddenUnits = [| 16 |], numberOfEpochs = 20).Fit trainData
printfn "short %b" (mlContext.Regression.Evaluate(first.Transform trainData, "Area").RSquared > 0.9)

let baseline =
    MlpRegressionTrainer.Options(
        LabelColumnName = "Area",
        HiddenLayers = [| HiddenLayer(16, Activation = Activation.Gelu) |],
        Optimizer = AdamW(WeightDecay = 1e-4f),
        LearningRate = Schedule.Cosine(0.01f, 1e-4f),
        NumberOfEpochs = 10)

// What is searched changes copies of the baseline.
let space =
    SearchSpace<MlpRegressionTrainer.Options>(baseline)
        .Number("rate", 1e-3f, 1e-1f, SearchScale.Logarithmic, (fun options rate -> MlpRegressionTrainer.Options(options, LearningRate = Schedule.Cosine rate)))
        .WholeNumber("units", 4, 32, SearchScale.Logarithmic, (fun options units -> MlpRegressionTrainer.Options(options, HiddenLayers = [| HiddenLayer units |])))
        .Choice("batch", [| 16; 32 |], (fun options size -> MlpRegressionTrainer.Options(options, BatchSize = Nullable size)))
        .Branch("loss",
            struct ("squares", Func<_, _>(fun (inner: SearchSpace<MlpRegressionTrainer.Options>) -> inner)),
            struct ("Huber", Func<_, _>(fun (inner: SearchSpace<MlpRegressionTrainer.Options>) ->
                inner.Number("delta", 0.5f, 2.0f, SearchScale.Linear, (fun options delta -> MlpRegressionTrainer.Options(options, Loss = HuberLoss(Delta = delta)))))))

let search = mlContext.Regression.SearchMlp(trainData, space, RandomSearch 3, HeldOut(), options = SearchOptions(Seed = 5))
printfn "search %d %b" search.Trials.Count search.HasModel
printfn "baseline kept %b" (search.Best.Options.LabelColumnName = "Area" && search.Best.Options.NumberOfEpochs = 10)

// A model in files: ML.NET's, its own, and ONNX.
mlContext.Model.Save(search.Model, trainData.Schema, "model.zip")
let network = ModelZip.Load("model.zip").Model
network.Save "network.mlp"
network.SaveAsOnnx "network.onnx"
network.ExportCSharp "Network.cs"

let scores (model: MlpModel) =
    [ for i in 0 .. 9 ->
          let score = [| 0.0f |]
          model.Predict([| float32 i / 5.0f; 1.0f |], score)
          BitConverter.SingleToInt32Bits score[0] ]

printfn "loaded %b" (scores (MlpModel.Load "network.mlp") = scores network)
printfn "imported %b" ((OnnxModel.Load(Environment.GetCommandLineArgs()[1])).FeatureCount > 0)
