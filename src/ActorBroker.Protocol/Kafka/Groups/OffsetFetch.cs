namespace ActorBroker.Protocol.Kafka;

/// <summary>
/// OffsetFetch: key 9, versions 1-9. v2 can ask for all topics, v6 is flexible, v7 can wait for stable offsets (KIP-447), v8
/// asks for many groups (KIP-709), v9 adds the member. Not yet: v10, which names topics by id.
/// </summary>
/// <param name="Groups">Exactly one up to v7.</param>
public sealed record OffsetFetchRequest(OffsetFetchRequest.Group[] Groups, bool RequireStable = false)
    : IRequest<OffsetFetchRequest, OffsetFetchResponse>
{
    public static ApiKey Key => ApiKey.OffsetFetch;

    public static OffsetFetchRequest Read(ref WireReader wire, short version)
    {
        var flexible = version >= 6;
        var request = new OffsetFetchRequest(
            Groups: version >= 8 ? wire.Array<Group>(flexible, version) : [Group.ReadFields(ref wire, version)],
            RequireStable: version >= 7 && wire.Boolean());
        if (flexible) wire.SkipTags();
        return request;
    }

    public void Write(WireWriter wire, short version)
    {
        var flexible = version >= 6;
        if (version >= 8) wire.Array(Groups, flexible, version);
        else Groups.Single().WriteFields(wire, version);
        if (version >= 7) wire.Boolean(RequireStable);
        if (flexible) wire.NoTags();
    }

    /// <param name="Topics">Null (from v2 on): all topics with an offset.</param>
    public readonly record struct Group(string GroupId, Topic[]? Topics, string? MemberId = null, int MemberEpoch = -1)
        : IWireValue<Group>
    {
        public static Group Read(ref WireReader wire, short version)
        {
            var group = ReadFields(ref wire, version);
            wire.SkipTags();
            return group;
        }

        public void Write(WireWriter wire, short version)
        {
            WriteFields(wire, version);
            wire.NoTags();
        }

        internal static Group ReadFields(ref WireReader wire, short version)
        {
            var flexible = version >= 6;
            var id = wire.String(flexible);
            var member = version >= 9 ? wire.NullableString(flexible) : null;
            var epoch = version >= 9 ? wire.Int32() : -1;
            var topics = version >= 2 ? wire.NullableArray<Topic>(flexible, version) : wire.Array<Topic>(flexible, version);
            return new Group(id, topics, member, epoch);
        }

        internal void WriteFields(WireWriter wire, short version)
        {
            var flexible = version >= 6;
            wire.String(GroupId, flexible);
            if (version >= 9) wire.NullableString(MemberId, flexible);
            if (version >= 9) wire.Int32(MemberEpoch);
            if (version < 2 && Topics is null)
                throw new ArgumentException("OffsetFetch before version 2 cannot ask for all topics.");
            wire.NullableArray(Topics, flexible, version);
        }
    }

    public readonly record struct Topic(string Name, int[] PartitionIndexes) : IWireValue<Topic>
    {
        public static Topic Read(ref WireReader wire, short version)
        {
            var flexible = version >= 6;
            var topic = new Topic(wire.String(flexible), wire.Int32Array(flexible));
            if (flexible) wire.SkipTags();
            return topic;
        }

        public void Write(WireWriter wire, short version)
        {
            var flexible = version >= 6;
            wire.String(Name, flexible);
            wire.Int32Array(PartitionIndexes, flexible);
            if (flexible) wire.NoTags();
        }
    }
}

