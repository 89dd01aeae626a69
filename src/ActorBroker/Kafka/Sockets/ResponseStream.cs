using System.Net.Sockets;

namespace ActorBroker.Kafka.Sockets;

/// <summary>Where a handler sends an answer itself, because it does not fit into one buffer: the records of a Fetch.</summary>
internal sealed class ResponseStream(Socket socket)
{
    /// <summary>Returns when the kernel has taken all bytes.</summary>
    public ValueTask SendAsync(ReadOnlyMemory<byte> bytes) => socket.SendAllAsync(bytes);
}
