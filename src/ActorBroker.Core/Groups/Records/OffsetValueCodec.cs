using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Core.Groups.Records;

/// <summary>Value of a committed offset, versions 0-4. v1 alone has an expiry time, v3 adds the epoch, v4 is flexible.</summary>
internal static class OffsetValueCodec
{
    public static CommittedOffset Read(ref WireReader wire)
    {
        var version = wire.Int16();
        if (version is < 0 or > 4) throw new WireException($"Unknown version {version} of a committed offset.");
        var flexible = version >= 4;
        var offset = wire.Offset();
        var epoch = version >= 3 ? wire.Epoch() : Epoch.None;
        var metadata = wire.String(flexible);
        var committedAt = WireTime.Read(wire.Int64()) ?? DateTimeOffset.UnixEpoch;
        var expiresAt = version == 1 ? WireTime.Read(wire.Int64()) : null;
        if (flexible) wire.SkipTags();
        return new(offset, epoch, metadata, committedAt, expiresAt);
    }

    /// <summary>Version 3; version 1, without the epoch, for one that has an expiry time of its own.</summary>
    public static void Write(WireWriter wire, CommittedOffset offset)
    {
        var version = (short)(offset.ExpiresAt is null ? 3 : 1);
        wire.Int16(version);
        wire.Offset(offset.Offset);
        if (version >= 3) wire.Epoch(offset.LeaderEpoch);
        wire.String(offset.Metadata, flexible: false);
        wire.Int64(offset.CommittedAt.ToUnixTimeMilliseconds());
        if (version == 1) wire.Int64(WireTime.Write(offset.ExpiresAt));
    }
}

/// <summary>Milliseconds since 1970; -1 is null.</summary>
internal static class WireTime
{
    public static DateTimeOffset? Read(long ms) => ms switch
    {
        -1 => null,
        >= 0 and <= 253_402_300_799_999 => DateTimeOffset.FromUnixTimeMilliseconds(ms), // To the year 9999.
        _ => throw new WireException($"{ms} is no time."),
    };

    public static long Write(DateTimeOffset? time) => time?.ToUnixTimeMilliseconds() ?? -1;
}
