using System.Globalization;
using ActorBroker.Core.Groups.Records;
using ActorBroker.Protocol.Kafka;
using ActorBroker.Protocol.Records;

namespace ActorBroker.Server.Commands.Dumping;

/// <summary>Keys and values of <c>__consumer_offsets</c> for people.</summary>
internal static class OffsetsText
{
    private const string Tombstone = "<DELETE>";

    public static (string Key, string? Value) Of(in RecordView record)
    {
        try
        {
            return OffsetsRecordCodec.Read(record.Key, record.Value, record.HasValue) switch
            {
                OffsetsRecord.OffsetCommitted it => (KeyOf(it.Group, it.Partition.ToString()), TextOf(it.Offset)),
                OffsetsRecord.OffsetForgotten it => (KeyOf(it.Group, it.Partition.ToString()), Tombstone),
                OffsetsRecord.GroupStored it => (KeyOf(it.Group), TextOf(it.Metadata)),
                OffsetsRecord.GroupForgotten it => (KeyOf(it.Group), Tombstone),
                _ => ($"unknown::{Convert.ToHexString(record.Key)}", Convert.ToHexString(record.Value)),
            };
        }
        catch (WireException e)
        {
            return ($"undecodable: {e.Message}", null);
        }
    }

    private static string KeyOf(string group, string partition) => $"offset_commit::group={group},partition={partition}";

    private static string KeyOf(string group) => $"group_metadata::group={group}";

    private static string TextOf(CommittedOffset offset) => string.Create(
        CultureInfo.InvariantCulture,
        $"offset={offset.Offset},leaderEpoch={offset.LeaderEpoch},metadata={offset.Metadata},committed={offset.CommittedAt:O}");

    private static string TextOf(GroupMetadata group)
    {
        var members = string.Join(',', group.Members.Select(m => m.MemberId));
        return $"protocolType={group.ProtocolType},generation={group.Generation},protocol={group.Protocol},members=[{members}]";
    }
}
