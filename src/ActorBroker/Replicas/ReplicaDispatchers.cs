using Akka.Configuration;

namespace ActorBroker.Replicas;

/// <summary>The dispatchers of replicas; part of the actor system's configuration.</summary>
internal static class ReplicaDispatchers
{
    public const string Partition = "partition-dispatcher";

    public const string Log = "log-dispatcher";

    public static Config Config { get; } = ConfigurationFactory.ParseString("""
        partition-dispatcher {
          type = "ActorBroker.Replicas.PartitionDispatcherConfigurator, ActorBroker.Broker"
          # Messages of one replica in a row, and how long they may keep a connection's thread.
          throughput = 128
          throughput-deadline-time = 1ms
        }
        log-dispatcher {
          # Waits for disks: threads of its own.
          type = ForkJoinDispatcher
          throughput = 1
          dedicated-thread-pool {
            thread-count = 4
            threadtype = background
          }
        }
        """);
}
