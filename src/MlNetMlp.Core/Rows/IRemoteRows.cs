namespace MlNetMlp;

/// <summary>Rows on other machines, which pass over all of them in place of this one.</summary>
internal interface IRemoteRows
{
    /// <summary>The <see cref="TrainingFingerprint.ChecksumOf"/> the rows.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    string Checksum(CancellationToken cancellationToken);

    /// <summary>The <see cref="ClassWeightedRows.Totals"/> of the rows.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    double[] ClassTotals(Loss loss, int outputs, CancellationToken cancellationToken);
}
