namespace ActorBroker.Kafka;

/// <summary>Who is at the other end of a connection.</summary>
/// <param name="Id">Number of the connection, never used again while the broker runs.</param>
/// <param name="Address">Address and port, for logs.</param>
/// <param name="Host">The address as Kafka shows a member's host: <c>/127.0.0.1</c>.</param>
/// <param name="Listener">Name of the listener that it came through, for example <c>PLAINTEXT</c>.</param>
/// <param name="LocalAddress">This machine's address that the client connected to, without the port.</param>
internal sealed record ClientConnection(long Id, string Address, string Host, string Listener, string LocalAddress);
