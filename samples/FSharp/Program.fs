// The same from F#: a pipeline, options with what C# writes as `with`, a search, and a network without ML.NET.
//
//     dotnet run -c Release --project samples/FSharp [-- --epochs 100]
module Samples.FSharp.Program

open System
open System.IO
open System.Runtime.InteropServices
open Microsoft.ML
open Microsoft.ML.Data
open MlNetMlp
open MlNetMlp.Networks
open MlNetMlp.Search

[<CLIMutable>]
type Flower =
    { [<LoadColumn(0)>] SepalLength: float32
      [<LoadColumn(1)>] SepalWidth: float32
      [<LoadColumn(2)>] PetalLength: float32
      [<LoadColumn(3)>] PetalWidth: float32
      [<LoadColumn(4)>] Species: string }

[<EntryPoint>]
let main args =
    let epochs = match args with [| "--epochs"; number |] -> int number | _ -> 100
    let mlContext = MLContext(Nullable 1)
    let load name =
        mlContext.Data.LoadFromTextFile<Flower>(Path.Combine(AppContext.BaseDirectory, "Data", name), separatorChar = ',', hasHeader = true)
    let training, test = load "train.csv", load "test.csv"

    let features =
        EstimatorChain()
            .Append(mlContext.Transforms.Conversion.MapValueToKey("Label", "Species"))
            .Append(mlContext.Transforms.Concatenate("Features", "SepalLength", "SepalWidth", "PetalLength", "PetalWidth"))

    let print name (model: ITransformer) =
        let metrics = mlContext.MulticlassClassification.Evaluate(model.Transform test)
        printfn "%s accuracy %.4f, log-loss %.4f" name metrics.MicroAccuracy metrics.LogLoss

    // Options are immutable: a constructor copies them and sets what changes.
    let options =
        MlpMulticlassTrainer.Options(
            Effort = Effort.Plain,
            HiddenLayers = [| HiddenLayer(32, Activation = Activation.Gelu) |],
            LearningRate = Schedule.Cosine 0.01f,
            NumberOfEpochs = epochs)

    let prepared = features.Fit training
    let trainer = mlContext.MulticlassClassification.Trainers.Mlp options
    print "Test" (prepared.Append(trainer.Fit(prepared.Transform training)))

    // What the simplest answer reaches, and boosted trees on the same features.
    let count (rows: IDataView) = rows.GetColumn<string> "Species" |> Seq.countBy id |> Map.ofSeq
    let frequent = count training |> Map.toSeq |> Seq.maxBy snd |> fst
    printfn "Always %s: accuracy %.4f" frequent (float (count test).[frequent] / float (Seq.length (test.GetColumn<string> "Species")))
    if RuntimeInformation.ProcessArchitecture = Architecture.X64 then
        let trees = mlContext.MulticlassClassification.Trainers.LightGbm().Fit(prepared.Transform training)
        print "LightGBM" (prepared.Append trees)

    let space =
        SearchSpace<MlpMulticlassTrainer.Options>(options)
            .Number("rate", 1e-3f, 3e-2f, SearchScale.Logarithmic, fun options rate ->
                MlpMulticlassTrainer.Options(options, LearningRate = Schedule.Cosine rate))
            .WholeNumber("units", 4, 64, SearchScale.Logarithmic, fun options units ->
                MlpMulticlassTrainer.Options(options, HiddenLayers = [| HiddenLayer units |]))
    let search = mlContext.MulticlassClassification.SearchMlp(prepared.Transform training, space, RandomSearch 6, CrossValidation 5)
    print "After a search:" (prepared.Append search.Model)

    // The network alone, without ML.NET: saved, loaded, asked about one flower.
    let file = Path.Combine(Path.GetTempPath(), $"iris-{Guid.NewGuid():N}.network")
    let best = search.Model.GetMlp().Model
    best.Network.Save file
    let network = MlpModel.Load file
    File.Delete file
    let probabilities = Array.zeroCreate<float32> network.OutputCount
    network.Predict(ReadOnlySpan [| 5.1f; 3.5f; 1.4f; 0.2f |], Span probabilities)
    printfn "A flower of 5.1 x 3.5, 1.4 x 0.2 cm: %s"
        (String.Join(", ", probabilities |> Seq.mapi (fun i p -> $"{best.OutputNames.[i]} {p:F3}")))
    0
