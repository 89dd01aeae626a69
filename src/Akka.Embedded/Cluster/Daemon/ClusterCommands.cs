using Akka.Actor;

namespace Akka.Cluster;

/// <summary>What the facade asks of the cluster's actors, on this node only.</summary>
internal abstract record ClusterCommand : INoSerializationVerificationNeeded
{
    /// <summary>For the actor that publishes events.</summary>
    public abstract record ToPublisher : ClusterCommand;

    public sealed record Subscribe(IActorRef Subscriber, ClusterEvent.SubscriptionInitialStateMode Mode, Type[] Types)
        : ToPublisher;

    /// <param name="Subscriber">Who hears nothing more.</param>
    /// <param name="Type">Of these events; null: of all.</param>
    public sealed record Unsubscribe(IActorRef Subscriber, Type? Type) : ToPublisher;

    public sealed record SendCurrentState(IActorRef Receiver) : ToPublisher;

    /// <summary>For the actor that runs the membership.</summary>
    public abstract record ToCore : ClusterCommand;

    public sealed record JoinTo(Address Address) : ToCore;
    public sealed record JoinSeedNodes(IReadOnlyList<Address> SeedNodes) : ToCore;
    public sealed record Leave(Address Address) : ToCore;
    public sealed record Down(Address Address) : ToCore;

    /// <summary>A phase of the coordinated shutdown; <paramref name="IsDone"/> ends when it may go on.</summary>
    public sealed record Shutdown(ShutdownStep Step, TaskCompletionSource<Done> IsDone) : ToCore;

    /// <summary>Run <paramref name="Callback"/> when this node is <paramref name="Status"/>: Up or Removed.</summary>
    public sealed record OnSelf(MemberStatus Status, Action Callback) : ClusterCommand;
}
