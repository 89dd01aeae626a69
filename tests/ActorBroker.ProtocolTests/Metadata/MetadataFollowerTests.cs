using ActorBroker.Controller;
using ActorBroker.Core.Metadata;
using ActorBroker.Metadata;
using ActorBroker.Protocol;
using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Microsoft.Extensions.Logging.Abstractions;
using static ActorBroker.Controller.ControllerMessages;

namespace ActorBroker.ProtocolTests.Metadata;

/// <summary>How a broker keeps up with a controller whose messages may be lost.</summary>
public class MetadataFollowerTests : TestKit
{
    private static readonly BrokerId Broker = new(3);

    private readonly TestProbe _controller;
    private readonly TestProbe _metadata;
    private readonly List<MetadataImage> _found = [];

    public MetadataFollowerTests() : base("akka.test.single-expect-default = 30s") =>
        (_controller, _metadata) = (CreateTestProbe(), CreateTestProbe());

    [Fact]
    public void It_follows_from_the_start_and_passes_each_image_on()
    {
        var follower = Start(TimeSpan.FromMinutes(5));
        Assert.Equal(new Follow(Broker, 7, 0, 0, HasGap: false), _controller.ExpectMsg<Follow>());
        follower.Tell(new Current(0), _controller);
        Assert.Equal(0, _metadata.ExpectMsg<MetadataActor.Newest>().Image.Version);
        Assert.Single(_found);
        follower.Tell(Delta(0, Topic(1), Topic(2)), _controller);
        Assert.Equal(2, _metadata.ExpectMsg<MetadataActor.Newest>().Image.Version);
        follower.Tell(Delta(1, Topic(2), Topic(3)), _controller);
        Assert.Equal(3, _metadata.ExpectMsg<MetadataActor.Newest>().Image.Version);
        follower.Tell(Delta(0, Topic(1)), _controller); // Late.
        _metadata.ExpectNoMsg(TimeSpan.FromMilliseconds(50));
        Assert.Single(_found);
    }

    [Fact]
    public void A_gap_is_noticed_and_asked_for_once()
    {
        var follower = Start(TimeSpan.FromMinutes(5));
        _controller.ExpectMsg<Follow>();
        follower.Tell(Delta(1, Topic(2)), _controller);
        follower.Tell(Delta(2, Topic(3)), _controller);
        Assert.Equal(new Follow(Broker, 7, 0, 0, HasGap: true), _controller.ExpectMsg<Follow>());
        _controller.ExpectNoMsg(TimeSpan.FromMilliseconds(50));
        follower.Tell(Delta(0, Topic(1), Topic(2), Topic(3)), _controller);
        Assert.Equal(3, _metadata.ExpectMsg<MetadataActor.Newest>().Image.Version);
    }

    [Fact]
    public void It_gives_signs_of_life_with_what_it_has()
    {
        var follower = Start(TimeSpan.FromMilliseconds(20));
        follower.Tell(Delta(0, Topic(1)), _controller);
        _controller.FishForMessage<Follow>(follow => follow.Held == 1);
        follower.Tell(MetadataImage.Empty.Apply(Topic(1)));
        _controller.FishForMessage<Follow>(follow => follow.CarriedOut == 1);
    }

    [Fact]
    public void What_a_fenced_broker_has_carried_out_is_said_at_once()
    {
        var follower = Start(TimeSpan.FromMinutes(5));
        _controller.ExpectMsg<Follow>();
        follower.Tell(MetadataImage.Empty.Apply(Registered(incarnation: 7, fenced: true)));
        Assert.Equal(1, _controller.ExpectMsg<Follow>().CarriedOut);
    }

    [Fact]
    public void A_broker_whose_id_another_process_has_taken_hears_of_it()
    {
        var follower = Start(TimeSpan.FromMinutes(5));
        follower.Tell(Delta(0, Registered(incarnation: 6), Registered(incarnation: 7)), _controller);
        ExpectNoMsg(TimeSpan.FromMilliseconds(50));
        follower.Tell(Delta(2, Registered(incarnation: 8)), _controller);
        ExpectMsg("replaced");
    }

    [Fact]
    public void A_broker_that_stood_still_does_not_serve_until_the_controller_answers_what_was_asked_since()
    {
        var clock = new TestClock();
        var lease = new ServingLease(Broker, TimeSpan.FromSeconds(3), clock);
        var other = CreateTestProbe();
        var follower = Start(TimeSpan.FromMilliseconds(20), lease, other);
        var first = _controller.ExpectMsg<Follow>();
        var image = MetadataImage.Empty.Apply(Registered(incarnation: 7)).Apply(Other());
        follower.Tell(image);
        follower.Tell(new Current(2) { AskedAt = first.AskedAt }, Remote());
        AwaitAssert(() => Assert.True(lease.IsHeld));

        clock.Now += TimeSpan.FromSeconds(15);
        Assert.False(lease.IsHeld); // At once, whoever looks.
        follower.Tell(new Current(2) { AskedAt = first.AskedAt }, Remote()); // It had lain around.
        var touch = other.FishForMessage<Touch>(t => t.AskedAt >= lease.Now.Ticks);
        follower.Tell(new Touched(new BrokerId(4), touch.AskedAt, 2), other);
        var since = _controller.FishForMessage<Follow>(f => f.AskedAt >= lease.Now.Ticks);
        Assert.False(lease.IsHeld);
        ExpectMsg("lost touch");
        follower.Tell(new Current(2) { AskedAt = since.AskedAt }, Remote());
        AwaitAssert(() => Assert.True(lease.IsHeld));
        ExpectNoMsg(TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public void It_tells_other_brokers_that_it_is_there()
    {
        var follower = Start(TimeSpan.FromMinutes(5));
        follower.Tell(Delta(0, Topic(1)), _controller);
        follower.Tell(new Touch(77), TestActor);
        ExpectMsg(new Touched(Broker, 77, 1));
    }

    private sealed class TestClock : TimeProvider
    {
        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }

    /// <summary>Somebody on another node.</summary>
    private IActorRef Remote() => ((ExtendedActorSystem)Sys).Provider.ResolveActorRef("akka.tcp://actorbroker@127.0.0.2:1/user/controller");

    private static MetadataEvent Other() => new MetadataEvent.BrokerRegistered(new BrokerImage(new BrokerId(4), 1, [], null));

    private IActorRef Start(TimeSpan interval, ServingLease? lease = null, params ICanTell[] others)
    {
        var follower = Sys.ActorOf(MetadataFollower.Props(new FollowerParts(
            Broker, 7, _controller, _metadata, interval, _found.Add, static _ => { }, _ => TestActor.Tell("replaced"),
            NullLogger.Instance)
        {
            Lease = lease ?? ServingLease.Always,
            LostTouch = () => TestActor.Tell("lost touch"),
            Others = () => others,
        }));
        _metadata.ExpectMsg<MetadataActor.Subscribe>();
        return follower;
    }

    private static MetadataDelta Delta(long from, params MetadataEvent[] events) => new(from, [.. events]);

    private static MetadataEvent Topic(int id) =>
        new MetadataEvent.TopicCreated(new TopicImage($"t{id}", new TopicId((UInt128)id), [PartitionImage.New(0, [Broker])]));

    private static MetadataEvent Registered(UInt128 incarnation, bool fenced = false) => new MetadataEvent.BrokerRegistered(
        new BrokerImage(Broker, 1, [], null) { Incarnation = incarnation, IsFenced = fenced });
}
