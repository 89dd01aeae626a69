using System.Globalization;
using System.Text;
using System.Text.Unicode;
using ActorBroker.Protocol.Records;
using ActorBroker.Server.Clients.Consuming;

namespace ActorBroker.Server.Commands;

/// <summary>Writes records as Kafka's console consumer does, by its properties, or as a line of JSON each.</summary>
internal sealed class RecordPrinter
{
    private readonly Stream _out;
    private readonly bool _timestamp;
    private readonly bool _partition;
    private readonly bool _offset;
    private readonly bool _headers;
    private readonly bool _key;
    private readonly bool _value;
    private readonly byte[] _separator;
    private readonly byte[] _lineEnd;
    private readonly string _headersSeparator;
    private readonly byte[] _nullLiteral;

    public RecordPrinter(Stream output, ClientProperties properties)
    {
        _out = output;
        _timestamp = properties.Flag("print.timestamp") ?? false;
        _partition = properties.Flag("print.partition") ?? false;
        _offset = properties.Flag("print.offset") ?? false;
        _headers = properties.Flag("print.headers") ?? false;
        _key = properties.Flag("print.key") ?? false;
        _value = properties.Flag("print.value") ?? true;
        _separator = Bytes(properties.Text("key.separator") ?? "\t");
        _lineEnd = Bytes(properties.Text("line.separator") ?? "\n");
        _headersSeparator = LineParser.Unescape(properties.Text("headers.separator") ?? ",");
        _nullLiteral = Bytes(properties.Text("null.literal") ?? "null");
    }

    public void Write(ConsumedRecord record)
    {
        var isFirst = true;
        if (_timestamp) Part(Text($"{record.TimestampType}:{record.TimestampMs}"), ref isFirst);
        if (_partition) Part(Text($"Partition:{record.Partition.Partition}"), ref isFirst);
        if (_offset) Part(Text($"Offset:{record.Offset}"), ref isFirst);
        if (_headers) Part(HeadersOf(record), ref isFirst);
        if (_key) Part(record.Key ?? _nullLiteral, ref isFirst);
        if (_value) Part(record.Value ?? _nullLiteral, ref isFirst);
        _out.Write(_lineEnd);
    }

    /// <summary>What a record is in JSON. Bytes that are no UTF-8 become base64, under another name.</summary>
    public static object ToJson(ConsumedRecord record) => new Dictionary<string, object?>
    {
        ["topic"] = record.Partition.Topic,
        ["partition"] = record.Partition.Partition,
        ["offset"] = record.Offset.Value,
        ["timestamp"] = record.TimestampMs,
        ["timestampType"] = record.TimestampType.ToString(),
        [NameOf("key", record.Key)] = TextOf(record.Key),
        [NameOf("value", record.Value)] = TextOf(record.Value),
        ["headers"] = record.Headers.Select(
            h => new Dictionary<string, object?> { ["key"] = h.Key, [NameOf("value", h.Value)] = TextOf(h.Value) }),
    };

    private static string NameOf(string name, byte[]? bytes) => bytes is null || Utf8.IsValid(bytes) ? name : name + "Base64";

    private static string? TextOf(byte[]? bytes) =>
        bytes is null ? null : Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : Convert.ToBase64String(bytes);

    private void Part(ReadOnlySpan<byte> bytes, ref bool isFirst)
    {
        if (!isFirst) _out.Write(_separator);
        isFirst = false;
        _out.Write(bytes);
    }

    private byte[] HeadersOf(ConsumedRecord record)
    {
        if (record.Headers.Length == 0) return "NO_HEADERS"u8.ToArray();
        using var text = new MemoryStream();
        foreach (var (at, header) in record.Headers.Index())
        {
            if (at > 0) text.Write(Encoding.UTF8.GetBytes(_headersSeparator));
            text.Write(Encoding.UTF8.GetBytes(header.Key + ":"));
            text.Write(header.Value ?? _nullLiteral);
        }
        return text.ToArray();
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(LineParser.Unescape(text));

    private static byte[] Text(FormattableString text) => Encoding.UTF8.GetBytes(text.ToString(CultureInfo.InvariantCulture));
}
