using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Spectre.Console;

namespace ActorBroker.Server.Commands;

/// <summary>Writes a command's result: a table or lines for people, JSON for programs.</summary>
internal sealed class Output(CommandIo io, bool json)
{
    private static readonly JsonSerializerOptions JsonStyle = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public bool IsJson { get; } = json;

    public void Line(string text) => io.Out.Write(Encoding.UTF8.GetBytes(text + "\n"));

    /// <summary>One line of JSON.</summary>
    public void Json(object value) => Line(JsonSerializer.Serialize(value, JsonStyle));

    /// <summary>The result in the form that was asked for.</summary>
    public void Result(object json, string line)
    {
        if (IsJson) Json(json);
        else Line(line);
    }

    /// <summary>An entry of names and values: <c>name: value name: value</c>, or the same as an object of JSON.</summary>
    public void Fields(string prefix, params (string Name, object? Value)[] fields)
    {
        if (IsJson) Json(fields.Where(f => f.Value is not null).ToDictionary(f => f.Name, f => f.Value));
        else Line(prefix + string.Join(' ', fields.Where(f => f.Value is not null).Select(f => $"{f.Name}: {TextOf(f.Value!)}")));
    }

    /// <summary>Columns under their names, as wide as they need: never wrapped, so that scripts can split them.</summary>
    public void Table(string[] columns, IEnumerable<string?[]> rows)
    {
        using var writer = new StreamWriter(io.Out, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Width = 10_000;
        var table = new Table { Border = TableBorder.None };
        foreach (var column in columns) table.AddColumn(new TableColumn(new Text(column)) { NoWrap = true });
        foreach (var row in rows) table.AddRow(row.Select(cell => new Text(string.IsNullOrEmpty(cell) ? "-" : cell)));
        console.Write(table);
    }

    private static string TextOf(object value) => value switch
    {
        bool flag => flag ? "true" : "false",
        IEnumerable<string> list => $"[{string.Join(',', list)}]",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };
}
