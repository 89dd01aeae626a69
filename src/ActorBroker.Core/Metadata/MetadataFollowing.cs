using System.Collections.Immutable;
using ActorBroker.Core.Controller;

namespace ActorBroker.Core.Metadata;

/// <summary>One of the messages that make up a <see cref="ClusterSnapshot"/>.</summary>
/// <param name="Version">Of the whole.</param>
public sealed record MetadataSnapshotPart(long Version, int Index, int Count, ImmutableArray<MetadataEvent> Events);

/// <summary>
/// A broker's image of the cluster, as it follows from what the controller sends. Messages may be lost, doubled, or come from a
/// controller that is not one any more: as all of them send only what is durable, an image of one version is the same for all.
/// </summary>
/// <remarks>The image never goes back.</remarks>
public sealed class MetadataFollowing
{
    private ImmutableArray<MetadataEvent>.Builder? _snapshot;
    private long _snapshotVersion;
    private int _parts;

    public MetadataImage Image { get; private set; } = MetadataImage.Empty;

    /// <summary>Takes the part of a delta that is news.</summary>
    /// <returns><c>false</c>: something before it is missing and has to be asked for.</returns>
    public bool TryTake(MetadataDelta delta)
    {
        if (delta.From > Image.Version) return false;
        if (delta.From + delta.Events.Length <= Image.Version) return true; // Late.
        var known = (int)(Image.Version - delta.From);
        Image = Image.Apply(new MetadataDelta(delta.From + known, delta.Events[known..]));
        return true;
    }

    /// <summary>Takes a part of a snapshot; with the last one the image is that of the snapshot, unless it is newer
    /// already.</summary>
    /// <returns><c>false</c>: a part before it is missing; the snapshot has to be asked for again.</returns>
    public bool TryTake(MetadataSnapshotPart part)
    {
        if (part.Index == 0)
            (_snapshot, _snapshotVersion, _parts) = (ImmutableArray.CreateBuilder<MetadataEvent>(), part.Version, 0);
        if (_snapshot is null || part.Version != _snapshotVersion || part.Index != _parts)
        {
            _snapshot = null;
            return part.Version <= Image.Version;
        }
        _snapshot.AddRange(part.Events);
        if (++_parts < part.Count) return true;
        if (part.Version > Image.Version) Image = new ClusterSnapshot(part.Version, _snapshot.ToImmutable()).Restore().Image;
        _snapshot = null;
        return true;
    }
}
