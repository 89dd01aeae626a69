using System.Globalization;
using System.Text;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;
using ActorBroker.Protocol.Records;

namespace ActorBroker.Simulation.Clients;

/// <summary>Reads one partition for a group, from its start or a committed offset on.</summary>
internal sealed class Consumer(
    ClusterClient cluster, Recorder recorder, string group, TopicPartition partition, Offset from = default)
{
    private const short FetchVersion = 12;
    private const int MaxWaitMs = 500;
    private const int MaxBytes = 4096;

    private Link? _link;
    private BrokerId _linked = BrokerId.None;

    private bool _isStopped;

    /// <summary>The next record that it wants.</summary>
    public Offset Position { get; private set; } = from;

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
        if (_link is null or { IsClosed: true } || leader != _linked)
        {
            _link?.Dispose();
            (_link, _linked) = (null, leader);
            _link = await cluster.ConnectAsync(leader);
            if (_isStopped) _link.Dispose();
        }
        var answer = await _link.AskAsync(
            new FetchRequest
            {
                MaxWaitMs = MaxWaitMs,
                MinBytes = 1,
                MaxBytes = MaxBytes,
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
            Take(records);
            return true;
        }
        if (head.ErrorCode == ErrorCode.OffsetOutOfRange && IsDeleted(head))
        {
            // Others of the group have consumed it: this one is behind and does not know yet that it has lost the partition.
            Position = head.LogStartOffset;
            return true;
        }
        if (head.ErrorCode == ErrorCode.OffsetOutOfRange)
            recorder.Violations.Add(string.Create(CultureInfo.InvariantCulture,
                $"a consumer of {partition} read up to {Position}, and broker {leader} (epoch {epoch}) says that this is out of range"));
        return false;
    }

    private bool IsDeleted(in FetchResponse.PartitionHead head) =>
        Position < head.LogStartOffset && head.LogStartOffset <= recorder.DeletedBefore(partition);

    private void Take(ReadOnlyMemory<byte> batches)
    {
        foreach (var slice in new RecordBatches(batches.Span))
        {
            using var batch = RecordBatchReader.Open(slice.Bytes, maxDecompressedBytes: 1 << 20);
            foreach (var record in batch)
            {
                if (record.Offset < Position) continue; // A batch is sent whole.
                recorder.Consumed(group, partition, record.Offset, Encoding.UTF8.GetString(record.Value));
                Position = record.Offset + 1;
            }
        }
    }
}
