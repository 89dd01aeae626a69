using System.Collections.Immutable;
using System.Globalization;
using ActorBroker.Core.Groups;
using ActorBroker.Core.Metadata;
using ActorBroker.Metadata;
using ActorBroker.Protocol;
using ActorBroker.Replicas;
using Akka.Actor;
using Akka.Event;

namespace ActorBroker.Groups;

/// <summary>Has a coordinator for each partition of <c>__consumer_offsets</c> that this broker leads, and tells them what the
/// metadata says and when it is time to look for offsets to forget. Hears each new <see cref="MetadataImage"/>.</summary>
internal sealed class GroupCoordinators : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan RetryReplica = TimeSpan.FromMilliseconds(200);

    private readonly BrokerId _self;
    private readonly GroupsEnvironment _environment;
    private readonly LocalReplicas _replicas;
    private readonly LocalCoordinators _coordinators;
    private readonly Dictionary<int, Epoch> _leads = [];
    private MetadataImage _image;

    private sealed record Retry(int Partition);

    private sealed record Expire
    {
        public static readonly Expire Instance = new();
    }

    public static Props Props(BrokerId self, GroupsEnvironment environment, MetadataCache metadata, LocalReplicas replicas,
        LocalCoordinators coordinators) =>
        Akka.Actor.Props.Create(() => new GroupCoordinators(self, environment, metadata, replicas, coordinators));

    public GroupCoordinators(BrokerId self, GroupsEnvironment environment, MetadataCache metadata, LocalReplicas replicas,
        LocalCoordinators coordinators)
    {
        (_self, _environment, _replicas, _coordinators) = (self, environment, replicas, coordinators);
        _image = metadata.Current;
        Receive<MetadataImage>(On);
        Receive<OffsetsCoordinator.Started>(started =>
        {
            _leads.Remove(started.Partition);
            Follow(started.Partition);
        });
        Receive<Retry>(retry => Follow(retry.Partition));
        Receive<Expire>(_ => TellAll(new GroupInput.ExpireOffsets()));
        // A group or coordinator that failed leaves what was in its mailbox unanswered.
        Receive<DeadLetter>(letter => (letter.Message as GroupRequest)?.Refuse(ErrorCode.NotCoordinator));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        Timers.StartPeriodicTimer(Expire.Instance, Expire.Instance, _environment.ExpiryInterval);
        Context.System.EventStream.Subscribe(Self, typeof(DeadLetter));
        FollowAll();
    }

    private void On(MetadataImage image)
    {
        // A topic that was made again under its old name is another topic.
        ImmutableArray<string> deleted =
            [.. _image.Topics.Values.Where(topic => image.Topic(topic.Id) is null).Select(topic => topic.Name)];
        _image = image;
        FollowAll();
        if (!deleted.IsEmpty) TellAll(new GroupInput.TopicsDeleted(deleted));
    }

    private void FollowAll()
    {
        for (var i = 0; i < _image.Topic(TopicImage.ConsumerOffsets)?.Partitions.Length; i++) Follow(i);
    }

    /// <summary>Tells the partition's coordinator whether this broker leads, if that changed.</summary>
    private void Follow(int partition)
    {
        if (_image.Partition(new(TopicImage.ConsumerOffsets, partition)) is not { } image) return;
        var isStarted = _coordinators.TryFind(partition, out var coordinator);
        if (image.Leader != _self)
        {
            if (_leads.Remove(partition)) coordinator!.Tell(OffsetsCoordinator.Resign.Instance);
        }
        else if (!isStarted)
        {
            _coordinators.Add(partition, Start(partition)); // It says that it started, and then it is told.
        }
        else if (!_leads.TryGetValue(partition, out var epoch) || epoch != image.LeaderEpoch)
        {
            if (_replicas.TryFind(TopicImage.ConsumerOffsets, partition, out var replica))
            {
                _leads[partition] = image.LeaderEpoch;
                coordinator!.Tell(new OffsetsCoordinator.Lead(image.LeaderEpoch, replica));
            }
            else Timers.StartSingleTimer(partition, new Retry(partition), RetryReplica); // On its way up.
        }
    }

    private IActorRef Start(int partition) => Context.ActorOf(
        OffsetsCoordinator.Props(partition, _environment), partition.ToString(CultureInfo.InvariantCulture));

    private void TellAll(GroupInput input)
    {
        foreach (var coordinator in _coordinators.All) coordinator.Tell(input);
    }
}
