using System.Runtime.ExceptionServices;
using Akka.Actor.Internal;
using Akka.Dispatch;
using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

/// <summary>The runtime's side of one actor: it outlives restarts, holds mailbox, behaviour, children and watchers, and
/// is the actor's context. Other threads only send to it and look up children; all else happens in
/// <see cref="Mailbox.Run"/>.</summary>
public partial class ActorCell : IUntypedActorContext, ICell
{
    public const int UndefinedUid = 0;

    [ThreadStatic]
    private static ActorCell? s_current;

    private readonly BehaviorStack _behavior = new();
    private ActorBase? _actor;
    private Envelope _current;

    public ActorCell(ActorSystemImpl system, IInternalActorRef self, Props props, MessageDispatcher dispatcher,
        IInternalActorRef parent)
    {
        SystemImpl = system;
        Self = self;
        Props = props;
        Dispatcher = dispatcher;
        Parent = parent;
    }

    public ActorSystem System => SystemImpl;
    public ActorSystemImpl SystemImpl { get; }
    public IActorRef Self { get; }
    public Props Props { get; }
    public MessageDispatcher Dispatcher { get; }
    public Mailbox Mailbox { get; private set; } = null!;
    public IInternalActorRef Parent { get; }
    IActorRef IActorContext.Parent => Parent;

    /// <summary>Who sent the message in hand; dead letters if nobody did.</summary>
    public IActorRef Sender => _current.Sender ?? SystemImpl.DeadLetters;
    public object? CurrentMessage => _current.Message;

    public bool IsLocal => true;
    public bool IsTerminated => Mailbox.IsClosed;
    public bool HasMessages => Mailbox.HasMessages;
    public int NumberOfMessages => Mailbox.MessageQueue.Count;

    /// <summary>The cell whose actor runs on this thread.</summary>
    internal static ActorCell? Current
    {
        get => s_current;
        set => s_current = value;
    }

    internal ActorBase? Instance => _actor;
    internal Envelope CurrentEnvelope => _current;

    /// <summary>Tells messages in hand apart, also two that are the same object from the same sender.</summary>
    internal long CurrentEnvelopeId { get; private set; }

    internal IDequeBasedMessageQueueSemantics? Deque => Mailbox.MessageQueue as IDequeBasedMessageQueueSemantics;

    public static IActorRef GetCurrentSelfOrNoSender() => s_current?.Self ?? ActorRefs.NoSender;
    public static IActorRef GetCurrentSenderOrNoSender() => s_current is { } cell ? cell.Sender : ActorRefs.NoSender;

    /// <summary>Makes the mailbox, with the order to create the actor as its first message.</summary>
    public void Init(bool sendSupervise, MailboxType mailboxType)
    {
        Mailbox = new Mailbox(mailboxType.Create(Self, System));
        Mailbox.SetActor(this);
        var refusal = SystemImpl.Mailboxes.Mismatch(Props.Type, Mailbox.MessageQueue);
        Mailbox.EnqueueSystem(new Create(refusal is null ? null : new ActorInitializationException(Self, refusal)));
    }

    public virtual void Start() => Dispatcher.Attach(this);

    public virtual void SendMessage(IActorRef sender, object message) => Dispatcher.Dispatch(this, new Envelope(message, sender));
    public virtual void SendMessage(Envelope message) => Dispatcher.Dispatch(this, message);
    public virtual void SendSystemMessage(ISystemMessage systemMessage) =>
        Dispatcher.SystemDispatch(this, (SystemMessage)systemMessage);

    public void Become(Receive receive) => _behavior.Become(receive);
    public void BecomeStacked(Receive receive) => _behavior.BecomeStacked(receive);
    public void UnbecomeStacked() => _behavior.UnbecomeStacked();
    void IUntypedActorContext.Become(UntypedReceive receive) => Become(AsHandled(receive));
    void IUntypedActorContext.BecomeStacked(UntypedReceive receive) => BecomeStacked(AsHandled(receive));

    public ActorSelection ActorSelection(string path) => ActorRefFactoryShared.ActorSelection(path, System, Self);
    public ActorSelection ActorSelection(ActorPath path) => ActorRefFactoryShared.ActorSelection(path, System);

    /// <summary>Runs <paramref name="action"/> as if in this actor.</summary>
    public void UseThreadContext(Action action)
    {
        var outer = s_current;
        s_current = this;
        try
        {
            action();
        }
        finally
        {
            s_current = outer;
        }
    }

