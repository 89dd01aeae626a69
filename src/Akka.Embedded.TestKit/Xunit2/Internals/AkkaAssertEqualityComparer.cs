using System.Collections;

namespace Akka.TestKit.Xunit2.Internals;

/// <summary>Equality of messages: as they define it, and item by item for collections.</summary>
public class AkkaAssertEqualityComparer<T>(bool skipTypeCheck = false, IEqualityComparer? innerComparer = null)
    : IEqualityComparer<T>
{
    private readonly IEqualityComparer _items = innerComparer ?? new Items();

    public bool Equals(T? x, T? y)
    {
        if (x is null || y is null) return x is null && y is null;
        if (x.Equals(y)) return true;
        if (x is string || y is string || x is not IEnumerable xs || y is not IEnumerable ys) return false;
        return (skipTypeCheck || x.GetType() == y.GetType() || !(x is IEquatable<T>))
            && xs.Cast<object?>().SequenceEqual(ys.Cast<object?>(), new ByItems(_items));
    }

    public int GetHashCode(T obj) => throw new NotSupportedException("This comparer compares; it is not for hash tables.");

    private sealed class Items : IEqualityComparer
    {
        bool IEqualityComparer.Equals(object? x, object? y) => new AkkaAssertEqualityComparer<object?>(true, this).Equals(x, y);

        int IEqualityComparer.GetHashCode(object obj) => 0;
    }

    private sealed class ByItems(IEqualityComparer items) : IEqualityComparer<object?>
    {
        bool IEqualityComparer<object?>.Equals(object? x, object? y) => items.Equals(x, y);

        int IEqualityComparer<object?>.GetHashCode(object? obj) => 0;
    }
}
