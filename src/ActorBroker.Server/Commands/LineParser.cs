using System.Text;
using System.Text.RegularExpressions;
using ActorBroker.Protocol.Records;
using ActorBroker.Server.Clients.Producing;

namespace ActorBroker.Server.Commands;

/// <summary>
/// Makes a record of a line: <c>[headers TAB] [key SEPARATOR] value</c>, by the properties of Kafka's console producer.
/// </summary>
internal sealed class LineParser
{
    private readonly string _topic;
    private readonly int? _partition;
    private readonly bool _parseKey;
    private readonly bool _parseHeaders;
    private readonly bool _ignoreError;
    private readonly byte[] _keySeparator;
    private readonly byte[] _headersDelimiter;
    private readonly string _headersSeparator;
    private readonly string _headerKeySeparator;
    private readonly byte[]? _nullMarker;
    private long _line;

    /// <exception cref="UsageException">A value is not allowed.</exception>
    public LineParser(string topic, int? partition, ClientProperties properties, string? keySeparator)
    {
        _topic = topic;
        _partition = partition;
        _parseKey = properties.Flag("parse.key") ?? keySeparator is not null;
        _parseHeaders = properties.Flag("parse.headers") ?? false;
        _ignoreError = properties.Flag("ignore.error") ?? false;
        _keySeparator = Bytes(keySeparator ?? properties.Text("key.separator") ?? "\t");
        _headersDelimiter = Bytes(properties.Text("headers.delimiter") ?? "\t");
        _headersSeparator = Unescape(properties.Text("headers.separator") ?? ",");
        _headerKeySeparator = Unescape(properties.Text("headers.key.separator") ?? ":");
        _nullMarker = properties.Text("null.marker") is { } marker ? Bytes(marker) : null;
        if (_keySeparator.Length == 0) throw new UsageException("The key separator is empty");
    }

    /// <exception cref="InvalidDataException">A part is missing, and ignore.error is not set.</exception>
    public ProducerRecord Parse(ReadOnlySpan<byte> line)
    {
        _line++;
        RecordHeader[]? headers = null;
        byte[]? key = null;
        if (_parseHeaders)
            headers = Cut(
                ref line, _headersDelimiter, "headers delimiter") is { } text ? Headers(Encoding.UTF8.GetString(text)) : null;
        if (_parseKey) key = NullOr(Cut(ref line, _keySeparator, "key separator"));
        return new(_topic, key, NullOr(line.ToArray()), _partition, headers);
    }

    /// <summary>Understands \t, \n, \\ and \u0001 in separators, which shells pass as they are.</summary>
    internal static string Unescape(string text) => Regex.Unescape(Regex.Replace(text, @"\\(?![tnr0u\\])", @"\\"));

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(Unescape(text));

    private byte[]? Cut(ref ReadOnlySpan<byte> line, byte[] separator, string name)
    {
        var at = line.IndexOf(separator);
        if (at < 0) return _ignoreError ? null : throw new InvalidDataException($"Line {_line} has no {name}");
        var part = line[..at].ToArray();
        line = line[(at + separator.Length)..];
        return part;
    }

    private byte[]? NullOr(byte[]? bytes) =>
        bytes is not null && _nullMarker is not null && bytes.AsSpan().SequenceEqual(_nullMarker) ? null : bytes;

    private RecordHeader[] Headers(string text)
    {
        var headers = new List<RecordHeader>();
        foreach (var header in text.Split(_headersSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            var at = header.IndexOf(_headerKeySeparator, StringComparison.Ordinal);
            if (at < 0 && !_ignoreError)
                throw new InvalidDataException($"Line {_line}: the header '{header}' has no '{_headerKeySeparator}'");
            headers.Add(at < 0
                ? new(header, null)
                : new(header[..at], NullOr(Encoding.UTF8.GetBytes(header[(at + _headerKeySeparator.Length)..]))));
        }
        return [.. headers];
    }
}