    /// <summary>Handles one ordinary message.</summary>
    public void Invoke(Envelope envelope)
    {
        _current = envelope;
        CurrentEnvelopeId++;
        try
        {
            if (envelope.Message is IAutoReceivedMessage) AutoReceiveMessage(envelope);
            else ReceiveMessage(envelope.Message);
            if (_receiveTimeout is not null) NoteActivity(envelope.Message);
            // An async handler goes on with the message, a failed one's PreRestart gets it; anything else is done with it
            // and must not keep it alive.
            if (!Mailbox.IsAwaiting) _current = default;
        }
        catch (Exception e)
        {
            HandleInvokeFailure([], e);
        }
    }

    /// <summary>Handles a message here and now, for a test: what the actor throws reaches the caller.</summary>
    public void ReceiveMessageForTest(Envelope envelope)
    {
        var outer = _current;
        UseThreadContext(() =>
        {
            _current = envelope;
            CurrentEnvelopeId++;
            try
            {
                ReceiveMessage(envelope.Message);
            }
            finally
            {
                _current = outer;
            }
        });
    }

    protected virtual void ReceiveMessage(object message)
    {
        var actor = _actor;
        if (actor is null) return; // Failed while being created; suspended until its supervisor decides.
        actor.Handle(_behavior.Current, message);
    }

    protected virtual void AutoReceiveMessage(Envelope envelope)
    {
        switch (envelope.Message)
        {
            case Terminated terminated:
                ReceivedTerminated(terminated);
                break;
            case Kill:
                throw new ActorKilledException("Kill");
            case PoisonPill:
                Self.AsInternal().Stop();
                break;
            case ActorSelectionMessage selection:
                Actor.ActorSelection.Deliver(Self.AsInternal(), Sender, selection);
                break;
            case Identify identify:
                Sender.Tell(new ActorIdentity(identify.MessageId, Self), Self);
                break;
            case Timers.TimerMessage timer:
                if (timer.Take(_actor) is { } message) Unwrapped(message);
                break;
            default:
                ReceiveMessage(envelope.Message);
                break;
        }
    }

    private void Unwrapped(object message)
    {
        _current = new Envelope(message, _current.Sender);
        if (message is IAutoReceivedMessage) AutoReceiveMessage(_current);
        else ReceiveMessage(message);
    }

    private void NoteActivity(object message)
    {
        if (message is not INotInfluenceReceiveTimeout) CheckReceiveTimeout();
    }

    internal void SystemInvoke(SystemMessage message)
    {
        if (ShouldDelay(message))
        {
            (_delayed ??= new()).Enqueue(message);
            return;
        }
        HandleSystemMessage(message);
        while (_delayed is { Count: > 0 } delayed && !Mailbox.IsClosed && !ShouldDelay(delayed.Peek()))
            HandleSystemMessage(delayed.Dequeue());
    }

    private void HandleSystemMessage(SystemMessage message)
    {
        try
        {
            switch (message)
            {
                case RunContinuation continuation: continuation.Run(); break;
                case HandlerEnded ended: AsyncHandlerEnded(ended); break;
                case ReceiveTimeoutDue due: ReceiveTimeoutIsDue(due); break;
                case Create create: CreateActor(create.Failure); break;
                case Watch watch: AddWatcher(watch.Watchee, watch.Watcher); break;
                case Unwatch unwatch: RemWatcher(unwatch.Watchee, unwatch.Watcher); break;
                case DeathWatchNotification died:
                    WatchedActorTerminated(died.Actor, died.ExistenceConfirmed, died.AddressTerminated);
                    break;
                case AddressTerminated lost: AddressTerminated(lost.Address); break;
                case Failed failed: HandleFailed(failed); break;
                case Recreate recreate: FaultRecreate(recreate.Cause); break;
                case Dispatch.SysMsg.Suspend: FaultSuspend(); break;
                case Dispatch.SysMsg.Resume resume: FaultResume(resume.CausedByFailure); break;
                case Terminate: TerminateSelf(); break;
                case Supervise supervise: HandleSupervise(supervise.Child); break;
                default: throw new NotSupportedException($"Unknown system message [{message}]");
            }
        }
        catch (Exception e)
        {
            HandleInvokeFailure([], e);
        }
    }

    private ActorBase NewActor()
    {
        _behavior.Clear();
        var created = CreateNewActorInstance();
        if (created is null) throw new ActorInitializationException(Self, "Its Props made null.");
        if (_behavior.IsEmpty)
            throw new ActorInitializationException(Self, "Its Props gave an actor that was made elsewhere.");
        return created;
    }

    protected virtual ActorBase CreateNewActorInstance()
    {
        var actor = Props.NewActor();
        SystemImpl.ActorPipelineResolver.Incarnated(actor, this);
        (actor as IInitializableActor)?.Init();
        return actor;
    }

    private static Receive AsHandled(UntypedReceive receive) => message =>
    {
        receive(message);
        return true;
    };

    private static void Rethrow(Exception e) => ExceptionDispatchInfo.Capture(e).Throw();
}
