using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace MlNetMlp.TestSupport;

/// <summary>The style of a picture, read from its text.</summary>
internal static partial class SvgStyles
{
    private static readonly XNamespace _svg = "http://www.w3.org/2000/svg";

    /// <summary>
    /// No rule reaches anything beyond the picture, no class of an element is without a rule, and colors that change with the page have one for programs that
    /// do not know of that.
    /// </summary>
    public static void AssertScoped(XElement root)
    {
        string name = root.Attribute("id")!.Value;
        Assert.Matches("^mlp-[0-9a-f]{8}$", name);
        string[] rules = root.Element(_svg + "style")!.Value.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(rules, rule => Assert.StartsWith($"#{name}", rule, StringComparison.Ordinal));
        Assert.Equal($"#{name}:root {{ color-scheme: light dark }}", rules[0]);
        var styled = new HashSet<string>();
        foreach (string rule in rules.Skip(1))
        {
            Match match = Rule().Match(rule);
            Assert.True(match.Success, rule);
            styled.Add(match.Groups["selector"].Value);
            if (match.Groups["light"].Success)
            {
                Assert.Equal(match.Groups["value"].Value, match.Groups["light"].Value);
            }
        }

        Assert.DoesNotContain("script", root.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("href", root.ToString(), StringComparison.OrdinalIgnoreCase);
        IEnumerable<string> used = root.Descendants().Attributes("class").SelectMany(attribute => attribute.Value.Split(' ')).Distinct();
        Assert.Equal([], used.Except(["panel", "legend"]).Where(@class => !styled.Contains("." + @class)));
    }

    [GeneratedRegex(
        @"^#mlp-\w{8} (?<selector>\.?\w+)(:hover)? \{ (?<property>[a-z-]+): (?<value>[^;{}]+?)" +
        @"(; \k<property>: light-dark\((?<light>#\w{6}), #\w{6}\))? \}$")]
    private static partial Regex Rule();
}
