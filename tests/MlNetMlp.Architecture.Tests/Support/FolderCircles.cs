namespace MlNetMlp.Architecture.Tests.Support;

/// <summary>Folders that use each other in a circle.</summary>
/// <remarks>
/// Every folder is looked at with what lies directly in it: each of its folders as a whole, and each of its own types. So a folder's own types
/// may be what its folders are built on, or what is built on them, but none may be both. A circle of any depth is found in the deepest
/// folder that holds all of it; one of types that lie in the same folder is none of folders.
/// </remarks>
internal static class FolderCircles
{
    /// <summary>One text for each circle: its folders and types, and for every step of it one pair of types.</summary>
    public static IReadOnlyList<string> In(IEnumerable<FolderArrow> arrows)
    {
        FolderArrow[] all = [.. arrows];
        return [.. all
            .SelectMany(arrow => ParentsOf(arrow.FromFolder))
            .Distinct()
            .Order(StringComparer.Ordinal)
            .SelectMany(parent => CirclesIn(parent, all))];
    }

    private static IEnumerable<string> CirclesIn(string parent, FolderArrow[] arrows)
    {
        // Who uses whom of what lies directly in the parent, with the types that do.
        Dictionary<Entry, Dictionary<Entry, FolderArrow[]>> uses = arrows
            .Where(arrow => Holds(parent, arrow.FromFolder) && Holds(parent, arrow.ToFolder))
            .Select(arrow => (From: Entry.Of(parent, arrow.FromFolder, arrow.From), To: Entry.Of(parent, arrow.ToFolder, arrow.To), Arrow: arrow))
            .Where(use => use.From != use.To)
            .GroupBy(use => use.From)
            .ToDictionary(
                from => from.Key,
                from => from.GroupBy(use => use.To).ToDictionary(to => to.Key, to => to.Select(use => use.Arrow).ToArray()));

        HashSet<Entry> told = [];
        foreach (Entry folder in uses.Keys.Where(entry => entry.IsFolder).OrderBy(entry => entry.Name, StringComparer.Ordinal))
        {
            if (!told.Contains(folder) && ShortestCircle(folder, uses) is { } circle)
            {
                told.UnionWith(circle);
                yield return Text(circle, uses);
            }
        }
    }

    /// <summary>The shortest way from a folder back to itself, by breadth first; null if there is none.</summary>
    private static List<Entry>? ShortestCircle(Entry start, Dictionary<Entry, Dictionary<Entry, FolderArrow[]>> uses)
    {
        Dictionary<Entry, Entry> cameFrom = [];
        var next = new Queue<Entry>([start]);
        while (next.TryDequeue(out Entry? user))
        {
            IEnumerable<Entry> steps = uses.TryGetValue(user, out var used) ? used.Keys.OrderBy(entry => entry.Name, StringComparer.Ordinal) : [];
            foreach (Entry step in steps)
            {
                if (step == start)
                {
                    List<Entry> circle = [start];
                    for (Entry back = user; back != start; back = cameFrom[back])
                    {
                        circle.Insert(1, back);
                    }

                    return circle;
                }

                if (cameFrom.TryAdd(step, user))
                {
                    next.Enqueue(step);
                }
            }
        }

        return null;
    }

    private static string Text(List<Entry> circle, Dictionary<Entry, Dictionary<Entry, FolderArrow[]>> uses)
    {
        IEnumerable<string> steps = circle.Select((from, i) =>
        {
            FolderArrow[] arrows = uses[from][circle[(i + 1) % circle.Count]];
            return $"{Environment.NewLine}    {arrows[0]}{(arrows.Length > 1 ? $", and {arrows.Length - 1} more" : "")}";
        });
        return string.Join(" -> ", circle.Append(circle[0]).Select(entry => entry.Name)) + string.Concat(steps);
    }

    /// <summary>The folder itself and every folder around it, up to the project's, which is empty.</summary>
    private static IEnumerable<string> ParentsOf(string folder)
    {
        yield return folder;
        while (folder.Length > 0)
        {
            folder = FolderMap.FolderOf(folder);
            yield return folder;
        }
    }

    private static bool Holds(string parent, string folder)
        => parent.Length == 0 || folder == parent || folder.StartsWith(parent + "/", StringComparison.Ordinal);

    /// <summary>What lies directly in a folder: another folder, or a type.</summary>
    private sealed record Entry(string Name, bool IsFolder)
    {
        public static Entry Of(string parent, string folder, string type)
        {
            if (folder == parent)
            {
                return new Entry(type, false);
            }

            int end = folder.IndexOf('/', parent.Length == 0 ? 0 : parent.Length + 1);
            return new Entry(end < 0 ? folder : folder[..end], true);
        }
    }
}
