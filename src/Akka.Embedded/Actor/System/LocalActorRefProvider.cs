using Akka.Actor.Internal;
using Akka.Dispatch;
using Akka.Event;
using Akka.Serialization;

namespace Akka.Actor;

/// <summary>All actors live in this process.</summary>
public sealed class LocalActorRefProvider : IActorRefProvider
{
    private readonly TaskCompletionSource _terminated;
    private readonly Dictionary<string, IInternalActorRef> _extraNames = [];
    private VirtualPathContainer _temp = null!;
    private RootGuardianRef _root = null!;
    private ActorSystemImpl _system = null!;
    private long _tempNumber;

    public LocalActorRefProvider(string systemName, Settings settings, EventStream eventStream)
    {
        Settings = settings;
        _terminated = new TaskCompletionSource(Embedded.Completion.Options(settings));
        EventStream = eventStream;
        RootPath = new RootActorPath(new Address("akka", systemName));
        DeadLetters = new DeadLetterActorRef(this, RootPath / "deadLetters", eventStream);
        IgnoreRef = new IgnoreActorRef(this, RootPath / "ignore");
        Log = Logging.GetLogger(eventStream, $"LocalActorRefProvider({RootPath.Address})");
    }

    public ActorPath RootPath { get; }
    public Settings Settings { get; }
    public EventStream EventStream { get; }
    public ILoggingAdapter Log { get; }
    public IActorRef DeadLetters { get; }
    public IActorRef IgnoreRef { get; }
    public IInternalActorRef RootGuardian => _root;
    public LocalActorRef Guardian { get; private set; } = null!;
    public LocalActorRef SystemGuardian { get; private set; } = null!;
    public IInternalActorRef TempContainer => _temp;
    public Task TerminationTask => _terminated.Task;
    public Address DefaultAddress => RootPath.Address;
    public Information SerializationInformation => new(DefaultAddress, _system);

    public void Init(ActorSystemImpl system)
    {
        _system = system;
        var dispatcher = system.Dispatchers.Lookup(Dispatchers.InternalDispatcherId);
        var mailbox = system.Mailboxes.Lookup(Mailboxes.DefaultMailboxId);
        var top = new RootGuardianSupervisor(RootPath, this, cause =>
        {
            if (cause is not null) Log.Error(cause, "A guardian failed: the system stops");
            _terminated.TrySetResult();
        });
        _root = new RootGuardianRef(system, Props.Create<GuardianActor>(), dispatcher, mailbox, top, RootPath, FindExtra);
        _temp = new VirtualPathContainer(this, RootPath / "temp", _root);
        _root.Start();
        Guardian = MakeGuardian("user", system.GuardianProps.GetOrElse(Props.Create<GuardianActor>())
            .WithSupervisorStrategy(
                SupervisorStrategyConfigurator.CreateConfigurator(Settings.SupervisorStrategyClass).Create()));
        SystemGuardian = MakeGuardian("system", Props.Create(() => new SystemGuardianActor(Guardian)));
        // The end of /user ends /system, and that ends the root.
        _root.SendSystemMessage(new Dispatch.SysMsg.Watch(SystemGuardian, _root));
    }

    /// <summary>Gives a reference a name directly below the root.</summary>
    public void RegisterExtraName(string name, IInternalActorRef actor) => _extraNames.Add(name, actor);

    public ActorPath TempPath() => _temp.Path / ActorNames.Generated(Interlocked.Increment(ref _tempNumber));
    public void RegisterTempActor(IInternalActorRef actorRef, ActorPath path) => _temp.Add(path.Name, actorRef);
    public void UnregisterTempActor(ActorPath path) => _temp.Remove(path.Name);

    public IInternalActorRef ActorOf(ActorSystemImpl system, Props props, IInternalActorRef supervisor, ActorPath path,
        bool systemService,
        Deploy? deploy, bool lookupDeploy, bool async)
    {
        try
        {
            var id = props.Deploy.Dispatcher != Deploy.NoDispatcherGiven ? props.Deploy.Dispatcher
                : systemService ? Dispatchers.InternalDispatcherId : Dispatchers.DefaultDispatcherId;
            var mailbox = system.Mailboxes.GetMailboxType(props, system.Dispatchers.ConfigOf(id));
            return new LocalActorRef(system, props, system.Dispatchers.Lookup(id), mailbox, supervisor, path);
        }
        catch (Exception e)
        {
            throw new Configuration.ConfigurationException(
                $"{path} can't be made with dispatcher [{props.Dispatcher}] and mailbox [{props.Mailbox}]: {e.Message}", e);
        }
    }

    public IActorRef ResolveActorRef(string path) =>
        ActorPath.TryParse(path, out var actorPath) ? ResolveActorRef(actorPath) : DeadLetters;

    public IActorRef ResolveActorRef(ActorPath path) =>
        path.Address == RootPath.Address ? ResolveLocal(path) : DeadLetters;

    /// <summary>Who lives at <paramref name="path"/>, whose address is known to be this system's.</summary>
    internal IInternalActorRef ResolveLocal(ActorPath path)
    {
        var elements = path.Elements;
        if (elements.Count == 0) return _root;
        var found = _root.GetChild(elements).AsInternal();
        if (found is not Nobody && (path.Uid == ActorCell.UndefinedUid || found.Path.Uid == path.Uid)) return found;
        var local = path.Address == RootPath.Address ? path : (RootPath / elements).WithUid(path.Uid);
        return new EmptyLocalActorRef(this, local, EventStream);
    }

    public IActorRef RootGuardianAt(Address address) => address == RootPath.Address ? _root : DeadLetters;
    public Address? GetExternalAddressFor(Address address) => address == RootPath.Address ? address : null;

    private LocalActorRef MakeGuardian(string name, Props props)
    {
        var onInternal = props.WithDispatcher(Dispatchers.InternalDispatcherId);
        return (LocalActorRef)_root.Cell.AttachChild(onInternal, isSystemService: true, name);
    }

    private IInternalActorRef? FindExtra(string name) => name switch
    {
        "temp" => _temp,
        "deadLetters" => (IInternalActorRef)DeadLetters,
        _ => _extraNames.GetValueOrDefault(name),
    };
}
