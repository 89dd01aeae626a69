using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Configuration;

namespace ActorBroker.Benchmarks.Remote;

/// <summary>The other system, in a process of its own. <c>/user/sink</c> counts what it gets and reports every so many messages,
/// <c>/user/echo</c> sends it back. Mode <c>slow</c>: what is sent to it passes a pipe of <see cref="SlowBytesPerSecond"/>.
/// </summary>
internal static class RemotePeer
{
    public const int SlowBytesPerSecond = 20_000_000;

    /// <summary>Prints the port as its first line, and serves until the process is killed.</summary>
    public static void Run(string mode)
    {
        using var pipe = mode == "slow" ? new SlowPipe() : null;
        using var system = Start(pipe?.Port);
        system.ActorOf(Props.Create(() => new Sink()), "sink");
        system.ActorOf(Props.Create(() => new Echo()), "echo");
        var own = ((ExtendedActorSystem)system).Provider.DefaultAddress.Port!.Value;
        Console.WriteLine(own);
        pipe?.Serve();
        system.WhenTerminated.Wait();
    }

    /// <summary>A system that listens on loopback, with frames large enough for all that is measured.</summary>
    public static ActorSystem Start(int? publicPort = null)
    {
        var bind = publicPort is null ? 0 : SlowPipe.BindPort;
        return ActorSystem.Create("bench", ConfigurationFactory.ParseString($$"""
            akka {
              loglevel = ERROR
              stdout-loglevel = ERROR
              log-dead-letters = off
              actor.provider = remote
              remote {
                log-remote-lifecycle-events = off
                dot-netty.tcp { hostname = 127.0.0.1, port = {{bind}}, public-port = {{publicPort ?? 0}} }
                dot-netty.tcp.maximum-frame-size = 2m
              }
            }
            """));
    }

    public static Task<IActorRef> FindAsync(ActorSystem system, int port, string name) =>
        system.ActorSelection($"akka.tcp://bench@127.0.0.1:{port}/user/{name}").ResolveOne(TimeSpan.FromSeconds(10));

    private sealed class Sink : UntypedActor
    {
        private int _every;
        private long _count;

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case int every: // A new run: report after so many.
                    _every = every;
                    _count = 0;
                    Sender.Tell(0L);
                    break;
                case "count": Sender.Tell(_count); break;
                default:
                    if (++_count % _every == 0) Sender.Tell(_count);
                    break;
            }
        }
    }

    private sealed class Echo : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell(message);
    }

    /// <summary>Passes bytes on to the system behind it no faster than it may; back at any speed.</summary>
    private sealed class SlowPipe : IDisposable
    {
        public static readonly int BindPort = FreePort();
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

        public SlowPipe() => _listener.Start();

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public void Serve() => new Thread(() =>
        {
            while (true)
            {
                var inner = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                var outer = _listener.AcceptSocket();
                inner.Connect(IPAddress.Loopback, BindPort);
                new Thread(() => Pass(outer, inner, SlowBytesPerSecond)) { IsBackground = true }.Start();
                new Thread(() => Pass(inner, outer, int.MaxValue)) { IsBackground = true }.Start();
            }
        })
        { IsBackground = true }.Start();

        public void Dispose() => _listener.Dispose();

        private static void Pass(Socket from, Socket to, int bytesPerSecond)
        {
            var buffer = new byte[64 << 10];
            var started = System.Diagnostics.Stopwatch.StartNew();
            long passed = 0;
            while (from.Receive(buffer) is > 0 and var read)
            {
                to.Send(buffer.AsSpan(0, read));
                passed += read;
                var ahead = TimeSpan.FromSeconds((double)passed / bytesPerSecond) - started.Elapsed;
                if (ahead > TimeSpan.FromMilliseconds(1)) Thread.Sleep(ahead);
            }
        }

        private static int FreePort()
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            return ((IPEndPoint)listener.LocalEndpoint).Port;
        }
    }
}
