using System.Text;
using ActorBroker.Journal.Files;
using ActorBroker.Journal.Persistence;
using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence;
using Akka.Serialization;
using Akka.TestKit;
using Akka.TestKit.Xunit2;

namespace ActorBroker.Journal.Tests.Persistence;

/// <summary>An actor system whose journal and snapshots lie on a disk that outlives it.</summary>
internal sealed class PersistenceKit : TestKit
{
    private const string Setup = """
        akka.loglevel = OFF
        akka.test.single-expect-default = 30s
        akka.persistence {
          publish-plugin-commands = on
          journal.plugin = "akka.persistence.journal.segment"
          journal.segment.dir = "/journal"
          snapshot-store.plugin = "akka.persistence.snapshot-store.segment"
          snapshot-store.segment.dir = "/snapshots"
        }
        akka.actor {
          serializers.person = "ActorBroker.Journal.Tests.Persistence.PersonSerializer, ActorBroker.Journal.Tests"
          serialization-bindings {
            "ActorBroker.Journal.Tests.Persistence.Person, ActorBroker.Journal.Tests" = person
            "ActorBroker.Journal.Tests.Persistence.Referring, ActorBroker.Journal.Tests" = person
            "ActorBroker.Journal.Tests.Persistence.Unserializable, ActorBroker.Journal.Tests" = person
          }
        }
        """;

    public PersistenceKit(ILogFileSystem disk, string more = "")
        : base(ConfigurationFactory.ParseString(more)
            .WithFallback(ConfigurationFactory.ParseString(Setup))
            .WithFallback(SegmentPersistence.DefaultConfig()))
    {
        SegmentPersistence.Get(Sys).Files = disk;
        Journal = Akka.Persistence.Persistence.Instance.Apply(Sys).JournalFor("");
        Snapshots = Akka.Persistence.Persistence.Instance.Apply(Sys).SnapshotStoreFor("");
    }

    public IActorRef Journal { get; }

    public IActorRef Snapshots { get; }

    public static AtomicWrite Write(string id, long first, params object[] events) => new(
        [.. events.Select((payload, i) => (IPersistentRepresentation)new Persistent(
            payload, first + i, id, writerGuid: "writer"))]);

    /// <summary>Stores atomic writes and checks the answers in their order.</summary>
    public void Store(params AtomicWrite[] writes)
    {
        Journal.Tell(new WriteMessages(writes, TestActor, 1));
        ExpectMsg<WriteMessagesSuccessful>();
        foreach (var write in writes)
            for (var sequenceNr = write.LowestSequenceNr; sequenceNr <= write.HighestSequenceNr; sequenceNr++)
                Assert.Equal(sequenceNr, ExpectMsg<WriteMessageSuccess>().Persistent.SequenceNr);
    }

    public (List<IPersistentRepresentation> Events, long Highest) Replay(
        string id, long from = 1, long to = long.MaxValue, long max = long.MaxValue)
    {
        var probe = CreateTestProbe();
        Journal.Tell(new ReplayMessages(from, to, max, id, probe.Ref));
        var events = new List<IPersistentRepresentation>();
        object? answer;
        while ((answer = probe.ReceiveOne(TimeSpan.FromSeconds(30))) is ReplayedMessage replayed) events.Add(replayed.Persistent);
        return (events, Assert.IsType<RecoverySuccess>(answer).HighestSequenceNr);
    }

    public object[] Payloads(string id, long from = 1, long to = long.MaxValue, long max = long.MaxValue) =>
        [.. Replay(id, from, to, max).Events.Select(persistent => persistent.Payload)];

    public void DeleteTo(string id, long to)
    {
        Journal.Tell(new DeleteMessagesTo(id, to, TestActor));
        Assert.Equal(to, ExpectMsg<DeleteMessagesSuccess>().ToSequenceNr);
    }

    protected override void AfterAll() => Shutdown(Sys, TimeSpan.FromSeconds(30), verifySystemShutdown: true);
}

internal sealed record Person(string Name, int Age);

internal sealed record Referring(IActorRef To);

internal sealed record Unserializable;

internal sealed class PersonSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    public override int Identifier => 424242;

    public override string Manifest(object o) => o.GetType().Name + "-1";

    public override byte[] ToBinary(object obj) => obj switch
    {
        Person person => Encoding.UTF8.GetBytes($"{person.Name}|{person.Age}"),
        Referring referring => Encoding.UTF8.GetBytes(Serialization.SerializedActorPath(referring.To)),
        _ => throw new System.Runtime.Serialization.SerializationException("not serializable"),
    };

    public override object FromBinary(byte[] bytes, string manifest)
    {
        var text = Encoding.UTF8.GetString(bytes);
        return manifest switch
        {
            "Person-1" => new Person(text.Split('|')[0], int.Parse(text.Split('|')[1], null)),
            "Referring-1" => new Referring(system.Provider.ResolveActorRef(text)),
            _ => throw new System.Runtime.Serialization.SerializationException(manifest),
        };
    }
}
