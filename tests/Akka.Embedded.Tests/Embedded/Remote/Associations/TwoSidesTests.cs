using static Akka.Embedded.Tests.Embedded.Remote.Associations.Side;
using static Akka.Remote.Associations.AssociationProtocol;

namespace Akka.Embedded.Tests.Embedded.Remote.Associations;

/// <summary>Two sides and a network that breaks at random: system messages arrive once, in order.</summary>
public class TwoSidesTests
{
    [Fact]
    public void System_messages_arrive_once_and_in_order_whatever_happens_to_links()
    {
        for (var seed = 0; seed < 300; seed++) new Pair(seed).Run();
    }

    private sealed class Pair(int seed)
    {
        private readonly Random _random = new(seed);
        private readonly Side[] _sides = [new(), new()];
        private readonly List<int>[] _sent = [[], []];
        private readonly List<int>[] _delivered = [[], []];
        private readonly List<Wire> _wires = [];
        private int _lastLink;

        // A link has one number on both sides. What is under way is what the receiver will hear, in order.
        private sealed record Wire(int Link, int Dialler)
        {
            public readonly Queue<IInput>[] ToSide = [new(), new()];
        }

        public void Run()
        {
            for (var step = 0; step < 300; step++) Do(_random.Next(20));
            for (var rounds = 0; rounds < 100; rounds++)
            {
                while (_wires.Any(w => w.ToSide.Any(q => q.Count > 0))) Move(_wires.First(w => w.ToSide.Any(q => q.Count > 0)));
                for (var side = 0; side < 2; side++) Run(side, _sides[side].After(Seconds(1)));
            }
            for (var side = 0; side < 2; side++)
            {
                Assert.True(_sent[side].SequenceEqual(_delivered[1 - side]),
                    $"seed {seed}: what side {side} sent was not delivered once each in order");
                Assert.Equal(0, _sides[side].State.UnacknowledgedCount);
            }
        }

        private void Do(int what)
        {
            var side = _random.Next(2);
            switch (what)
            {
                case < 6 when _sides[side].State.UnacknowledgedCount < Rules.SystemMessageCapacity - 1:
                    _sent[side].Add(_sent[side].Count);
                    Run(side, _sides[side].Send(_sent[side].Count - 1));
                    break;
                case 6: Run(side, _sides[side].Wanted()); break;
                case 7 when _wires.Count > 0: Cut(_wires[_random.Next(_wires.Count)]); break;
                case 8: Run(side, _sides[side].After(Seconds(_random.Next(6)))); break;
                default: if (_wires.Count > 0) Move(_wires[_random.Next(_wires.Count)]); break;
            }
        }

        private void Move(Wire wire)
        {
            var side = wire.ToSide[0].Count > 0 && (wire.ToSide[1].Count == 0 || _random.Next(2) == 0) ? 0 : 1;
            if (!wire.ToSide[side].TryDequeue(out var input)) return;
            Run(side, _sides[side].Step(input));
            if (input is Received) Run(side, _sides[side].Step(new Drained(wire.Link)));
        }

        private void Cut(Wire wire)
        {
            _wires.Remove(wire);
            for (var side = 0; side < 2; side++)
            {
                Run(side, _sides[side].Step(new LinkClosed(wire.Link, "cut")));
                if (side == wire.Dialler) Run(side, _sides[side].Step(new DialFailed(AttemptOf(wire.Link), "cut")));
            }
        }

        private void Run(int side, IEnumerable<Effect> effects)
        {
            foreach (var effect in effects.ToList())
            {
                switch (effect)
                {
                    case Dial(var attempt): StartLink(side, attempt); break;
                    case Answer(var link): Put(link, side, new HandshakeDone(link, 100 + side, Inbound: false, AttemptOf(link))); break;
                    case Transmit(var link, var seq, var message): Put(link, side, new Received(link, seq, message)); break;
                    case SendAck(var link, var ack): Put(link, side, new Acknowledged(link, ack)); break;
                    case SayFarewell(var link, var reason): Put(link, side, new Disassociated(link, reason)); break;
                    case Deliver(var message): _delivered[side].Add((int)message); break;
                    case Lost or NowQuarantined: Assert.Fail($"seed {seed}: {effect}"); break;
                }
            }
        }

        private readonly Dictionary<int, int> _attempts = [];
        private int AttemptOf(int link) => _attempts[link];

        private void Put(int link, int from, IInput input) => _wires.Find(w => w.Link == link)?.ToSide[1 - from].Enqueue(input);

        private void StartLink(int side, int attempt)
        {
            var wire = new Wire(++_lastLink, side);
            _attempts[wire.Link] = attempt;
            _wires.Add(wire);
            wire.ToSide[1 - side].Enqueue(new HandshakeDone(wire.Link, 100 + side, Inbound: true));
        }
    }
}
