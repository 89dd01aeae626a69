using Akka.Actor;

namespace Akka.Embedded.Transports;

/// <summary>A network as remoting sees it: listens at one address, and dials others. One instance a system.</summary>
/// <remarks>Only frames pass here: <see cref="IConnection"/> puts the length in front and takes it off. What a frame means
/// (handshake, envelopes, acknowledgements) is the association's business.</remarks>
public interface ITransport
{
    /// <summary>Bare protocol, as it stands in a handshake: <c>tcp</c> or <c>ssl.tcp</c>. Paths say <c>akka.tcp</c>.</summary>
    string Scheme { get; }

    /// <summary>Starts to listen. Each new connection is handed over once; it reads nothing before <see cref="IConnection.Start"/>.</summary>
    /// <returns>Where others reach this system, with the port that was chosen; the protocol is <see cref="Scheme"/>.</returns>
    Task<Address> ListenAsync(Action<IConnection> accepted);

    /// <summary>Opens a connection to <paramref name="remote"/>.</summary>
    /// <exception cref="IOException">By the task: nobody there, refused, no TLS.</exception>
    Task<IConnection> ConnectAsync(Address remote, CancellationToken cancellationToken);

    /// <summary>Stops listening and closes all connections.</summary>
    Task ShutdownAsync();
}

/// <summary>One connection: frames both ways, in order, or the end of it.</summary>
public interface IConnection
{
    /// <summary>The other end as the network knows it, for logs.</summary>
    string Peer { get; }

    /// <summary>Starts to read. Calls of <paramref name="receiver"/> come one at a time.</summary>
    void Start(IFrameReceiver receiver);

    /// <summary>Writes bytes that already carry their frames' lengths; several frames, and parts of frames, in one call.
    /// One call at a time; the buffers are the caller's again when the task has ended.</summary>
    /// <exception cref="IOException">By the task: the connection has ended.</exception>
    ValueTask SendAsync(IList<ArraySegment<byte>> bytes);

    /// <summary>Says that no more will be sent. What was sent still arrives; the connection ends when the other end has closed it
    /// too.</summary>
    void Finish() => Close();

    /// <summary>Ends the connection, at once. The receiver hears of it by <see cref="IFrameReceiver.Closed"/>.</summary>
    void Close();
}

/// <summary>Takes what a connection reads.</summary>
public interface IFrameReceiver
{
    /// <summary>One frame without its length. The bytes are only valid during the call.</summary>
    void Received(ReadOnlyMemory<byte> frame);

    /// <summary>Several frames have been handed over and the connection is about to wait for more.</summary>
    void ReceivedAll();

    /// <summary>The connection has ended: last call, exactly one.</summary>
    /// <param name="cause">Null: the other end, or this one, closed it in good order.</param>
    void Closed(Exception? cause);
}
