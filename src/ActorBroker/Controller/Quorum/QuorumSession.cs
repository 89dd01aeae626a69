using System.Buffers.Binary;
using ActorBroker.Core.Quorum;
using ActorBroker.Threads;
using Akka.Actor;

namespace ActorBroker.Controller.Quorum;

/// <summary>
/// One life of a proposer, as the journal and the snapshot store see it: what it found when it was elected, and what may be
/// appended since. Safe for several threads.
/// </summary>
/// <remarks>An entry's bytes start with the sequence number of the last event in it, a snapshot's with that of the last event
/// that it stands for: so the proposer can tell what a snapshot replaces without knowing more.</remarks>
internal sealed class QuorumSession(IActorRef proposer, int largestEntryBytes, WorkPool? pool = null)
{
    private const int HeaderBytes = sizeof(long);

    private readonly Promise<ProposerEffect.Won> _won = new(pool);

    /// <summary>Ends with the proposer, with what whoever still waits for it is told: nothing that is sent to a proposer that has
    /// stopped gets an answer.</summary>
    private readonly Promise<bool> _ended = new(pool);

    /// <summary>Append an entry, whose first event has this sequence number.</summary>
    public sealed record Append(long FirstSequenceNr, ReadOnlyMemory<byte> Entry, Promise<bool> Done);

    /// <summary>Keep a snapshot instead of the events up to a sequence number.</summary>
    public sealed record Compact(long SequenceNr, ReadOnlyMemory<byte> State, Promise<bool> Done);

    /// <summary>Ends when the proposer is elected, with all that is committed.</summary>
    public Task<ProposerEffect.Won> Won => _won.Task;

    public static long SequenceNrOf(ReadOnlyMemory<byte> bytes) => BinaryPrimitives.ReadInt64BigEndian(bytes.Span);

    /// <summary>Sequence number of the last event that the proposer found; 0: there is none.</summary>
    public static long LastSequenceNrOf(ProposerEffect.Won won) =>
        won.Entries.LastOrDefault(e => e.IsEvent) is { } last ? SequenceNrOf(last.Event)
        : won.Snapshot is { State.IsEmpty: false } snapshot ? SequenceNrOf(snapshot.State)
        : 0;

    public static ReadOnlyMemory<byte> ContentOf(ReadOnlyMemory<byte> bytes) => bytes[HeaderBytes..];

    /// <summary>Ends when the entry is committed.</summary>
    /// <exception cref="QuorumLostException">Another proposer has taken over, or may have: whether the entry is in the journal is
    /// unknown.</exception>
    /// <exception cref="ArgumentException">It is too large for any message to a voter.</exception>
    public Task AppendAsync(long firstSequenceNr, long lastSequenceNr, ReadOnlySpan<byte> content)
    {
        if (content.Length > largestEntryBytes - HeaderBytes)
            throw new ArgumentException(
                $"{content.Length} bytes of events {firstSequenceNr} to {lastSequenceNr} don't fit into a message to the voters. "
                + "Ask for less at once, or raise akka.remote.dot-netty.tcp.maximum-frame-size on all brokers.", nameof(content));
        var done = NewDone();
        return Ask(new Append(firstSequenceNr, WithHeader(lastSequenceNr, content), done), done);
    }

    /// <summary>Ends when the proposer has taken the snapshot; voters get it in time.</summary>
    /// <inheritdoc cref="AppendAsync"/>
    public Task CompactAsync(long sequenceNr, ReadOnlySpan<byte> content)
    {
        var done = NewDone();
        return Ask(new Compact(sequenceNr, WithHeader(sequenceNr, content), done), done);
    }

    internal void Win(ProposerEffect.Won won) => _won.Set(won);

    internal void End(Exception cause)
    {
        _won.Fail(cause);
        _ended.Fail(cause);
        _ = _ended.Task.Exception; // Perhaps nobody waits.
    }

    private async Task Ask(object request, Promise<bool> done)
    {
        proposer.Tell(request, ActorRefs.NoSender);
        await (await Task.WhenAny(done.Task, _ended.Task).ConfigureAwait(false)).ConfigureAwait(false);
    }

    private Promise<bool> NewDone() => new(pool);

    private static byte[] WithHeader(long sequenceNr, ReadOnlySpan<byte> content)
    {
        var bytes = new byte[HeaderBytes + content.Length];
        BinaryPrimitives.WriteInt64BigEndian(bytes, sequenceNr);
        content.CopyTo(bytes.AsSpan(HeaderBytes));
        return bytes;
    }
}

/// <summary>This process does not write the controller's journal any more.</summary>
internal sealed class QuorumLostException(string message) : Exception(message);
