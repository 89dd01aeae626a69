using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Embedded;
using Akka.Event;
using Akka.Util;

namespace Akka.Actor.Internal;

/// <summary>The actor system.</summary>
public partial class ActorSystemImpl : ExtendedActorSystem
{
    private readonly ExtensionRegistry _extensions;
    private readonly TerminationCallbacks _onTermination;
    private readonly IActorRefProvider _provider;
    private bool _terminating;

    public ActorSystemImpl(string name) : this(name, ConfigurationFactory.Load(), ActorSystemSetup.Empty) { }

    public ActorSystemImpl(string name, Config config, ActorSystemSetup setup, Option<Props>? guardianProps = null)
    {
        if (!LegalName().IsMatch(name))
            throw new ArgumentException(
                $"[{name}] is no name of a system: letters, digits and, not in front, hyphens.", nameof(name));
        ArgumentNullException.ThrowIfNull(config);
        Name = name;
        GuardianProps = guardianProps ?? Option<Props>.None;
        Settings = new Settings(this, config, setup);
        _onTermination = new TerminationCallbacks(Completion.Options(Settings));
        EventStream = new EventStream(Settings.DebugEventStream);
        EventStream.StartStdoutLogger(Settings);
        Log = Logging.GetLogger(EventStream, $"ActorSystem({name})");
        ActorPipelineResolver = new ActorProducerPipelineResolver(() => Log);
        ActorPipelineResolver.Register(new ActorStashPlugin());
        ActorPipelineResolver.Register(new Timers.TimersPlugin());
        Scheduler = World.Scheduler ?? SystemParts.CreateScheduler(Settings, Log);
        _provider = SystemParts.CreateProvider(Settings, EventStream);
        Serialization = new Akka.Serialization.Serialization(this);
        Mailboxes = new Mailboxes(this);
        Dispatchers = new Dispatchers(this, new DefaultDispatcherPrerequisites(EventStream, Scheduler, Settings, Mailboxes), Log);
        _extensions = new ExtensionRegistry(this);
    }

    public override string Name { get; }
    public override Settings Settings { get; }
    public override EventStream EventStream { get; }
    public override ILoggingAdapter Log { get; }
    public override IScheduler Scheduler { get; }
    public override Akka.Serialization.Serialization Serialization { get; }
    public override Mailboxes Mailboxes { get; }
    public override Dispatchers Dispatchers { get; }
    public override ActorProducerPipelineResolver ActorPipelineResolver { get; }
    public override IActorRefProvider Provider => _provider;
    public override IActorRef DeadLetters => _provider.DeadLetters;
    public override IActorRef IgnoreRef => _provider.IgnoreRef;
    public override IInternalActorRef Guardian => _provider.Guardian;
    public override IInternalActorRef SystemGuardian => _provider.SystemGuardian;
    public override IInternalActorRef LookupRoot => _provider.RootGuardian;
    public override Task WhenTerminated => _onTermination.Done;

    /// <summary>Network, time, threads and chance, where they are not the real ones.</summary>
    internal EmbeddedSetup World => Settings.World;

    /// <summary>Where uids, jitter and choices come from.</summary>
    internal Random Random => Settings.Random;

    internal AddressTerminatedTopic AddressTerminatedTopic { get; } = new();

    /// <summary>Dispatchers that have lost their last actor and keep their threads for a while.</summary>
    internal ConcurrentDictionary<MessageDispatcher, byte> IdleDispatchers { get; } = new();

    /// <summary>Who stands at /user, if not the usual guardian.</summary>
    public Option<Props> GuardianProps { get; }

    /// <summary>Starts guardians, loggers and the configured extensions.</summary>
    public void Start()
    {
        try
        {
            Completion.Then(_provider.TerminationTask, Settings, Ended);
            _provider.Init(this);
            EventStream.StartDefaultLoggers(this);
            EventStream.StartUnsubscriber(this);
            if (Settings.LogDeadLetters > 0) SystemActorOf<DeadLetterListener>("deadLetterListener");
            Serialization.Load();
            CoordinatedShutdown.Get(this);
            (_provider as INetworkedProvider)?.Open();
            _extensions.LoadConfigured();
            if (Settings.LogConfigOnStart) Log.Info(Settings.ToString());
        }
        catch
        {
            Abort();
            throw;
        }
    }

