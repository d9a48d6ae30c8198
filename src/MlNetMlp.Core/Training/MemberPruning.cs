using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>Takes members out of trained networks that they share; see <see cref="Ensemble.PrunedTo"/>.</summary>
/// <param name="task">What was trained, its class weights in the weights of the rows.</param>
/// <param name="targets">The units of the targets.</param>
/// <param name="count">How many members stay in each network.</param>
internal sealed class MemberPruning(TrainingTask task, TargetUnits targets, int count)
{
    private const int RowsAtOnce = 64;

    /// <summary>The result with fewer members in its network, or in each of its networks.</summary>
    /// <param name="result">What was trained.</param>
    /// <param name="validationOf">The rows by which members are chosen of network number i, from 0.</param>
    /// <param name="cancellationToken">Looked at before every block of rows, and for every member that may be the next.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public MlpTrainingResult Prune(MlpTrainingResult result, Func<int, IRowSource> validationOf, CancellationToken cancellationToken)
    {
        if (result.Members.Count == 0)
        {
            return PruneNetwork(result, validationOf(0), cancellationToken);
        }

        MlpTrainingResult[] networks = [.. result.Members.Select((network, i) => PruneNetwork(network, validationOf(i), cancellationToken))];
        return result with { Model = MlpModel.Average([.. networks.Select(network => network.Model)]), Members = networks };
    }

    private MlpTrainingResult PruneNetwork(MlpTrainingResult result, IRowSource validation, CancellationToken cancellationToken)
    {
        var rows = new ValidationScores(task.Loss, targets, result.Model.Members, validation, cancellationToken);
        var chosen = new List<int>();
        double loss = double.NaN;
        while (chosen.Count < count)
        {
            // Of equal losses, the first is taken.
            (int next, loss) = Enumerable.Range(0, result.Model.Members.Count).Except(chosen)
                .Select(member => (member, rows.LossOf([.. chosen, member], cancellationToken))).MinBy(candidate => candidate.Item2);
            chosen.Add(next);
        }

        int[] kept = [.. chosen.Order()];
        return result with
        {
            Model = result.Model.WithMembers(kept),
            KeptMembers = Array.ConvertAll(kept, member => member + 1),
            KeptMembersLoss = loss,
        };
    }

    /// <summary>What each member says of the validation rows.</summary>
    private sealed class ValidationScores
    {
        private readonly Loss _loss;
        private readonly TargetUnits _units;

        /// <summary>Of each member, logits [rows, outputs], in the units in which targets were given.</summary>
        private readonly float[][] _logits;

        /// <summary>[rows, targets], in the units in which they were learned.</summary>
        private readonly float[] _targets;
        private readonly float[] _weights, _averages;
        private readonly int _outputs;

        public ValidationScores(Loss loss, TargetUnits units, IReadOnlyList<MlpModel> members, IRowSource validation, CancellationToken cancellationToken)
        {
            (_loss, _units, _outputs) = (loss, units, members[0].OutputCount);
            _averages = new float[checked(validation.Count * _outputs)];
            _logits = [.. members.Select(_ => new float[_averages.Length])];
            _targets = new float[checked(validation.Count * validation.TargetCount)];
            _weights = new float[validation.Count];
            foreach ((int first, RowBatch block) in validation.InBlocks(RowsAtOnce, cancellationToken))
            {
                block.Targets.CopyTo(_targets.AsSpan(first * validation.TargetCount));
                block.Weights.CopyTo(_weights.AsSpan(first));
                for (int m = 0; m < members.Count; m++)
                {
                    members[m].PredictLogits(block, _logits[m].AsSpan(first * _outputs, block.Count * _outputs));
                }
            }

            if (loss.TargetsAreValues)
            {
                units.ToLearned(_targets);
            }
        }

        /// <summary>The mean loss of the averaged prediction of some members.</summary>
        public double LossOf(int[] members, CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            float[] ofRow = new float[members.Length * _outputs];
            for (int row = 0; row < _weights.Length; row++)
            {
                for (int m = 0; m < members.Length; m++)
                {
                    _logits[members[m]].AsSpan(row * _outputs, _outputs).CopyTo(ofRow.AsSpan(m * _outputs));
                }

                _loss.AverageLogits(new MatrixSpan(ofRow, members.Length, _outputs), _averages.AsSpan(row * _outputs, _outputs));
            }

            var averages = new MatrixSpan(_averages, _weights.Length, _outputs);
            if (_loss.TargetsAreValues)
            {
                _units.ToLearned(averages.Values);
            }

            return _loss.LossSum(averages, new ReadOnlyMatrixSpan(_targets, _weights.Length, _targets.Length / _weights.Length), _weights)
                / _weights.Sum(weight => (double)weight);
        }
    }
}
