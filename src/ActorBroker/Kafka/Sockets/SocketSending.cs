using System.Net.Sockets;

namespace ActorBroker.Kafka.Sockets;

internal static class SocketSending
{
    /// <summary>Returns when the kernel has taken all bytes.</summary>
    public static ValueTask SendAllAsync(this Socket socket, ReadOnlyMemory<byte> bytes)
    {
        var sending = socket.SendAsync(bytes, SocketFlags.None);
        if (!sending.IsCompletedSuccessfully) return FinishAsync(socket, bytes, sending);
        var sent = sending.Result;
        return sent == bytes.Length ? ValueTask.CompletedTask : socket.SendAllAsync(bytes[sent..]);
    }

    private static async ValueTask FinishAsync(Socket socket, ReadOnlyMemory<byte> bytes, ValueTask<int> sending)
    {
        var sent = await sending.ConfigureAwait(false);
        if (sent < bytes.Length) await socket.SendAllAsync(bytes[sent..]).ConfigureAwait(false);
    }
}