    public override IActorRef ActorOf(Props props, string? name = null) =>
        _provider.Guardian.Cell.AttachChild(props, isSystemService: false, name);
    public override IActorRef SystemActorOf(Props props, string? name = null) =>
        _provider.SystemGuardian.Cell.AttachChild(props, isSystemService: true, name);
    public override IActorRef SystemActorOf<TActor>(string? name = null) => SystemActorOf(Props.Create<TActor>(), name);
    public override ActorSelection ActorSelection(ActorPath actorPath) => ActorRefFactoryShared.ActorSelection(actorPath, this);
    public override ActorSelection ActorSelection(string actorPath) =>
        ActorRefFactoryShared.ActorSelection(actorPath, this, _provider.RootGuardian);

    public override void Stop(IActorRef actor)
    {
        var path = actor.Path;
        if (path.Parent.Equals(Guardian.Path)) Guardian.Tell(new Dispatch.SysMsg.StopChild(actor), ActorRefs.NoSender);
        else if (path.Parent.Equals(SystemGuardian.Path))
            SystemGuardian.Tell(new Dispatch.SysMsg.StopChild(actor), ActorRefs.NoSender);
        else actor.AsInternal().Stop();
    }

    public override Task Terminate()
    {
        if (Settings.CoordinatedShutdownRunByActorSystemTerminate)
            _ = CoordinatedShutdown.Get(this).Run(CoordinatedShutdown.ActorSystemTerminateReason.Instance);
        else FinalTerminate();
        return WhenTerminated;
    }

    public override void Abort() => FinalTerminate();

    /// <summary>Stops the tree. What is left to do then is done by <see cref="Ended"/>.</summary>
    internal void FinalTerminate()
    {
        if (Interlocked.Exchange(ref _terminating, true)) return;
        if (!Settings.LogDeadLettersDuringShutdown) EventStream.Unsubscribe(DeadLetterListenerRef());
        if (_provider.Guardian is null) Ended(); // Never started.
        else _provider.Guardian.Stop();
    }

    public override void RegisterOnTermination(Action code) => _onTermination.Add(code);

    public override object RegisterExtension(IExtensionId extension) => _extensions.Register(extension);
    public override object GetExtension(IExtensionId extensionId) => _extensions.Register(extensionId);
    public override T GetExtension<T>() => _extensions.TryGet(typeof(T), out var extension) ? (T)extension : null!;
    public override bool HasExtension(Type type) => _extensions.TryGet(type, out _);
    public override bool HasExtension<T>() => HasExtension(typeof(T));
    public override bool TryGetExtension(Type extensionType, out object extension) =>
        _extensions.TryGet(extensionType, out extension);

    public override bool TryGetExtension<T>(out T extension)
    {
        var found = _extensions.TryGet(typeof(T), out var any);
        extension = found ? (T)any : null!;
        return found;
    }

    public override string PrintTree()
    {
        var text = new StringBuilder();
        Print((ActorRefWithCell)LookupRoot, "");
        return text.ToString();

        void Print(ActorRefWithCell at, string indent)
        {
            var cell = (ActorCell)at.Underlying;
            text.Append(indent).Append("-> ").Append(at.Path.Name.Length == 0 ? "/" : at.Path.Name)
                .Append(' ').Append(cell.Props.Type.Name).Append(' ').Append(cell.NumberOfMessages).AppendLine(" messages");
            foreach (var child in at.Children.OfType<ActorRefWithCell>()) Print(child, indent + "   ");
        }
    }

    public override string ToString() => LookupRoot?.Path.Root.Address.ToString() ?? $"akka://{Name}";

    private IActorRef DeadLetterListenerRef() =>
        _provider.SystemGuardian is null ? ActorRefs.Nobody : _provider.SystemGuardian.GetSingleChild("deadLetterListener");

    // Whatever of it fails: who waits for the end must not wait for ever.
    private void Ended()
    {
        AtEnd("stopping the loggers", () => EventStream.StopDefaultLoggers(this));
        foreach (var dispatcher in IdleDispatchers.Keys)
            AtEnd($"shutting down dispatcher [{dispatcher.Id}]", dispatcher.ShutdownIfEmpty);
        AtEnd("stopping the scheduler", () => (Scheduler as IDisposable)?.Dispose());
        foreach (var extension in _extensions.Disposables)
            AtEnd($"disposing of {extension.GetType()}", extension.Dispose);
        _onTermination.Run(e => Log.Error(e, "A callback on termination failed"));
    }

    private void AtEnd(string what, Action action)
    {
        try
        {
            action();
        }
        catch (Exception e)
        {
            Log.Error(e, "At the end of the system, {0} failed", what);
        }
    }

    [GeneratedRegex("^[a-zA-Z0-9][a-zA-Z0-9-]*$")]
    private static partial Regex LegalName();
}
