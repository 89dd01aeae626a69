using ActorBroker.Journal;
using ActorBroker.Journal.Files;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Records;
using ActorBroker.Replicas;
using Akka.Actor;
using Microsoft.Extensions.Logging.Abstractions;

namespace ActorBroker.ProtocolTests.Groups;

/// <summary>A replica's actor in short: appends to a real log in memory and says where records lie. Its answers to appends can
/// be held back, or be refusals.</summary>
internal sealed class FakeReplica : ReceiveActor
{
    private readonly PartitionLog _log;
    private readonly List<AppendRequest> _held = [];
    private bool _holds;
    private ErrorCode _refusal;
    private int _uncommitted;
    private int _reads;

    /// <summary>From now on appends are written but not answered.</summary>
    public sealed record Hold;

    /// <summary>Answers what was held back.</summary>
    public sealed record Release;

    /// <summary>From now on appends are refused.</summary>
    public sealed record Refuse(ErrorCode Error);

    /// <summary>So many of the last records are not committed, as far as is known.</summary>
    public sealed record Uncommitted(int Records);

    /// <summary>Answered with how often it was read.</summary>
    public sealed record CountReads;

    public FakeReplica(PartitionLog log)
    {
        _log = log;
        Receive<AppendRequest>(append =>
        {
            if (_refusal is not ErrorCode.None)
            {
                append.Refused(_refusal);
                return;
            }
            _log.Append(append.Batch, append.Header, Epoch.Zero, nowMs: 0);
            if (_holds) _held.Add(append);
            else append.Appended(Offset.Zero, Offset.Zero);
        });
        Receive<ReadRequest>(Read);
        Receive<Hold>(_ => _holds = true);
        Receive<Release>(_ =>
        {
            _holds = false;
            foreach (var append in _held) append.Appended(Offset.Zero, Offset.Zero);
            _held.Clear();
        });
        Receive<CountReads>(_ => Sender.Tell(_reads));
        Receive<Uncommitted>(uncommitted => _uncommitted = uncommitted.Records);
        Receive<Refuse>(refuse => _refusal = refuse.Error);
    }

    public static PartitionLog NewLog(TopicPartition partition)
    {
        var files = new InMemoryFileSystem(TimeProvider.System);
        files.CreateDirectory("/data");
        var place = new LogPlace(files, $"/data/{partition}", partition, new TopicId(7));
        return PartitionLog.Open(place, LogConfig.Default, LogStart.Unknown, nowMs: 0, NullLogger.Instance);
    }

    private void Read(ReadRequest read)
    {
        _reads++;
        var end = _log.LogEndOffset;
        var found = _log.TryRead(read.From, end, read.MaxBytes, read.MinOneBatch, out var range);
        read.Found(found && !range.IsEmpty ? range : null, endsEarly: false, null);
        var committed = new Offset(end.Value - _uncommitted);
        read.Answer(ErrorCode.None, committed, committed, _log.LogStartOffset, end);
    }
}
