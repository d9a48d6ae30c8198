namespace MlNetMlp.Orleans.Tests;

/// <summary>The rows of several trainings on the disk of their client.</summary>
public class TrainingContentTests
{
    [Fact]
    public void WhatTrainingsHaveInCommon_IsThereOnce_UntilTheLastOfThemEnds()
    {
        var content = new TrainingContent();
        byte[] common = new byte[100], own = new byte[30];
        own[0] = 1;
        TrainingContent.OfTraining first = content.Begin(), second = content.Begin();
        string name = first.Add(common), ownName = first.Add(own);
        Assert.Equal(name, second.Add(common));
        Assert.Equal(name, second.Add(common));
        Assert.Equal(130, content.Held);

        first.Dispose();
        first.Dispose();
        Assert.Equal(100, content.Held);
        Assert.Equal(common, second.Store.Read(name));
        Assert.False(second.Store.Has(ownName));

        second.Dispose();
        Assert.Equal(0, content.Held);
        using TrainingContent.OfTraining third = content.Begin();
        Assert.False(third.Store.Has(name));
    }
}
