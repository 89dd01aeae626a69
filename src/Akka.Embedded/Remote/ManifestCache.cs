using System.Runtime.CompilerServices;
using System.Text;

namespace Akka.Remote;

/// <summary>Remembers the bytes of manifests, which are the same few strings again and again. For any thread.</summary>
internal sealed class ManifestCache
{
    private const int Size = 128; // A power of two.

    private readonly Entry?[] _entries = new Entry?[Size];

    public byte[] Encoded(string manifest)
    {
        if (manifest.Length == 0) return [];
        ref var place = ref _entries[RuntimeHelpers.GetHashCode(manifest) & (Size - 1)];
        var entry = Volatile.Read(ref place);
        if (entry is not null && ReferenceEquals(entry.Text, manifest)) return entry.Bytes;
        entry = new Entry(manifest, Encoding.UTF8.GetBytes(manifest));
        Volatile.Write(ref place, entry);
        return entry.Bytes;
    }

    private sealed record Entry(string Text, byte[] Bytes);
}
