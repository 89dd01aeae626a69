using System.Globalization;
using System.Text;

namespace Hocon.Syntax;

/// <summary>Writes a tree as HOCON that parses to an equal tree.</summary>
internal static class Renderer
{
    /// <param name="indent">Level of the line that the value starts on.</param>
    /// <param name="indentSize">Spaces of one level.</param>
    public static string Render(Node node, int indent, int indentSize)
    {
        var text = new StringBuilder();
        Write(text, node, indent, Math.Max(0, indentSize));
        return text.ToString();
    }

    public static string Quote(string value)
    {
        var text = new StringBuilder(value.Length + 2).Append('"');
        foreach (var c in value)
        {
            text.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                < ' ' or '\u007F' => "\\u" + ((int)c).ToString("x4", CultureInfo.InvariantCulture),
                _ => c.ToString(),
            });
        }

        return text.Append('"').ToString();
    }

    private static void Write(StringBuilder text, Node node, int indent, int size)
    {
        switch (node)
        {
            case Scalar scalar:
                text.Append(IsPlain(scalar) ? scalar.Text : Quote(scalar.Text));
                break;
            case Sequence list:
                text.Append('[');
                for (var i = 0; i < list.Items.Count; i++)
                {
                    if (i > 0) text.Append(", ");
                    Write(text, list.Items[i], indent, size);
                }

                text.Append(']');
                break;
            case Map { Count: 0 }:
                text.Append("{}");
                break;
            case Map map:
                text.Append("{\n");
                WriteFields(text, map, indent + 1, size);
                text.Append(' ', indent * size).Append('}');
                break;
        }
    }

    private static void WriteFields(StringBuilder text, Map map, int indent, int size)
    {
        foreach (var (key, value) in map.Fields)
        {
            text.Append(' ', indent * size).Append(KeyPath.RenderName(key)).Append(" : ");
            Write(text, value, indent, size);
            text.Append('\n');
        }
    }

    private static bool IsPlain(Scalar scalar) =>
        scalar.Text.Length > 0 && !(scalar.Quoted && scalar.Text == "null")
        && scalar.Text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
}
