' A search with a dimension of each kind, and one that depends on another, from Visual Basic.
Imports Microsoft.ML
Imports MlNetMlp
Imports MlNetMlp.Search

Public Class Row
    Public Property Width As Single
    Public Property Height As Single
    Public Property Area As Single
End Class

Public Module Program
    Public Sub Main()
        Dim mlContext As New MLContext(1)
        Dim rows = mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, 400).Select(
            Function(i) New Row With {.Width = CSng((i Mod 20) / 10), .Height = CSng((i \ 20) / 10), .Area = CSng((i Mod 20) / 10 * ((i \ 20) / 10))}))
        Dim trainData = mlContext.Transforms.Concatenate("Features", "Width", "Height").Fit(rows).Transform(rows)

        ' Options are immutable: a constructor copies them and sets what changes.
        Dim baseline As New MlpRegressionTrainer.Options With {.LabelColumnName = "Area", .NumberOfEpochs = 5, .Effort = Effort.Plain}
        Dim space = New SearchSpace(Of MlpRegressionTrainer.Options)(baseline).
            Number("rate", 0.001F, 0.1F, SearchScale.Logarithmic,
                Function(options, rate) New MlpRegressionTrainer.Options(options) With {.LearningRate = Schedule.Cosine(rate)}).
            WholeNumber("units", 4, 32, SearchScale.Logarithmic,
                Function(options, units) New MlpRegressionTrainer.Options(options) With {.HiddenLayers = {New HiddenLayer(units)}}).
            Choice("batch", {16, 32},
                Function(options, size) New MlpRegressionTrainer.Options(options) With {.BatchSize = size}).
            Branch("loss",
                ("squares", Function(inner As SearchSpace(Of MlpRegressionTrainer.Options)) inner),
                ("Huber", Function(inner As SearchSpace(Of MlpRegressionTrainer.Options)) inner.Number("delta", 0.5F, 2.0F, SearchScale.Linear,
                    Function(options, delta) New MlpRegressionTrainer.Options(options) With {.Loss = New HuberLoss With {.Delta = delta}})))

        Dim search = mlContext.Regression.SearchMlp(trainData, space, New TreeParzenSearch(12) With {.RandomTrials = 6}, New HeldOut(),
            options:=New SearchOptions With {.Seed = 5})
        Console.WriteLine($"search {search.Trials.Count} {search.HasModel}")
        Console.WriteLine($"baseline kept {search.Best.Options.LabelColumnName = "Area" AndAlso search.Best.Options.NumberOfEpochs = 5}")
        Console.WriteLine($"branches {search.Trials.All(Function(trial) trial.Values.Count = If(trial.Options.Loss.GetType() Is GetType(HuberLoss), 5, 4))}")
    End Sub
End Module
