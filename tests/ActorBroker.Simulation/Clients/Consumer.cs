using System.Globalization;
using System.Text;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;
using ActorBroker.Protocol.Records;

namespace ActorBroker.Simulation.Clients;

/// <summary>Reads one partition for a group, from its start or a committed offset on; with a rack, from whatever replica the leader
/// names (KIP-392), until that one can't serve it.</summary>
internal sealed class Consumer(
    ClusterClient cluster, Recorder recorder, string group, TopicPartition partition, Offset from = default,
    Epoch? fromEpoch = null, string? rack = null)
{
    private const short FetchVersion = 12;
    private const int MaxWaitMs = 500;
    private const int MaxBytes = 4096;

    private Link? _link;
    private BrokerId _linked = BrokerId.None;

    private BrokerId _preferred = BrokerId.None;
    private bool _isStopped;

    /// <summary>The next record that it wants.</summary>
    public Offset Position { get; private set; } = from;

    /// <summary>In which the record before it was written: who reads on there asks no leader of an earlier one (KIP-320). None:
    /// not known.</summary>
    public Epoch PositionEpoch { get; private set; } = fromEpoch ?? Epoch.None;

    /// <summary>It takes nothing any more, also not what is under way.</summary>
    public void Stop()
    {
        _isStopped = true;
        _link?.Dispose();
    }

    public async Task RunAsync()
    {
        while (!_isStopped)
        {
            try
            {
                if (await TryReadAsync()) continue;
            }
            catch (IOException)
            {
                // As for any other reason.
            }
            _preferred = BrokerId.None;
            if (_link is not null && cluster.Node.Random.Next(2) == 0)
            {
                _link.Dispose();
                _link = null;
            }
            await cluster.RefreshAsync(partition.Topic);
        }
    }

    private async Task<bool> TryReadAsync()
    {
        if (!cluster.TryLeader(partition, out var leader, out var epoch)) return false;
        var replica = _preferred.IsNone ? leader : _preferred;
        if (_link is null or { IsClosed: true } || replica != _linked)
        {
            _link?.Dispose();
            (_link, _linked) = (null, replica);
            _link = await cluster.ConnectAsync(replica);
            if (_isStopped) _link.Dispose();
        }
        var answer = await _link.AskAsync(
            new FetchRequest
            {
                MaxWaitMs = MaxWaitMs,
                MinBytes = 1,
                MaxBytes = MaxBytes,
                RackId = rack ?? "",
                Topics =
                [
                    new(partition.Topic, default,
                    [
                        new()
                        {
                            Index = partition.Partition, FetchOffset = Position, CurrentLeaderEpoch = epoch, PartitionMaxBytes = MaxBytes,
                        },
                    ]),
                ],
            },
            FetchVersion,
            TimeSpan.FromMilliseconds(MaxWaitMs) + ClusterClient.Timeout);
        if (_isStopped || answer.ErrorCode != ErrorCode.None) return false;
        var (head, records) = answer.Responses[0].Partitions[0];
        if (head.ErrorCode == ErrorCode.None)
        {
            Take(records, head.HighWatermark);
            Prefer(head.PreferredReadReplica);
            return true;
        }
        if (!_preferred.IsNone) return false; // A follower may be behind, or none any more: the leader knows.
        if (head.ErrorCode == ErrorCode.OffsetOutOfRange && IsDeleted(head))
        {
            // Others of the group have consumed it: this one is behind and does not know yet that it has lost the partition.
            (Position, PositionEpoch) = (head.LogStartOffset, epoch);
            return true;
        }
        if (head.ErrorCode == ErrorCode.OffsetOutOfRange)
            recorder.Violations.Add(string.Create(CultureInfo.InvariantCulture,
                $"a consumer of {partition} read up to {Position}, and broker {leader} (epoch {epoch}) says that this is out of range"));
        return false;
    }

    private bool IsDeleted(in FetchResponse.PartitionHead head) =>
        Position < head.LogStartOffset && head.LogStartOffset <= recorder.DeletedBefore(partition);

    /// <summary>Now and then the leader is asked again, as another follower may be nearer by then.</summary>
    private void Prefer(BrokerId replica)
    {
        if (!replica.IsNone) cluster.Say($"reads {partition} from broker {replica} from offset {Position} on");
        if (!replica.IsNone) _preferred = replica;
        else if (!_preferred.IsNone && cluster.Node.Random.Next(40) == 0) _preferred = BrokerId.None;
    }

    private void Take(ReadOnlyMemory<byte> batches, Offset highWatermark)
    {
        foreach (var slice in new RecordBatches(batches.Span))
        {
            using var batch = RecordBatchReader.Open(slice.Bytes, maxDecompressedBytes: 1 << 20);
            foreach (var record in batch)
            {
                if (record.Offset < Position) continue; // A batch is sent whole.
                if (record.Offset >= highWatermark)
                    recorder.Violations.Add(
                        $"broker {_linked} gave offset {record.Offset} of {partition} out, with its high watermark at {highWatermark}");
                if (!_preferred.IsNone) recorder.FollowerReads++;
                recorder.Consumed(group, partition, record.Offset, Encoding.UTF8.GetString(record.Value));
                (Position, PositionEpoch) = (record.Offset + 1, slice.Header.LeaderEpoch);
            }
        }
    }
}
