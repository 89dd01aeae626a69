using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace ActorBroker.Benchmarks.Bare;

/// <summary>
/// What a machine can do with no broker in between, run as a process of its own so that its CPU seconds can be read.
/// <c>sink</c> writes each length-prefixed frame to a file and answers with a frame as long as a Produce response;
/// <c>pong</c> answers each frame with itself; <c>source</c> answers each frame with 1 MiB of a file, by sendfile(2);
/// <c>drain</c> reads as many bytes as the first eight say (little-endian), and answers with an empty frame.
/// </summary>
internal static partial class BareServer
{
    public const int AnswerBytes = 60;
    public const int RangeBytes = 1 << 20;
    private const int FileBytes = 64 << 20;

    /// <summary>Serves one connection after another until the process is killed. Prints the port as its first line.</summary>
    public static void Run(string mode, string folder)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        Console.WriteLine(((IPEndPoint)listener.LocalEndPoint!).Port);
        while (true)
        {
            var socket = listener.Accept();
            socket.NoDelay = true;
            var file = Path.Combine(folder, Guid.NewGuid().ToString("N"));
            new Thread(() => Serve(socket, mode, file)) { IsBackground = true }.Start();
        }
    }

    private static void Serve(Socket socket, string mode, string path)
    {
        using (socket)
        using (var file = File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose))
        {
            var buffer = GC.AllocateUninitializedArray<byte>(2 << 20, pinned: true);
            if (mode == "drain")
            {
                Drain(socket, buffer);
                return;
            }

            if (mode == "source")
                for (long at = 0; at < FileBytes; at += buffer.Length) RandomAccess.Write(file, buffer, at);

            var answer = new byte[mode == "source" ? 4 : AnswerBytes];
            BinaryPrimitives.WriteInt32BigEndian(answer, mode == "source" ? RangeBytes : AnswerBytes - 4);
            long position = 0;
            while (Fill(socket, buffer.AsSpan(0, 4)))
            {
                var length = BinaryPrimitives.ReadInt32BigEndian(buffer);
                if (!Fill(socket, buffer.AsSpan(4, length))) return;
                switch (mode)
                {
                    case "sink":
                        RandomAccess.Write(file, buffer.AsSpan(4, length), position);
                        position += length;
                        Send(socket, answer);
                        break;
                    case "source":
                        Send(socket, answer);
                        SendFile(socket, file, position);
                        position = (position + RangeBytes) % FileBytes;
                        break;
                    default:
                        Send(socket, buffer.AsSpan(0, 4 + length));
                        break;
                }
            }
        }
    }

    private static void Drain(Socket socket, byte[] buffer)
    {
        if (!Fill(socket, buffer.AsSpan(0, 8))) return;
        for (var left = BinaryPrimitives.ReadInt64LittleEndian(buffer); left > 0;)
        {
            var read = socket.Receive(buffer);
            if (read == 0) return;
            left -= read;
        }

        Send(socket, new byte[4]);
    }

    private static bool Fill(Socket socket, Span<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            var read = socket.Receive(buffer);
            if (read == 0) return false;
            buffer = buffer[read..];
        }

        return true;
    }

    private static void Send(Socket socket, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty) bytes = bytes[socket.Send(bytes)..];
    }

    private static void SendFile(Socket socket, SafeHandle file, long from)
    {
        var left = (nint)RangeBytes;
        while (left > 0)
        {
            var sent = SendFile((int)socket.Handle, (int)file.DangerousGetHandle(), ref from, left);
            if (sent <= 0) throw new IOException($"sendfile: {Marshal.GetLastPInvokeErrorMessage()}");
            left -= sent;
        }
    }

    [LibraryImport("libc", EntryPoint = "sendfile", SetLastError = true)]
    private static partial nint SendFile(int socket, int file, ref long offset, nint count);
}
