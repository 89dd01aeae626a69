using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Dispatch.MessageQueues;

namespace Akka.Event;

/// <summary>A queue fit for loggers.</summary>
public interface ILoggerMessageQueueSemantics : ISemantics;

/// <summary>The mailbox of loggers: unbounded.</summary>
internal sealed class LoggerMailboxType(Settings settings, Config config) : MailboxType(settings, config),
    IProducesMessageQueue<LoggerMessageQueue>
{
    public override IMessageQueue Create(IActorRef owner, ActorSystem system) => new LoggerMessageQueue();
}

internal sealed class LoggerMessageQueue : UnboundedMessageQueue, ILoggerMessageQueueSemantics;
