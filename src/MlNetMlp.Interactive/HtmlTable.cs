using System.Globalization;
using System.Net;
using System.Text;

namespace MlNetMlp.Interactive;

/// <summary>Texts as HTML, which the notebook's own style applies to.</summary>
internal static class HtmlTable
{
    public static string Of(IEnumerable<string> headings, IEnumerable<IReadOnlyList<string>> rows)
    {
        var html = new StringBuilder("<table><thead><tr>");
        foreach (string heading in headings)
        {
            html.Append("<th>").Append(WebUtility.HtmlEncode(heading)).Append("</th>");
        }

        html.Append("</tr></thead><tbody>");
        foreach (IReadOnlyList<string> row in rows)
        {
            html.Append("<tr>");
            foreach (string cell in row)
            {
                html.Append("<td>").Append(WebUtility.HtmlEncode(cell)).Append("</td>");
            }

            html.Append("</tr>");
        }

        return html.Append("</tbody></table>").ToString();
    }

    public static string Paragraph(string text) => $"<p>{WebUtility.HtmlEncode(text)}</p>";

    public static string Number(double? value, string format = "N0") => value?.ToString(format, CultureInfo.InvariantCulture) ?? "";
}
