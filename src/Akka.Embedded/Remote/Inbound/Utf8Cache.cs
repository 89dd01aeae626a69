using System.Runtime.InteropServices;

namespace Akka.Remote.Inbound;

/// <summary>Remembers what UTF-8 texts stand for, so that those seen lately need no string. For one thread.</summary>
/// <remarks>Each text has one place; another that wants the same place takes it.</remarks>
internal sealed class Utf8Cache<T>(int size) where T : class
{
    private readonly Entry[] _entries = new Entry[size]; // A power of two.

    public T? Find(ReadOnlySpan<byte> text)
    {
        ref var entry = ref _entries[Place(text)];
        return entry.Value is { } value && text.SequenceEqual(entry.Text) ? value : null;
    }

    public void Put(ReadOnlySpan<byte> text, T value) =>
        _entries[Place(text)] = new Entry { Text = text.ToArray(), Value = value };

    private int Place(ReadOnlySpan<byte> text)
    {
        var hash = (ulong)text.Length;
        var words = MemoryMarshal.Cast<byte, ulong>(text);
        foreach (var word in words) hash = Mix(hash ^ word);
        foreach (var last in text[(words.Length * sizeof(ulong))..]) hash = Mix(hash ^ last);
        return (int)(hash >> 40) & (_entries.Length - 1);
    }

    private static ulong Mix(ulong value)
    {
        value *= 0x9E3779B97F4A7C15;
        return value ^ (value >> 29);
    }

    private struct Entry
    {
        public byte[] Text;
        public T? Value;
    }
}
