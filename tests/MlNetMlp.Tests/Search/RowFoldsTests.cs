using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetMlp.Search;
using MlNetMlp.Tests.Support;

namespace MlNetMlp.Tests.Search;

/// <summary>Which rows are in which fold, and the views of them.</summary>
public sealed class RowFoldsTests
{
    // 100 rows of class 0, 47 of class 1, 12 of class 2 and one without a label, in a mixed order.
    private static readonly int[] _classes = [.. Enumerable.Range(0, 160).OrderBy(i => i * 7919 % 160).Select(i => i < 100 ? 0 : i < 147 ? 1
        : i < 159 ? 2 : -1)];

    [Fact]
    public void CrossValidation_DealsEveryClassEvenly()
    {
        int[] folds = RowFolds.Deal(new CrossValidation(5), 160, _classes, seed: 3);

        Assert.Equal([32, 32, 32, 32, 32], Enumerable.Range(0, 5).Select(fold => folds.Count(f => f == fold)));
        foreach (IGrouping<int, int> rows in Enumerable.Range(0, 160).GroupBy(row => _classes[row]))
        {
            int[] counts = [.. Enumerable.Range(0, 5).Select(fold => rows.Count(row => folds[row] == fold))];
            Assert.InRange(counts.Max() - counts.Min(), 0, 1);
        }
    }

    [Fact]
    public void HeldOut_TakesTheSamePartOfEveryClass()
    {
        int[] folds = RowFolds.Deal(new HeldOut(0.25), 160, _classes, seed: 3);

        Assert.Equal([25, 12, 3], Enumerable.Range(0, 3).Select(c => Enumerable.Range(0, 160).Count(row => folds[row] == 0 && _classes[row] == c)));
        Assert.Equal(120, folds.Count(fold => fold == RowFolds.None));
    }

    [Fact]
    public void Folds_DependOnTheSeedAlone()
    {
        foreach (SearchValidation validation in new SearchValidation[] { new HeldOut(0.3), new CrossValidation(4) })
        {
            int[] folds = RowFolds.Deal(validation, 200, null, seed: 3);
            Assert.Equal(folds, RowFolds.Deal(validation, 200, null, seed: 3));
            Assert.NotEqual(folds, RowFolds.Deal(validation, 200, null, seed: 4));
            // No block of neighbours: the first half of the rows is spread like all of them.
            Assert.InRange(folds.Take(100).Count(fold => fold == 0), 15, 45);
        }
    }

    [Fact]
    public void TooFewRows_AreRefused()
    {
        Assert.Contains("needs at least 5 rows, and there are 4",
            Assert.Throws<InvalidOperationException>(() => RowFolds.Deal(new CrossValidation(5), 4, null, 1)).Message, StringComparison.Ordinal);
        Assert.Contains("HeldOut(0.1) of 4 rows", Assert.Throws<InvalidOperationException>(() => RowFolds.Deal(new HeldOut(0.1), 4, null, 1))
            .Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => RowFolds.Deal(new HeldOut(0.5), 0, null, 1));
    }

    [Fact]
    public void FoldRows_AreTheRowsOfTheFold_AndTheOthers()
    {
        RowsView source = TrainerCase.Of("binary").Data.WithRows(7);
        int[] folds = [0, 1, 1, RowFolds.None, 0, 1, 0];
        string[] all = [.. RowValues.ReadAll(source).Values];
        var inside = new FoldRows(source, folds, 1, inside: true);
        var outside = new FoldRows(source, folds, 1, inside: false);

        Assert.Equal([all[1], all[2], all[5]], RowValues.ReadAll(inside).Values);
        Assert.Equal([all[0], all[3], all[4], all[6]], RowValues.ReadAll(outside).Values);
        Assert.Equal([all[1], all[2], all[5]], RowValues.ReadAll(inside.GetRowCursorSet(inside.Schema, 4, new Random(1))).Values);
        Assert.Equal((3, 4), (inside.GetRowCount(), outside.GetRowCount()));
        Assert.False(inside.CanShuffle);
        Assert.Equal(0, source.OpenCursors);
    }

