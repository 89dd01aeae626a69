using System.Text;
using Akka.Configuration;
using Hocon;

namespace ActorBroker.Hosting.Options;

/// <summary>What of a configuration is for the actor system, written as text that Akka.NET's own parser takes: all values are
/// quoted, nothing is left to resolve, and what is null is left out.</summary>
internal sealed class AkkaSection
{
    private readonly StringBuilder _text = new();

    public void Add(string key, HoconValue value)
    {
        if (IsNull(value)) return;
        AppendQuoted(key);
        _text.Append(" = ");
        Append(value);
        _text.Append('\n');
    }

    public Config ToConfig() => ConfigurationFactory.ParseString(_text.ToString());

    private void Append(HoconValue value)
    {
        switch (value.Type)
        {
            case HoconType.Object:
                _text.Append("{\n");
                foreach (var (key, field) in value.GetObject()) Add(key, field.Value);
                _text.Append('}');
                break;
            case HoconType.Array:
                _text.Append('[');
                foreach (var item in value.GetArray())
                {
                    Append(item);
                    _text.Append(", ");
                }
                _text.Append(']');
                break;
            default:
                AppendQuoted(value.GetString() ?? "");
                break;
        }
    }

    private static bool IsNull(HoconValue value) =>
        value.Type is not (HoconType.Object or HoconType.Array) && value.GetString() is null;

    private void AppendQuoted(string text)
    {
        _text.Append('"');
        foreach (var c in text)
        {
            switch (c)
            {
                case '"' or '\\': _text.Append('\\').Append(c); break;
                case '\n': _text.Append("\\n"); break;
                case '\r': _text.Append("\\r"); break;
                case '\t': _text.Append("\\t"); break;
                default: _text.Append(c); break;
            }
        }
        _text.Append('"');
    }
}
