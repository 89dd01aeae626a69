using System.Collections.Immutable;

namespace Akka.Cluster;

/// <summary>What a member can say of another: it answers, it doesn't, or it is known to be gone.</summary>
internal enum ReachabilityStatus
{
    Reachable,
    Unreachable,

    /// <summary>It has restarted: this incarnation can't come back.</summary>
    Terminated,
}

/// <summary>Who does not reach whom. Each observer writes its own row only, and counts its changes; so of two versions of a row
/// the higher one is the later.</summary>
internal sealed class Reachability
{
    public static readonly Reachability Empty = new(ImmutableSortedDictionary<UniqueAddress, Row>.Empty);

    private readonly Lazy<ImmutableSortedDictionary<UniqueAddress, ReachabilityStatus>> _worst;

    public Reachability(ImmutableSortedDictionary<UniqueAddress, Row> rows)
    {
        Rows = rows;
        _worst = new(WorstOfEach);
    }

    /// <summary>By observer.</summary>
    public ImmutableSortedDictionary<UniqueAddress, Row> Rows { get; }

    public bool IsAllReachable => _worst.Value.Count == 0;

    /// <summary>Subjects that some observer does not reach.</summary>
    public IEnumerable<UniqueAddress> AllUnreachable => _worst.Value.Keys;

    /// <summary>Those who do not reach somebody.</summary>
    public IEnumerable<UniqueAddress> AllObservers => Rows.Where(row => row.Value.Subjects.Count > 0).Select(row => row.Key);

    /// <summary>Each pair of observer and subject that it does not reach.</summary>
    public IEnumerable<(UniqueAddress Observer, UniqueAddress Subject)> Records =>
        Rows.SelectMany(row => row.Value.Subjects.Keys.Select(subject => (row.Key, subject)));

    public bool IsReachable(UniqueAddress subject) => !_worst.Value.ContainsKey(subject);

    public ReachabilityStatus Status(UniqueAddress observer, UniqueAddress subject) =>
        Rows.TryGetValue(observer, out var row) ? row.Subjects.GetValueOrDefault(subject) : ReachabilityStatus.Reachable;

    public ImmutableSortedSet<UniqueAddress> UnreachableFrom(UniqueAddress observer) =>
        Rows.TryGetValue(observer, out var row) ? [.. row.Subjects.Keys] : [];

    /// <summary>The observer sees the subject otherwise than before; what is Terminated stays so.</summary>
    public Reachability With(UniqueAddress observer, UniqueAddress subject, ReachabilityStatus status)
    {
        var row = Rows.GetValueOrDefault(observer) ?? Row.Empty;
        var before = row.Subjects.GetValueOrDefault(subject);
        if (before == status || before == ReachabilityStatus.Terminated) return this;
        var subjects = status == ReachabilityStatus.Reachable
            ? row.Subjects.Remove(subject) : row.Subjects.SetItem(subject, status);
        return new Reachability(Rows.SetItem(observer, new Row(row.Version + 1, subjects)));
    }

    /// <summary>Of each observer's row the later version.</summary>
    public Reachability Merge(Reachability that)
    {
        var merged = Rows.ToBuilder();
        foreach (var (observer, row) in that.Rows)
            if (!merged.TryGetValue(observer, out var own) || own.Version < row.Version) merged[observer] = row;
        return new Reachability(merged.ToImmutable());
    }

    /// <summary>Without what is said by or of these. No new version: whoever knows that they are gone does the same.</summary>
    public Reachability Without(IReadOnlyCollection<UniqueAddress> gone)
    {
        if (gone.Count == 0 || Rows.Count == 0) return this;
        var rest = Rows.ToBuilder();
        foreach (var (observer, row) in Rows)
        {
            if (gone.Contains(observer)) rest.Remove(observer);
            else if (row.Subjects.Keys.Any(gone.Contains))
                rest[observer] = row with { Subjects = row.Subjects.RemoveRange(gone) };
        }
        return new Reachability(rest.ToImmutable());
    }

    /// <summary>Without what these observers say.</summary>
    public Reachability WithoutObservers(IReadOnlyCollection<UniqueAddress> observers) =>
        observers.Count == 0 ? this : new(Rows.RemoveRange(observers));

    /// <summary>Only the records that pass.</summary>
    public Reachability Filter(Func<UniqueAddress, UniqueAddress, bool> keep) =>
        new(Rows.ToImmutableSortedDictionary(row => row.Key, row => row.Value with
        {
            Subjects = row.Value.Subjects.RemoveRange(row.Value.Subjects.Keys.Where(subject => !keep(row.Key, subject))),
        }));

    public bool SameAs(Reachability that) => ReferenceEquals(this, that) || (Rows.Count == that.Rows.Count
        && Rows.All(row => that.Rows.TryGetValue(row.Key, out var other) && row.Value.SameAs(other)));

    private ImmutableSortedDictionary<UniqueAddress, ReachabilityStatus> WorstOfEach()
    {
        var worst = ImmutableSortedDictionary.CreateBuilder<UniqueAddress, ReachabilityStatus>();
        foreach (var row in Rows.Values)
            foreach (var (subject, status) in row.Subjects)
                if (worst.GetValueOrDefault(subject) < status) worst[subject] = status;
        return worst.ToImmutable();
    }

    /// <summary>What one observer sees.</summary>
    /// <param name="Version">Number of changes so far.</param>
    /// <param name="Subjects">Those it does not reach.</param>
    public sealed record Row(long Version, ImmutableSortedDictionary<UniqueAddress, ReachabilityStatus> Subjects)
    {
        public static readonly Row Empty = new(0, ImmutableSortedDictionary<UniqueAddress, ReachabilityStatus>.Empty);

        public bool SameAs(Row that) => Version == that.Version && Subjects.SequenceEqual(that.Subjects);
    }
}
