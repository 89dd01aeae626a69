using ActorBroker.Controller;
using ActorBroker.Core.Controller;
using ActorBroker.Core.Metadata;
using ActorBroker.Protocol;
using ActorBroker.Replicas;
using Akka.Actor;
using Akka.TestKit.Xunit2;
using Microsoft.Extensions.Logging.Abstractions;

namespace ActorBroker.ProtocolTests.Replicas;

/// <summary>The controller hears of failed storage until it says that it has.</summary>
public sealed class OfflineReplicasTests() : TestKit("akka.test.single-expect-default = 30s")
{
    private static readonly ReplicaId First = new(new TopicId(1), 0), Second = new(new TopicId(1), 1);

    [Fact]
    public void What_is_not_answered_is_told_again_with_what_is_newer()
    {
        var reports = Start(epoch: 3);
        reports.Tell(new OfflineReplicas.Changed(First, IsOffline: true));
        reports.Tell(new OfflineReplicas.Lost(new(First.Topic, 0, new Epoch(2), new Offset(5), new Offset(9), new Offset(7))));
        var asked = ExpectMsg<Asked>();
        Assert.Equal((new BrokerId(1), 3L), (asked.Command.Broker, asked.Command.BrokerEpoch));
        Assert.Equal(new ReplicaStorage(First.Topic, 0, true), Assert.Single(asked.Command.Replicas));
        // While one is on its way there is no other.
        reports.Tell(new OfflineReplicas.Changed(First, IsOffline: false));
        reports.Tell(new OfflineReplicas.Changed(Second, IsOffline: true));
        asked.Answer.SetException(new TimeoutException("nobody there"));
        asked = NextWith(replicas: 2);
        Assert.Equal(
            [new(First.Topic, 0, false), new(First.Topic, 1, true)], asked.Command.Replicas.OrderBy(r => r.Partition));
        asked.Answer.SetResult(new ClusterCommand.ReportReplicas.Answer(ErrorCode.StaleBrokerEpoch));
        asked = NextWith(replicas: 2);
        asked.Answer.SetResult(new ClusterCommand.ReportReplicas.Answer(ErrorCode.None));
        reports.Tell(new OfflineReplicas.Changed(Second, IsOffline: false));
        asked = ExpectMsg<Asked>();
        Assert.Equal(new ReplicaStorage(First.Topic, 1, false), Assert.Single(asked.Command.Replicas));
        Assert.Empty(asked.Command.Losses);

        Asked NextWith(int replicas)
        {
            var next = ExpectMsg<Asked>();
            Assert.Equal(replicas, next.Command.Replicas.Length);
            Assert.Equal(new Offset(9), Assert.Single(next.Command.Losses).To);
            return next;
        }
    }

    [Fact]
    public void Nothing_is_told_before_the_broker_is_registered()
    {
        var reports = Start(epoch: null);
        reports.Tell(new OfflineReplicas.Changed(First, IsOffline: true));
        reports.Tell(ImageOf(1));
        Assert.Equal(1, ExpectMsg<Asked>().Command.BrokerEpoch);
    }

    private IActorRef Start(long? epoch)
    {
        var reports = Sys.ActorOf(OfflineReplicas.Props(new BrokerId(1), NullLogger.Instance));
        reports.Tell(new InSyncProposals.Use(new Controller(TestActor)));
        if (epoch is { } known) reports.Tell(ImageOf(known));
        return reports;
    }

    private static MetadataImage ImageOf(long epoch) =>
        MetadataImage.Empty.Apply(new MetadataEvent.BrokerRegistered(new BrokerImage(new BrokerId(1), epoch, [], null)));

    private sealed record Asked(ClusterCommand.ReportReplicas Command, TaskCompletionSource<ClusterAnswer> Answer);

    private sealed class Controller(IActorRef test) : IController
    {
        public Task<ClusterAnswer> AskAsync(ClusterCommand command, TimeSpan timeout)
        {
            var asked = new Asked((ClusterCommand.ReportReplicas)command, new());
            test.Tell(asked);
            return asked.Answer.Task;
        }
    }
}
