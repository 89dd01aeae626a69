using ActorBroker.Protocol;
using ActorBroker.Protocol.Records;

namespace ActorBroker.Replicas;

/// <summary>
/// One batch for one partition, told to its replica's actor, and in the end the answer. The replica calls
/// <see cref="Answer"/> exactly once; until then the batch's bytes belong to it, and it writes offset and epoch into them.
/// </summary>
/// <remarks>
/// The asker has checked the batch's shape, CRC and the topic's rules; the replica checks epoch, acks and sequence.
/// </remarks>
internal abstract class AppendRequest
{
    /// <summary>The whole batch.</summary>
    public Memory<byte> Batch { get; set; }

    public RecordBatchHeader Header { get; set; }

    /// <summary>0 or 1: answered when written; -1: when all replicas in sync have it.</summary>
    public short Acks { get; set; }

    /// <summary>How long acks=-1 waits.</summary>
    public TimeSpan Timeout { get; set; }

    /// <summary>The broker lets nobody append now; the replica takes note of what it has refused, and says so.</summary>
    public ErrorCode Refusal { get; set; }

    /// <summary>The replica has said what it has to say.</summary>
    public bool IsAnswered { get; private set; }

    public ErrorCode Error { get; private set; }

    /// <summary>What is wrong, for people; <c>null</c> where the code says it all.</summary>
    public string? Message { get; private set; }

    /// <summary>The first record's offset; of the first append where this one is a repetition.</summary>
    public Offset BaseOffset { get; private set; }

    public Offset LogStart { get; private set; }

    /// <summary>The time that all its records got where the topic says LogAppendTime; else -1.</summary>
    public long LogAppendTimeMs { get; internal set; } = -1;

    public void Appended(Offset baseOffset, Offset logStart) => Answer(ErrorCode.None, null, baseOffset, logStart);

    public void Refused(ErrorCode error, string? message = null) => Answer(error, message, Offset.None, Offset.None);

    /// <summary>
    /// The answer is there. Called on the thread of the replica: it must neither block nor go on with other work.
    /// </summary>
    protected abstract void Answered();

    /// <summary>Makes the object ready for another batch.</summary>
    protected void Reset()
    {
        IsAnswered = false;
        Refusal = ErrorCode.None;
        LogAppendTimeMs = -1;
    }

    private void Answer(ErrorCode error, string? message, Offset baseOffset, Offset logStart)
    {
        IsAnswered = true;
        (Error, Message, BaseOffset, LogStart) = (error, message, baseOffset, logStart);
        Answered();
    }
}
