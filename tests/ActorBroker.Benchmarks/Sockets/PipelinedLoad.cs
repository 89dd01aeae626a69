using System.Diagnostics;

namespace ActorBroker.Benchmarks.Sockets;

/// <summary>Sends one frame again and again, with a bounded number of answers outstanding.</summary>
internal static class PipelinedLoad
{
    /// <summary>Sends from several connections at once; seconds from the first byte to the last answer.</summary>
    /// <param name="port">Of the server.</param>
    /// <param name="frames">One for each connection.</param>
    /// <param name="framesEach">How many each connection sends.</param>
    /// <param name="window">How many of them may be unanswered.</param>
    /// <param name="check">Looks at the first and the last answer of each connection.</param>
    public static Task<double> RunAsync(
        int port, byte[][] frames, int framesEach, int window, Action<ReadOnlyMemory<byte>> check) =>
        RunAsync([.. frames.Select(frame => (port, frame))], framesEach, window, check);

    /// <summary>The same, to several servers.</summary>
    public static async Task<double> RunAsync(
        (int Port, byte[] Frame)[] connections, int framesEach, int window, Action<ReadOnlyMemory<byte>> check)
    {
        var sockets = connections.Select(connection => new FrameSocket(connection.Port)).ToArray();
        try
        {
            var started = Stopwatch.GetTimestamp();
            await Task.WhenAll(connections.Select(
                (connection, n) => OnThread(() => Send(sockets[n], connection.Frame, framesEach, window, check))));
            return Stopwatch.GetElapsedTime(started).TotalSeconds;
        }
        finally
        {
            foreach (var socket in sockets) socket.Dispose();
        }
    }

    private static void Send(FrameSocket socket, byte[] frame, int count, int window, Action<ReadOnlyMemory<byte>> check)
    {
        var sent = 0;
        for (var answered = 0; answered < count; answered++)
        {
            while (sent < count && sent - answered < window)
            {
                socket.Send(frame);
                sent++;
            }

            var answer = socket.Receive();
            if (answered == 0 || answered == count - 1) check(answer);
        }
    }

    private static Task OnThread(Action action) =>
        Task.Factory.StartNew(action, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
