namespace MlNetMlp;

/// <summary>The rows that were read from a data view, and what was found on the way.</summary>
/// <param name="Rows">The rows to learn from; they belong to the <see cref="RowReader"/>.</param>
/// <param name="Classes">The class of each of them, or null if the task has none.</param>
/// <param name="Roles">What columns say of which rows are to validate on; null: they are not to be divided.</param>
/// <param name="LeftOut">The numbers, in the data view, of rows that are not among them, ascending.</param>
internal sealed record TrainingRows(IRowSource Rows, List<int>? Classes, RowRoles? Roles, List<long> LeftOut)
{
    /// <summary>The number that a row has in the data view.</summary>
    public long NumberOf(int row)
    {
        long number = row;
        foreach (long other in LeftOut)
        {
            if (other > number)
            {
                break;
            }

            number++;
        }

        return number;
    }
}
