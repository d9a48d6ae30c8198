namespace Service;

/// <summary>What <c>POST /model/reload</c> answers: the model in service afterwards, and whether it is another one than before.</summary>
internal sealed record ReloadAnswer(bool IsNew, ModelDescription Model);
