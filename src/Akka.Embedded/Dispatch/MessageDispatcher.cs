using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace Akka.Dispatch;

/// <summary>What a dispatcher may need of its system.</summary>
public interface IDispatcherPrerequisites
{
    EventStream EventStream { get; }
    IScheduler Scheduler { get; }
    Settings Settings { get; }
    Mailboxes Mailboxes { get; }
}

/// <summary>The prerequisites as the system gives them.</summary>
public sealed class DefaultDispatcherPrerequisites(EventStream eventStream, IScheduler scheduler, Settings settings,
    Mailboxes mailboxes)
    : IDispatcherPrerequisites
{
    public EventStream EventStream { get; } = eventStream;
    public IScheduler Scheduler { get; } = scheduler;
    public Settings Settings { get; } = settings;
    public Mailboxes Mailboxes { get; } = mailboxes;
}

/// <summary>Decides where and when mailboxes run. A subclass only has to say how to execute a piece of work.</summary>
public abstract class MessageDispatcher
{
    public const int DefaultThroughput = 100;

    private long _inhabitants;
    private int _shutdownScheduled;

    protected MessageDispatcher(MessageDispatcherConfigurator configurator)
    {
        Configurator = configurator;
        Throughput = DefaultThroughput;
        Id = configurator.Config.GetString("id", "") ?? "";
        ShutdownTimeout = configurator.Config.GetTimeSpan("shutdown-timeout", TimeSpan.FromSeconds(1));
    }

    public MessageDispatcherConfigurator Configurator { get; }
    public EventStream EventStream => Configurator.Prerequisites.EventStream;
    public Mailboxes Mailboxes => Configurator.Prerequisites.Mailboxes;
    public string Id { get; protected set; }

    /// <summary>Messages of one actor in a row before others get the thread.</summary>
    public int Throughput { get; set; }

    /// <summary>Ticks after which an actor gives the thread away even within its throughput.</summary>
    public long? ThroughputDeadlineTime { get; protected set; }

    /// <summary>How long threads are kept when the last actor is gone.</summary>
    public TimeSpan ShutdownTimeout { get; protected set; }

    protected long Inhabitants => Volatile.Read(ref _inhabitants);

    /// <summary>Runs <paramref name="run"/>, now or later, here or on another thread.</summary>
    protected abstract void ExecuteTask(IRunnable run);

    /// <summary>Lets threads go. Work may come again afterwards.</summary>
    protected abstract void Shutdown();

    public void Schedule(Action run) => ExecuteTask(new ActionRunnable(run));
    public void Schedule(IRunnable run) => ExecuteTask(run);

    public virtual void Attach(ActorCell cell)
    {
        Interlocked.Increment(ref _inhabitants);
        RegisterForExecution(cell.Mailbox, hasMessageHint: false, hasSystemMessageHint: true);
    }

    public virtual void Detach(ActorCell cell)
    {
        try
        {
            cell.Mailbox.Close();
        }
        finally
        {
            if (Interlocked.Decrement(ref _inhabitants) == 0) ScheduleShutdown();
        }
    }

    public virtual void Dispatch(ActorCell cell, Envelope envelope)
    {
        var mailbox = cell.Mailbox;
        mailbox.Enqueue(cell.Self, envelope);
        RegisterForExecution(mailbox, hasMessageHint: true, hasSystemMessageHint: false);
    }

    public virtual void SystemDispatch(ActorCell cell, SystemMessage message)
    {
        var mailbox = cell.Mailbox;
        mailbox.EnqueueSystem(message);
        RegisterForExecution(mailbox, hasMessageHint: false, hasSystemMessageHint: true);
    }

    internal void RegisterForExecution(Mailbox mailbox, bool hasMessageHint, bool hasSystemMessageHint)
    {
        if (!mailbox.TrySchedule(hasMessageHint, hasSystemMessageHint)) return;
        try
        {
            ExecuteTask(mailbox);
        }
        catch
        {
            mailbox.SetIdle();
            throw;
        }
    }

    protected void ReportFailure(Exception ex) =>
        EventStream.Publish(new Error(ex, GetType().FullName!, GetType(), $"Dispatcher [{Id}] failed: {ex.Message}"));

    private void ScheduleShutdown()
    {
        if (Interlocked.Exchange(ref _shutdownScheduled, 1) == 1) return;
        Idle?.TryAdd(this, 0);
        try
        {
            Configurator.Prerequisites.Scheduler.Advanced.ScheduleOnce(ShutdownTimeout, ShutdownIfEmpty);
        }
        catch (SchedulerException)
        {
            ShutdownIfEmpty(); // The system is going down.
        }
    }

    // Those whose time a stopping system does not wait for.
    private ConcurrentDictionary<MessageDispatcher, byte>? Idle =>
        (Configurator.Prerequisites.Settings.System as Actor.Internal.ActorSystemImpl)?.IdleDispatchers;

    internal void ShutdownIfEmpty()
    {
        Idle?.TryRemove(this, out _);
        Volatile.Write(ref _shutdownScheduled, 0);
        if (Inhabitants == 0) Shutdown();
    }
}

/// <summary>Makes dispatchers from a section of configuration; named there by <c>type</c>.</summary>
public abstract class MessageDispatcherConfigurator
{
    protected MessageDispatcherConfigurator(Config config, IDispatcherPrerequisites prerequisites)
    {
        Config = config;
        Prerequisites = prerequisites;
    }

    public Config Config { get; }
    public IDispatcherPrerequisites Prerequisites { get; }

    /// <summary>The dispatcher for one more user of this id: usually the same one each time.</summary>
    public abstract MessageDispatcher Dispatcher();

    protected ExecutorServiceConfigurator ConfigureExecutor() => Executors.ExecutorChoice.From(Config, Prerequisites);
}
