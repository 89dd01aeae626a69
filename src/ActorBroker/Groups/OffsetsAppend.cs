using System.Collections.Immutable;
using ActorBroker.Core;
using ActorBroker.Core.Groups;
using ActorBroker.Core.Groups.Records;
using ActorBroker.Protocol.Records;
using ActorBroker.Replicas;
using Akka.Actor;

namespace ActorBroker.Groups;

/// <summary>Records of a group on their way to the log. The group hears of the end: <see cref="GroupInput.Persisted"/>.</summary>
internal sealed class OffsetsAppend : AppendRequest
{
    private readonly long _id;
    private readonly IActorRef _group;

    public OffsetsAppend(GroupEffect.Persist persist, IActorRef group, DateTimeOffset now, TimeSpan timeout)
    {
        (_id, _group) = (persist.Id, group);
        Batch = Encode(persist.Records, now);
        Invariant.Holds(RecordBatchHeader.TryRead(Batch.Span, out var header));
        Header = header;
        Acks = -1;
        Timeout = timeout;
    }

    /// <summary>One batch, so that all of the records are in the log or none.</summary>
    private static byte[] Encode(ImmutableArray<OffsetsRecord> records, DateTimeOffset now)
    {
        using var builder = new RecordBatchBuilder();
        foreach (var record in records)
        {
            var (key, value) = OffsetsRecordCodec.Write(record);
            builder.Append(now.ToUnixTimeMilliseconds(), key, value);
        }
        return builder.Build();
    }

    protected override void Answered() => _group.Tell(new GroupInput.Persisted(_id, Error));
}