/// <summary>
/// OffsetFetch: key 9, versions 1-9. v2 adds the group's error, v3 the throttle time, v5 leader epochs, v6 is flexible, v8
/// answers many groups.
/// </summary>
/// <param name="Groups">Exactly one up to v7, and then its id is not on the wire; in v1 neither is its error.</param>
public sealed record OffsetFetchResponse(OffsetFetchResponse.Group[] Groups, int ThrottleTimeMs = 0)
    : IWireValue<OffsetFetchResponse>
{
    public static OffsetFetchResponse Read(ref WireReader wire, short version)
    {
        var flexible = version >= 6;
        var throttle = version >= 3 ? wire.Int32() : 0;
        var response = new OffsetFetchResponse(
            version >= 8 ? wire.Array<Group>(flexible, version) : [Group.ReadSingle(ref wire, version)],
            throttle);
        if (flexible) wire.SkipTags();
        return response;
    }

    public void Write(WireWriter wire, short version)
    {
        var flexible = version >= 6;
        if (version >= 3) wire.Int32(ThrottleTimeMs);
        if (version >= 8) wire.Array(Groups, flexible, version);
        else Groups.Single().WriteSingle(wire, version);
        if (flexible) wire.NoTags();
    }

    public readonly record struct Group(string GroupId, Topic[] Topics, ErrorCode ErrorCode = ErrorCode.None) : IWireValue<Group>
    {
        public static Group Read(ref WireReader wire, short version)
        {
            var group = new Group(wire.String(flexible: true), wire.Array<Topic>(flexible: true, version), wire.ErrorCode());
            wire.SkipTags();
            return group;
        }

        public void Write(WireWriter wire, short version)
        {
            wire.String(GroupId, flexible: true);
            wire.Array(Topics, flexible: true, version);
            wire.ErrorCode(ErrorCode);
            wire.NoTags();
        }

        internal static Group ReadSingle(ref WireReader wire, short version) => new(
            GroupId: "",
            Topics: wire.Array<Topic>(flexible: version >= 6, version),
            ErrorCode: version >= 2 ? wire.ErrorCode() : ErrorCode.None);

        internal void WriteSingle(WireWriter wire, short version)
        {
            wire.Array(Topics, flexible: version >= 6, version);
            if (version >= 2) wire.ErrorCode(ErrorCode);
        }
    }

    public readonly record struct Topic(string Name, Partition[] Partitions) : IWireValue<Topic>
    {
        public static Topic Read(ref WireReader wire, short version)
        {
            var flexible = version >= 6;
            var topic = new Topic(wire.String(flexible), wire.Array<Partition>(flexible, version));
            if (flexible) wire.SkipTags();
            return topic;
        }

        public void Write(WireWriter wire, short version)
        {
            var flexible = version >= 6;
            wire.String(Name, flexible);
            wire.Array(Partitions, flexible, version);
            if (flexible) wire.NoTags();
        }
    }

    /// <param name="CommittedOffset">None where nothing was committed; that is no error.</param>
    public readonly record struct Partition(
        int Index, Offset CommittedOffset, Epoch CommittedLeaderEpoch, string? Metadata, ErrorCode ErrorCode)
        : IWireValue<Partition>
    {
        /// <summary>The answer where nothing was committed, or can't be told because of <paramref name="error"/>.</summary>
        public static Partition None(int index, ErrorCode error = ErrorCode.None) =>
            new(index, Offset.None, Epoch.None, "", error);

        public static Partition Read(ref WireReader wire, short version)
        {
            var flexible = version >= 6;
            var partition = new Partition(
                Index: wire.Int32(),
                CommittedOffset: wire.Offset(),
                CommittedLeaderEpoch: version >= 5 ? wire.Epoch() : Epoch.None,
                Metadata: wire.NullableString(flexible),
                ErrorCode: wire.ErrorCode());
            if (flexible) wire.SkipTags();
            return partition;
        }

        public void Write(WireWriter wire, short version)
        {
            var flexible = version >= 6;
            wire.Int32(Index);
            wire.Offset(CommittedOffset);
            if (version >= 5) wire.Epoch(CommittedLeaderEpoch);
            wire.NullableString(Metadata, flexible);
            wire.ErrorCode(ErrorCode);
            if (flexible) wire.NoTags();
        }
    }
}
