using System.Buffers.Binary;
using System.Text;
using Akka.Actor;
using Akka.Embedded.Simulation;
using Akka.Embedded.Transports;

namespace Akka.Embedded.Tests.Embedded.Simulation;

/// <summary>The network of the simulation by itself, without remoting.</summary>
public sealed class SimulatedNetworkTests : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly SimulatedWorld _world = new(seed: 1);
    private readonly List<Reader> _accepted = [];
    private readonly SimulatedNode _a;
    private readonly SimulatedNode _b;
    private readonly ITransport _transportA;
    private readonly ITransport _transportB;
    private readonly Address _address;

    public SimulatedNetworkTests()
    {
        _a = _world.StartNode("a");
        _b = _world.StartNode("b");
        _transportA = _world.Network.TransportOf(_a, (ExtendedActorSystem)_a.System);
        _transportB = _world.Network.TransportOf(_b, (ExtendedActorSystem)_b.System);
        _address = Run(_transportB.ListenAsync(connection => _accepted.Add(new Reader(connection))));
    }

    public void Dispose() => _world.Dispose();

    [Fact]
    public void Frames_come_in_order_and_whole_however_they_were_written()
    {
        var (mine, theirs) = Connect();
        byte[] bytes = [.. Frame("one"), .. Frame(""), .. Frame("three")];
        for (var at = 0; at < bytes.Length; at += 3)
            Run(mine.Connection.SendAsync([new(bytes, at, Math.Min(3, bytes.Length - at))]));
        Run(theirs.Connection.SendAsync([Frame("back")]));
        _world.RunFor(Second);
        Assert.Equal(["one", "", "three"], theirs.Frames);
        Assert.Equal(["back"], mine.Frames);
    }

    [Fact]
    public void What_is_sent_takes_the_links_time()
    {
        var (mine, theirs) = Connect();
        var slow = new LinkSettings { MinDelay = Second, MaxDelay = 2 * Second };
        _world.Network.Configure("a", "b", slow);
        Run(mine.Connection.SendAsync([Frame("x")]));
        _world.RunFor(0.99 * Second);
        Assert.Empty(theirs.Frames);
        _world.RunFor(1.1 * Second);
        Assert.Single(theirs.Frames);
    }

    [Fact]
    public void Nobody_hears_of_a_cut_and_what_was_sent_arrives_after_it()
    {
        var (mine, theirs) = Connect();
        _world.Network.Cut("a", "b");
        for (var i = 0; i < 5; i++) Run(mine.Connection.SendAsync([Frame($"{i}")]));
        _world.RunFor(TimeSpan.FromMinutes(10));
        Assert.Empty(theirs.Frames);
        Assert.Null(mine.Ended ?? theirs.Ended);
        _world.Network.HealAll();
        Run(mine.Connection.SendAsync([Frame("5")]));
        _world.RunFor(Second);
        Assert.Equal(["0", "1", "2", "3", "4", "5"], theirs.Frames);
    }

    [Fact]
    public void A_cut_one_way_lets_the_other_way_pass_until_the_window_is_full()
    {
        var (mine, theirs) = Connect();
        _world.Network.WindowBytes = 100;
        _world.Network.CutOneWay("a", "b");
        Run(mine.Connection.SendAsync([Frame("lost")]));
        for (var i = 0; i < 3; i++) Run(theirs.Connection.SendAsync([Frame(new string('x', 20))]));
        var tooMuch = theirs.Connection.SendAsync([Frame(new string('y', 60))]).AsTask();
        _world.RunFor(Second);
        Assert.Empty(theirs.Frames);
        Assert.Equal(4, mine.Frames.Count); // It arrives, but no acknowledgement comes back.
        Assert.False(tooMuch.IsCompleted);
        _world.Network.HealOneWay("a", "b");
        _world.RunFor(Second);
        Assert.True(tooMuch.IsCompletedSuccessfully);
        Assert.Equal(["lost"], theirs.Frames);
    }

    [Fact]
    public void A_reader_that_does_not_read_stops_the_writer()
    {
        var (mine, theirs) = Connect();
        _world.Network.WindowBytes = 1000;
        _world.Pause(_b);
        var written = 0;
        var writing = Write();
        _world.RunFor(TimeSpan.FromMinutes(1));
        Assert.InRange(written, 1, 20);
        _world.Resume(_b);
        _world.RunFor(TimeSpan.FromMinutes(1));
        Assert.Equal(100, written);
        Assert.Equal(100, theirs.Frames.Count);
        Assert.True(writing.IsCompletedSuccessfully);

        async Task Write()
        {
            for (; written < 100; written++)
                await mine.Connection.SendAsync([Frame(new string('z', 100))]).ConfigureAwait(false);
        }
    }

    [Fact]
    public void A_close_arrives_after_the_data_and_ends_both_ends()
    {
        var (mine, theirs) = Connect();
        Run(mine.Connection.SendAsync([Frame("last")]));
        mine.Connection.Close();
        _world.RunFor(Second);
        Assert.Equal(["last"], theirs.Frames);
        Assert.Equal("in good order", mine.Ended);
        Assert.Equal("in good order", theirs.Ended);
        Assert.True(mine.Connection.SendAsync([Frame("more")]).AsTask().IsFaulted);
    }

    [Fact]
    public void A_reset_is_an_error_at_both_ends_and_to_who_waits_to_write()
    {
        var (mine, theirs) = Connect();
        _world.Network.WindowBytes = 10;
        _world.Pause(_b);
        var waiting = mine.Connection.SendAsync([Frame("much more than ten")]).AsTask();
        _world.Network.Reset("a", "b");
        _world.Resume(_b);
        _world.RunFor(Second);
        Assert.True(waiting.IsFaulted);
        Assert.Contains("reset", mine.Ended);
        Assert.Contains("reset", theirs.Ended);
    }

    [Fact]
    public void A_killed_process_is_no_more_for_its_peers_at_once_or_after_the_cut()
    {
        var (mine, _) = Connect();
        _world.Network.Cut("a", "b");
        _world.Crash(_b);
        _world.RunFor(TimeSpan.FromMinutes(1));
        Assert.Null(mine.Ended);
        _world.Network.Heal("a", "b");
        _world.RunFor(Second);
        Assert.NotNull(mine.Ended);
        Assert.True(Dial(Second).IsFaulted);
    }

    [Fact]
    public void A_dial_is_refused_where_nobody_listens()
    {
        var refused = _transportA.ConnectAsync(_address.WithPort(1), CancellationToken.None);
        _world.RunFor(Second);
        Assert.IsType<IOException>(refused.Exception!.InnerException);
    }

    [Fact]
    public void A_dial_hangs_over_a_cut_link_until_it_heals()
    {
        _world.Network.CutOneWay("b", "a");
        var dial = Dial(TimeSpan.FromMinutes(5));
        Assert.False(dial.IsCompleted);
        _world.Network.HealAll();
        _world.RunFor(2 * Second);
        Assert.True(dial.IsCompletedSuccessfully);
    }

    [Fact]
    public void A_dial_can_be_given_up()
    {
        _world.Network.Cut("a", "b");
        using var patience = new CancellationTokenSource();
        var dial = _transportA.ConnectAsync(_address, patience.Token);
        _world.RunFor(Second);
        patience.Cancel();
        Assert.False(dial.IsCompleted); // Not within the one who cancels.
        _world.RunFor(Second);
        Assert.True(dial.IsCanceled);
    }

    [Fact]
    public void A_paused_process_is_dialed_and_takes_the_connection_later()
    {
        _world.Pause(_b);
        Assert.True(Dial(Second).IsCompletedSuccessfully);
        Assert.Empty(_accepted);
        _world.Resume(_b);
        _world.RunFor(Second);
        Assert.Single(_accepted);
    }

    [Fact]
    public void A_port_can_be_used_again_when_its_process_has_ended()
    {
        _world.Crash(_b);
        var again = _world.StartNode("b");
        var transport = _world.Network.TransportOf(again, (ExtendedActorSystem)again.System);
        Assert.Equal(_address, Run(transport.ListenAsync(_ => { })));
        Assert.True(transport.ListenAsync(_ => { }).IsCompletedSuccessfully); // Port 0: the next one.
    }

    [Theory]
    [InlineData(0.3, 0, 0)]
    [InlineData(0, 0.3, 0)]
    [InlineData(0, 0, 0.3)]
    public void A_bad_link_loses_repeats_or_reorders_frames(double drop, double duplicate, double reorder)
    {
        var (mine, theirs) = Connect();
        _world.Network.Default = new LinkSettings { Drop = drop, Duplicate = duplicate, Reorder = reorder };
        for (var i = 0; i < 200; i++)
        {
            Run(mine.Connection.SendAsync([Frame($"{i}")]));
            _world.RunFor(TimeSpan.FromMilliseconds(5));
        }
        _world.RunFor(Second);
        var numbers = theirs.Frames.Select(f => int.Parse(f, System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        Assert.Equal(drop > 0, numbers.Distinct().Count() < 200);
        Assert.Equal(duplicate > 0, numbers.Length > numbers.Distinct().Count());
        Assert.Equal(reorder > 0, !numbers.Order().SequenceEqual(numbers));
    }

    [Fact]
    public void A_frame_with_a_mad_length_ends_the_connection()
    {
        var (mine, theirs) = Connect();
        Assert.True(mine.Connection.SendAsync([new byte[] { 0xff, 0xff, 0xff, 0xff }]).AsTask().IsFaulted);
        _world.RunFor(Second);
        Assert.Contains("bad frame", theirs.Ended);
    }

    private (Reader Mine, Reader Theirs) Connect()
    {
        var before = _accepted.Count;
        var mine = new Reader(Run(Dial(Second)));
        return (mine, _accepted[before]);
    }

    private Task<IConnection> Dial(TimeSpan wait)
    {
        var dial = _transportA.ConnectAsync(_address, CancellationToken.None);
        _world.RunFor(wait);
        return dial;
    }

    private T Run<T>(Task<T> task) => _world.Await(task, Second);

    private static void Run(ValueTask task) => Assert.True(task.IsCompletedSuccessfully);

    private static byte[] Frame(string text)
    {
        var bytes = new byte[4 + text.Length];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, text.Length);
        Encoding.ASCII.GetBytes(text, bytes.AsSpan(4));
        return bytes;
    }

    private sealed class Reader : IFrameReceiver
    {
        public Reader(IConnection connection)
        {
            Connection = connection;
            connection.Start(this);
        }

        public IConnection Connection { get; }
        public List<string> Frames { get; } = [];
        public string? Ended { get; private set; }

        public void Received(ReadOnlyMemory<byte> frame) => Frames.Add(Encoding.ASCII.GetString(frame.Span));
        public void ReceivedAll() { }

        public void Closed(Exception? cause)
        {
            Assert.Null(Ended);
            Ended = cause?.Message ?? "in good order";
        }
    }
}
