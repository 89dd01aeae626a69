using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch.MessageQueues;
using Akka.Util;

namespace Akka.Dispatch;

/// <summary>
/// The mailbox types of a system: which one an actor gets, by its Props, its dispatcher, or what its class asks for.
/// </summary>
public class Mailboxes
{
    public static readonly string DefaultMailboxId = "akka.actor.default-mailbox";
    public static readonly string NoMailboxRequirement = string.Empty;

    private readonly ConcurrentDictionary<string, MailboxType> _types = new();
    private readonly ConcurrentDictionary<Type, Type> _required = new();
    private readonly Dictionary<Type, string> _byQueueType = [];
    private readonly ActorSystem _system;

    public Mailboxes(ActorSystem system)
    {
        _system = system;
        var requirements = Config.GetConfig("akka.actor.mailbox.requirements");
        if (requirements is not null)
            foreach (var (key, value) in requirements.AsEnumerable())
                _byQueueType[TypeNames.Require(key, "akka.actor.mailbox.requirements")] = value.GetString()!;
        DeadLetterMailbox = new DeadLetterMailbox(system.DeadLetters);
    }

    public DeadLetterMailbox DeadLetterMailbox { get; }
    private Config Config => _system.Settings.Config;

    /// <summary>What the actor class asks for; <see cref="ISemantics"/> if nothing.</summary>
    public Type GetRequiredType(Type actorType) =>
        _required.GetOrAdd(actorType, static type => Argument(type, typeof(IRequiresMessageQueue<>)));

    public bool HasRequiredType(Type actorType) => GetRequiredType(actorType) != typeof(ISemantics);

    public bool ProducesMessageQueue(Type mailboxType) =>
        Argument(mailboxType, typeof(IProducesMessageQueue<>)) != typeof(ISemantics);

    public MailboxType LookupByQueueType(Type queueType) =>
        _byQueueType.TryGetValue(queueType, out var id)
            ? Lookup(id)
            : throw new ConfigurationException($"[akka.actor.mailbox.requirements] has no mailbox for {queueType}.");

    public MailboxType Lookup(string id) => _types.GetOrAdd(id, Make);

    public MailboxType GetMailboxType(Props props, Config dispatcherConfig)
    {
        var required = GetRequiredType(props.Type);
        if (props.Deploy.Mailbox != Deploy.NoMailboxGiven) return Lookup(props.Deploy.Mailbox);
        if (dispatcherConfig?.GetString("mailbox-type", "") is { Length: > 0 }
            && props.Deploy.Dispatcher != Deploy.NoDispatcherGiven)
        {
            var ofDispatcher = Lookup(props.Deploy.Dispatcher);
            if (required == typeof(ISemantics) || Produces(ofDispatcher, required)) return ofDispatcher;
        }
        if (required == typeof(ISemantics)) return Lookup(DefaultMailboxId);
        return LookupByQueueType(required);
    }

    /// <summary>Capacity of stashes with this mailbox and dispatcher: <c>stash-capacity</c>, negative for no limit.</summary>
    public int StashCapacity(string dispatcher, string mailbox)
    {
        foreach (var id in (string[])[mailbox, dispatcher])
            if (Config.GetConfig(id) is { } section && section.GetInt("stash-capacity", -1) is var capacity and >= 0)
                return capacity;
        return Config.GetInt(DefaultMailboxId + ".stash-capacity", -1);
    }

    /// <summary>Why an actor of <paramref name="actorType"/> can't live with <paramref name="queue"/>; null if it can.</summary>
    internal string? Mismatch(Type actorType, IMessageQueue queue)
    {
        var required = GetRequiredType(actorType);
        return required.IsInstanceOfType(queue)
            ? null
            : $"{actorType} asks for a mailbox with {required.Name}, and a {queue.GetType().Name} is none.";
    }

    private MailboxType Make(string id)
    {
        if (id == "unbounded") return new UnboundedMailbox(_system.Settings, Config.Empty);
        var section = Config.GetConfig(id)
            ?? throw new ConfigurationException($"There is no mailbox [{id}] in the configuration.");
        var config = section.WithFallback(Config.GetConfig(DefaultMailboxId));
        var name = config.GetString("mailbox-type", "");
        if (string.IsNullOrEmpty(name)) throw new ConfigurationException($"[{id}.mailbox-type] is not set.");
        return (MailboxType)Activator.CreateInstance(TypeNames.Require(name, id + ".mailbox-type"), _system.Settings, config)!;
    }

    private static bool Produces(MailboxType type, Type semantics) =>
        semantics.IsAssignableFrom(Argument(type.GetType(), typeof(IProducesMessageQueue<>)));

    private static Type Argument(Type type, Type generic) =>
        type.GetInterfaces().FirstOrDefault(i => i.IsGenericType
            && i.GetGenericTypeDefinition() == generic)?.GenericTypeArguments[0] ?? typeof(ISemantics);
}
