using Akka.Actor;

namespace Akka.Remote;

/// <summary>Remoting can't do what it is asked to: listen, connect, send.</summary>
public class RemoteTransportException(string message, Exception? cause = null) : AkkaException(message, cause);
