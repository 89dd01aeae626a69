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

    private IActorRef Start(TimeSpan interval)
    {
        var follower = Sys.ActorOf(MetadataFollower.Props(new FollowerParts(
            Broker, 7, _controller, _metadata, interval, _found.Add, static _ => { }, _ => TestActor.Tell("replaced"), NullLogger.Instance)));
        _metadata.ExpectMsg<MetadataActor.Subscribe>();
        return follower;
    }

    private static MetadataDelta Delta(long from, params MetadataEvent[] events) => new(from, [.. events]);

    private static MetadataEvent Topic(int id) =>
        new MetadataEvent.TopicCreated(new TopicImage($"t{id}", new TopicId((UInt128)id), [PartitionImage.New(0, [Broker])]));

    private static MetadataEvent Registered(UInt128 incarnation, bool fenced = false) => new MetadataEvent.BrokerRegistered(
        new BrokerImage(Broker, 1, [], null) { Incarnation = incarnation, IsFenced = fenced });
}
