using System.Collections.Immutable;
using ActorBroker.Core.Quorum;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Core.Tests.Quorum;

/// <summary>What proposers and voters say comes out of its bytes as it went in.</summary>
public class QuorumCodecTests
{
    private static readonly ProposerId From = new(new BrokerId(2), long.MinValue + 3);
    private static readonly Epoch Term = new(5);
    private static readonly VoterInfo Voter = new(new BrokerId(1), UInt128.MaxValue - 1, 7, true, new Offset(40));

    private static readonly VoterSet Voters = new(UInt128.MaxValue - 5, ImmutableSortedDictionary<BrokerId, VoterDisk>.Empty
        .Add(new BrokerId(1), new VoterDisk(7, true)).Add(new BrokerId(2), new VoterDisk(8, false)));

    private static readonly ImmutableArray<QuorumEntry> Entries =
    [
        new(new Epoch(3), new byte[] { 1, 2, 3 }), new(Term, ReadOnlyMemory<byte>.Empty, Voters), new(Term, new byte[] { 9 }),
    ];

    private static readonly SnapshotPart Part = new(new Offset(40), new Epoch(3), Voters, 9, 7, new byte[] { 4, 5 });

    public static TheoryData<QuorumRequest> Requests =>
    [
        new QuorumRequest.Prepare(From, Term, 1), new QuorumRequest.Fetch(From, Term, 2, new Offset(9), 3),
        new QuorumRequest.Append(From, Term, 3, 7, new Offset(9), Epoch.None, Entries, new Offset(11)),
        new QuorumRequest.Append(From, Term, 3, 7, new Offset(9), Epoch.Zero, [], new Offset(11)),
        new QuorumRequest.Install(From, Term, 4, Part),
    ];

    public static TheoryData<QuorumAnswer> Answers =>
    [
        new QuorumAnswer.Promised(Voter, Term, 1, new LogTail(new Epoch(4), new Offset(50)), Voters),
        new QuorumAnswer.Promised(Voter, Term, 1, new LogTail(Epoch.None, Offset.Zero), null),
        new QuorumAnswer.Fetched(Voter, Term, 2, Part, new Offset(40), Entries),
        new QuorumAnswer.Fetched(Voter, Term, 2, null, new Offset(40), []),
        new QuorumAnswer.Appended(Voter, Term, 3, new Offset(43)),
        new QuorumAnswer.Diverged(Voter, Term, 4, new Offset(41)),
        new QuorumAnswer.Refused(Voter, Term, 5, new Epoch(8), From),
        new QuorumAnswer.Installing(Voter, Term, 6, new Offset(40), 9),
        new QuorumAnswer.OfOtherJournal(Voter, Term, 7),
    ];

    [Theory, MemberData(nameof(Requests))]
    public void A_request(QuorumRequest request)
    {
        using var wire = new WireWriter();
        QuorumCodec.Write(wire, request);
        var reader = new WireReader(wire.WrittenSpan.ToArray().AsSpan());
        Assert.Equal(Shape.Of(request), Shape.Of(QuorumCodec.ReadRequest(QuorumCodec.KindOf(request), ref reader)));
        Assert.Equal(0, reader.Remaining);
    }

    [Theory, MemberData(nameof(Answers))]
    public void An_answer(QuorumAnswer answer)
    {
        using var wire = new WireWriter();
        QuorumCodec.Write(wire, answer);
        var reader = new WireReader(wire.WrittenSpan.ToArray().AsSpan());
        Assert.Equal(Shape.Of(answer), Shape.Of(QuorumCodec.ReadAnswer(QuorumCodec.KindOf(answer), ref reader)));
        Assert.Equal(0, reader.Remaining);
    }

    [Fact]
    public void A_part_of_a_snapshot_that_does_not_fit_into_it_is_no_request()
    {
        using var wire = new WireWriter();
        QuorumCodec.Write(wire, new QuorumRequest.Install(From, Term, 4, Part with { Length = 8 }));
        var bytes = wire.WrittenSpan.ToArray();
        Assert.Throws<WireException>(() =>
        {
            var reader = new WireReader(bytes.AsSpan());
            return QuorumCodec.ReadRequest("install", ref reader);
        });
    }

    [Fact]
    public void What_a_voter_keeps()
    {
        var meta = new VoterMeta(UInt128.MaxValue - 9, Term, From, IsConfirmed: true);
        using var wire = new WireWriter();
        QuorumCodec.Write(wire, meta);
        var reader = new WireReader(wire.WrittenSpan.ToArray().AsSpan());
        Assert.Equal(meta, QuorumCodec.ReadMeta(ref reader));
    }
}
