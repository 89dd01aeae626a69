using ActorBroker.Core.Controller.Codecs;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Core.Quorum;

/// <summary>
/// Bytes of what proposers and voters tell each other. Each kind has a name that goes beside the bytes, and a version, which is
/// their first field; everything is in the compact encoding.
/// </summary>
public static partial class QuorumCodec
{
    private const short Version = 0;

    public static string KindOf(QuorumRequest request) => request switch
    {
        QuorumRequest.Prepare => "prepare",
        QuorumRequest.Fetch => "fetch",
        QuorumRequest.Append => "append",
        QuorumRequest.Install => "install",
        _ => throw new ArgumentOutOfRangeException(nameof(request), request, "A request without a name."),
    };

    public static string KindOf(QuorumAnswer answer) => answer switch
    {
        QuorumAnswer.Promised => "promised",
        QuorumAnswer.Fetched => "fetched",
        QuorumAnswer.Appended => "appended",
        QuorumAnswer.Installing => "installing",
        QuorumAnswer.Diverged => "diverged",
        QuorumAnswer.Refused => "refused",
        QuorumAnswer.OfOtherJournal => "other-journal",
        _ => throw new ArgumentOutOfRangeException(nameof(answer), answer, "An answer without a name."),
    };

    public static void Write(WireWriter wire, QuorumRequest request)
    {
        wire.Int16(Version);
        Write(wire, request.From);
        wire.Epoch(request.Epoch);
        wire.Int64(request.Number);
        switch (request)
        {
            case QuorumRequest.Prepare: break;
            case QuorumRequest.Fetch r:
                wire.Offset(r.Start);
                wire.Int32(r.SnapshotPosition);
                break;
            case QuorumRequest.Append r:
                wire.UInt128(r.Journal);
                wire.Offset(r.Start);
                wire.Epoch(r.EpochBefore);
                wire.Items(r.Entries, Write);
                wire.Offset(r.Committed);
                break;
            case QuorumRequest.Install r: Write(wire, r.Part); break;
            default: throw new ArgumentOutOfRangeException(nameof(request), request, "A request without an encoding.");
        }
        wire.NoTags();
    }

    /// <exception cref="WireException">The bytes are not such a request, or one of a version that this broker does not
    /// know.</exception>
    public static QuorumRequest ReadRequest(string kind, ref WireReader wire)
    {
        CheckVersion(kind, ref wire);
        var (from, epoch, number) = (ReadProposer(ref wire), wire.Epoch(), wire.Int64());
        QuorumRequest request = kind switch
        {
            "prepare" => new QuorumRequest.Prepare(from, epoch, number),
            "fetch" => new QuorumRequest.Fetch(from, epoch, number, wire.Offset(), wire.Int32()),
            "append" => new QuorumRequest.Append(
                from, epoch, number, wire.UInt128(), wire.Offset(), wire.Epoch(), wire.Items(ReadEntry), wire.Offset()),
            "install" => new QuorumRequest.Install(from, epoch, number, ReadPart(ref wire)),
            _ => throw new WireException($"The request {kind} is newer than this voter."),
        };
        wire.SkipTags();
        return request;
    }

    public static void Write(WireWriter wire, QuorumAnswer answer)
    {
        wire.Int16(Version);
        wire.BrokerId(answer.Voter.Id);
        wire.UInt128(answer.Voter.Disk);
        wire.UInt128(answer.Voter.Journal);
        wire.Boolean(answer.Voter.IsConfirmed);
        wire.Offset(answer.Voter.SnapshotEnd);
        wire.Epoch(answer.Epoch);
        wire.Int64(answer.Number);
        switch (answer)
        {
            case QuorumAnswer.Promised a:
                wire.Epoch(a.Tail.LastEpoch);
                wire.Offset(a.Tail.End);
                WriteOptional(wire, a.Voters);
                break;
            case QuorumAnswer.Fetched a:
                wire.Boolean(a.Part is not null);
                if (a.Part is not null) Write(wire, a.Part);
                wire.Offset(a.Start);
                wire.Items(a.Entries, Write);
                break;
            case QuorumAnswer.Appended a: wire.Offset(a.End); break;
            case QuorumAnswer.Installing a:
                wire.Offset(a.End);
                wire.Int32(a.Position);
                break;
            case QuorumAnswer.Diverged a: wire.Offset(a.TryFrom); break;
            case QuorumAnswer.Refused a:
                wire.Epoch(a.Promise);
                Write(wire, a.PromisedTo);
                break;
            case QuorumAnswer.OfOtherJournal: break;
            default: throw new ArgumentOutOfRangeException(nameof(answer), answer, "An answer without an encoding.");
        }
        wire.NoTags();
    }

    /// <inheritdoc cref="ReadRequest"/>
    public static QuorumAnswer ReadAnswer(string kind, ref WireReader wire)
    {
        CheckVersion(kind, ref wire);
        var voter = new VoterInfo(wire.BrokerId(), wire.UInt128(), wire.UInt128(), wire.Boolean(), wire.Offset());
        var (epoch, number) = (wire.Epoch(), wire.Int64());
        QuorumAnswer answer = kind switch
        {
            "promised" => new QuorumAnswer.Promised(
                voter, epoch, number, new LogTail(wire.Epoch(), wire.Offset()), ReadOptionalVoters(ref wire)),
            "fetched" => new QuorumAnswer.Fetched(
                voter, epoch, number, wire.Boolean() ? ReadPart(ref wire) : null, wire.Offset(), wire.Items(ReadEntry)),
            "appended" => new QuorumAnswer.Appended(voter, epoch, number, wire.Offset()),
            "installing" => new QuorumAnswer.Installing(voter, epoch, number, wire.Offset(), wire.Int32()),
            "diverged" => new QuorumAnswer.Diverged(voter, epoch, number, wire.Offset()),
            "refused" => new QuorumAnswer.Refused(voter, epoch, number, wire.Epoch(), ReadProposer(ref wire)),
            "other-journal" => new QuorumAnswer.OfOtherJournal(voter, epoch, number),
            _ => throw new WireException($"The answer {kind} is newer than this proposer."),
        };
        wire.SkipTags();
        return answer;
    }

    private static void CheckVersion(string kind, ref WireReader wire)
    {
        if (wire.Int16() is not Version and var version)
            throw new WireException($"Version {version} of {kind} is newer than this broker.");
    }
}
