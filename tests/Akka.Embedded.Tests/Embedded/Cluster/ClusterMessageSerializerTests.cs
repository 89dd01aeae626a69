using System.Collections.Immutable;
using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Serialization;
using Akka.Util;
using FsCheck;
using FsCheck.Fluent;

namespace Akka.Embedded.Tests.Embedded.Cluster;

public sealed class ClusterMessageSerializerTests
{
    private static readonly ClusterMessageSerializer Serializer = new(null!);
    private static readonly Address Address = new("akka.tcp", "c", "127.0.0.1", 2552);
    private static readonly UniqueAddress One = new(Address, 1);
    private static readonly UniqueAddress Two = new(Address.WithPort(2553), -2);
    private static readonly UniqueAddress Gone = new(Address.WithPort(2554), int.MaxValue);

    private static readonly Gossip State = new(
        [Member.Create(One, 1, MemberStatus.Up, ["broker", "x"], AppVersion.Create("1.2-RC1")),
            Member.Joining(Two, [], AppVersion.Zero)],
        [One],
        Reachability.Empty.With(One, Two, ReachabilityStatus.Unreachable).With(Two, One, ReachabilityStatus.Terminated)
            .With(Two, One, ReachabilityStatus.Terminated),
        VectorClock.Create().Increment(Gossip.ClockOf(One)).Increment(Gossip.ClockOf(Two)),
        ImmutableSortedDictionary<UniqueAddress, long>.Empty.Add(Gone, 1_700_000_000_000));

    private static readonly IClusterMessage[] Messages =
    [
        new Heartbeat(Address, 5, 7), new HeartbeatRsp(One, 5, 7), new GossipStatus(One, State.Version),
        new InitJoin(Address), new InitJoinAck(Address), new InitJoinNack(Address), new ExitingConfirmed(Two),
    ];

    [Fact]
    public void Messages_come_back_as_they_were() => Assert.All(Messages, m => Assert.Equal(m, Copy(m)));

    [Fact]
    public void States_come_back_as_they_were()
    {
        var envelope = (GossipEnvelope)Copy(new GossipEnvelope(One, Two, State));
        Assert.Equal((One, Two), (envelope.From, envelope.To));
        var welcome = (Welcome)Copy(new Welcome(One, State));
        Assert.All([envelope.Gossip, welcome.Gossip], g =>
        {
            Assert.True(g.SameContent(State));
            Assert.True(g.Seen.SetEquals(State.Seen));
            Assert.Equal(State.Members.Select(m => m.ToString()), g.Members.Select(m => m.ToString()));
            Assert.Equal(State.Members.Select(m => m.AppVersion), g.Members.Select(m => m.AppVersion));
        });
        var join = (Join)Copy(new Join(Two, ["a", "b"], AppVersion.Create("3")));
        Assert.True(join.Roles.SetEquals(["a", "b"]));
    }

    [Fact]
    public void Heartbeats_are_as_on_the_official_wire() => Assert.Equal(
        "0a1b0a01631209" + "3132372e302e302e31" + "18f81322" + "08" + "616b6b612e746370" + "1005180e",
        Convert.ToHexStringLower(Serializer.ToBinary(new Heartbeat(Address, 5, 7))));

    [Fact]
    public void Nothing_but_a_serialization_error_comes_of_bad_bytes() => Prop.ForAll(
        (from message in Gen.Elements<IClusterMessage>(
            [.. Messages, new Welcome(One, State), new GossipEnvelope(One, Two, State)])
         from at in Gen.Choose(0, 10_000)
         from value in Gen.Choose(0, 255)
         from cut in Gen.Choose(0, 3)
         select (message, at, value, cut)).ToArbitrary(), c =>
         {
             var bytes = Serializer.ToBinary(c.message);
             bytes[c.at % bytes.Length] = (byte)c.value;
             try
             {
                 Serializer.FromBinary(c.cut == 0 ? bytes[..(c.at % bytes.Length)] : bytes, Serializer.Manifest(c.message));
             }
             catch (SerializationException)
             {
             }
         }).Check(Config.QuickThrowOnFailure.WithMaxTest(5000));

    [Fact]
    public void An_unknown_manifest_is_an_error() =>
        Assert.Throws<SerializationException>(() => Serializer.FromBinary([], "Akka.Cluster.Gossip, Akka.Cluster"));

    private static object Copy(IClusterMessage message) =>
        Serializer.FromBinary(Serializer.ToBinary(message), Serializer.Manifest(message));
}
