using ActorBroker.Core;
using ActorBroker.Journal.Epochs;
using ActorBroker.Journal.Segments;
using ActorBroker.Protocol;

namespace ActorBroker.Replicas;

/// <summary>
/// Asks a replica where records lie, and gets a place in a file, never the bytes. Told to the replica's actor, which calls
/// <see cref="Answered"/> exactly once. Who wants to wait for more then tells <see cref="Park"/>, and at the end
/// <see cref="Unpark"/>.
/// </summary>
internal abstract class ReadRequest
{
    protected ReadRequest()
    {
        Park = new Parking(this);
        Unpark = new Leaving(this);
    }

    public Offset From { get; set; }

    /// <summary>
    /// Bound on the bytes; the first batch is given even if it alone is larger, where <see cref="MinOneBatch"/> says so.
    /// </summary>
    public int MaxBytes { get; set; }

    public bool MinOneBatch { get; set; }

    /// <summary>The leader epoch that the reader knows; none: not checked.</summary>
    public Epoch KnownEpoch { get; set; } = Epoch.None;

    /// <summary>The epoch of the last record that the reader has; none: its log is not compared (KIP-595).</summary>
    public Epoch LastFetchedEpoch { get; set; } = Epoch.None;

    /// <summary>The replica that copies; none: a consumer.</summary>
    public BrokerId Follower { get; set; } = BrokerId.None;

    /// <summary>Registration of the follower's broker; -1: not known.</summary>
    public long FollowerEpoch { get; set; } = -1;

    public Offset FollowerLogStart { get; set; } = Offset.None;

    /// <summary>For the broker itself: also what is not committed yet.</summary>
    public bool ToLogEnd { get; set; }

    /// <summary>Only records of committed transactions are wanted: up to the last stable offset.</summary>
    public bool OnlyCommitted { get; set; }

    /// <summary>A consumer that may also be served by a replica that follows (KIP-392).</summary>
    public bool MayReadFollower { get; set; }

    /// <summary>Where the consumer is; empty: it does not say, and reads from the leader.</summary>
    public string Rack { get; set; } = "";

    /// <summary>The replica has said what it has to say.</summary>
    public bool IsAnswered { get; private set; }

    public ErrorCode Error { get; private set; }

    /// <summary>Where the records lie; whoever takes it disposes it. <c>null</c>: there are none (yet).</summary>
    public LogRange? Range { get; private set; }

    public Offset HighWatermark { get; private set; }

    public Offset LastStable { get; private set; }

    public Offset LogStart { get; private set; }

    /// <summary>Where the reader's log leaves this one: it has to truncate to there.</summary>
    public EpochEnd? Diverging { get; private set; }

    /// <summary>A replica that is nearer to the consumer, and to be read from instead; none: this one will do.</summary>
    public BrokerId Preferred { get; internal set; } = BrokerId.None;

    /// <summary>Records beyond the range can be read already, whatever its size: waiting for more would not enlarge it.</summary>
    public bool EndsEarly { get; private set; }

    /// <summary>What is sent counts against the broker's quota for what others copy.</summary>
    public bool IsThrottled { get; internal set; }

    public int Bytes => Range?.LengthBytes ?? 0;

    /// <summary>Message: report what else can be read, from the answer on.</summary>
    public Parking Park { get; }

    /// <summary>Message: no longer. May be told when it does not wait any more.</summary>
    public Leaving Unpark { get; }

    /// <summary>The replica's own note of who waits.</summary>
    internal Ticket Ticket { get; set; }

    /// <summary>Up to where it could read at the answer.</summary>
    internal Offset SeenUpTo { get; private set; }

    internal void Refuse(ErrorCode error) => Answer(error, Offset.None, Offset.None, Offset.None, Offset.None);

    internal void Answer(ErrorCode error, Offset highWatermark, Offset lastStable, Offset logStart, Offset seenUpTo)
    {
        IsAnswered = true;
        (Error, HighWatermark, LastStable, LogStart, SeenUpTo) = (error, highWatermark, lastStable, logStart, seenUpTo);
        Answered();
    }

    internal void Found(LogRange? range, bool endsEarly, EpochEnd? diverging) =>
        (Range, EndsEarly, Diverging) = (range, endsEarly, diverging);

    /// <summary>Gives the file back.</summary>
    public void Release()
    {
        Range?.Dispose();
        Range = null;
    }

    /// <summary>
    /// The answer is there. Called on a thread of the replica or of the disks: it must neither block nor go on with other work.
    /// </summary>
    protected abstract void Answered();

    /// <summary>
    /// So many bytes more can be read; <see cref="long.MaxValue"/>: read again, something else changed. As
    /// <see cref="Answered"/>.
    /// </summary>
    public abstract void Progress(long bytes);

    internal sealed record Parking(ReadRequest Request);

    internal sealed record Leaving(ReadRequest Request);
}