    [Fact]
    public void FoldRows_CursorCountsItsOwnRows()
    {
        using DataViewRowCursor cursor = new FoldRows(TrainerCase.Of("binary").Data.WithRows(4), [1, 0, 1, 0], 0, inside: true).GetRowCursor([]);

        Assert.Equal(-1, cursor.Position);
        Assert.True(cursor.MoveNext());
        Assert.Equal(0, cursor.Position);
        Assert.True(cursor.MoveNext());
        Assert.Equal(1, cursor.Position);
        Assert.False(cursor.MoveNext());
        Assert.False(cursor.MoveNext());
        Assert.Equal(-1, cursor.Position);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(9)]
    [InlineData(0)]
    public void FoldRows_OfASourceThatChanged_AreRefused(int rows)
    {
        IDataView source = TrainerCase.Of("binary").Data.WithRows(rows);

        Exception exception = Assert.Throws<InvalidOperationException>(() => RowValues.ReadAll(new FoldRows(source, [0, 1, 0, 1], 0, inside: true)));

        Assert.Contains("had 4 rows", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Groups_StayTogether_InFoldsOfEqualSize()
    {
        // Groups of 1 to 12 rows, in no order: 78 rows.
        long[] groups = [.. Enumerable.Range(1, 12).SelectMany(group => Enumerable.Repeat((long)group, group)).OrderBy(group => group * 7 % 13)];
        RowRoles roles = Roles(view => view.With(ViewColumn.Of("Group", NumberDataViewType.Int64, row => groups[row])), groups.Length,
            new MlpBinaryTrainer.Options { GroupColumnName = "Group" });
        int[] folds = RowFolds.Deal(new CrossValidation(3), groups.Length, null, seed: 3, roles);
        Assert.All(groups.Zip(folds).GroupBy(pair => pair.First), group => Assert.Single(group.Select(pair => pair.Second).Distinct()));
        Assert.Equal([26, 26, 26], Enumerable.Range(0, 3).Select(fold => folds.Count(own => own == fold)));

        int[] held = RowFolds.Deal(new HeldOut(0.25), groups.Length, null, seed: 3, roles);
        Assert.All(groups.Zip(held).GroupBy(pair => pair.First), group => Assert.Single(group.Select(pair => pair.Second).Distinct()));
        Assert.InRange(held.Count(fold => fold == 0), 14, 25);
        Assert.Contains("at least 13 groups, and there are 12", Assert.Throws<InvalidOperationException>(() =>
            RowFolds.Deal(new CrossValidation(13), groups.Length, null, 3, roles)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NewestRows_AreHeldOut_AndFoldsAreRefused()
    {
        RowRoles roles = Roles(view => view.With(ViewColumn.Number("Day", row => 20 - row)), 20, new MlpBinaryTrainer.Options { TimeColumnName = "Day" });
        Assert.Equal([.. Enumerable.Repeat(0, 5), .. Enumerable.Repeat(RowFolds.None, 15)], RowFolds.Deal(new HeldOut(0.25), 20, null, 3, roles));
        Assert.Contains("time matters", Assert.Throws<InvalidOperationException>(() =>
            RowFolds.Deal(new CrossValidation(5), 20, null, 3, roles)).Message, StringComparison.Ordinal);
    }

    private static RowRoles Roles(Func<RowsView, RowsView> columns, int rows, MlpBinaryTrainer.Options options)
    {
        RowsView view = columns(TrainerCase.Of("binary").Data.WithRows(rows));
        using DataViewRowCursor cursor = view.GetRowCursor(view.Schema);
        var roles = new RowRoles(cursor, options);
        for (int row = 0; cursor.MoveNext(); row++)
        {
            roles.Add(row, "training");
        }

        return roles;
    }
}
