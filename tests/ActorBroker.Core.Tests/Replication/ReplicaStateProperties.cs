using ActorBroker.Core.Replication;
using ActorBroker.Protocol;
using FsCheck;
using FsCheck.Fluent;

namespace ActorBroker.Core.Tests.Replication;

/// <summary>Any sequence of what may happen to a leader with two followers, against what must hold for each.</summary>
public sealed class ReplicaStateProperties
{
    private static readonly BrokerId One = new(1), Two = new(2), Three = new(3);

    [Fact]
    public void Watermark_never_passes_a_replica_in_sync_nor_goes_back_and_every_produce_gets_one_answer() =>
        Prop.ForAll<int[]>(steps =>
        {
            var world = new World();
            foreach (var step in steps) world.Step(step);
            world.End();
        }).QuickCheckThrowOnFailure();

    private sealed class World
    {
        private readonly ReplicaState _state = new(One, Offset.Zero, Offset.Zero, Offset.Zero);
        private readonly Dictionary<BrokerId, Offset> _ends = new() { [Two] = Offset.None, [Three] = Offset.None };
        private readonly Dictionary<Ticket, (Offset End, TimeSpan Deadline)> _parked = [];
        private HashSet<BrokerId> _inSync = [One, Two, Three];
        private Epoch _term = Epoch.Zero;
        private TimeSpan _now;
        private long _tickets;
        private Offset _committed = Offset.Zero;

        public World() => Lead();

        public void Step(int random)
        {
            var argument = Math.Abs(random / 8 % 16);
            switch (Math.Abs(random % 8))
            {
                case 0 or 1:
                    _state.Appended(_state.LogEnd + 1 + argument, 10);
                    if (!_state.IsCommitted(_state.LogEnd)) Park(argument);
                    break;
                case 2: Fetch(Two, argument); break;
                case 3: Fetch(Three, argument); break;
                case 4:
                    _inSync = [One];
                    if ((argument & 1) != 0) _inSync.Add(Two);
                    if ((argument & 2) != 0) _inSync.Add(Three);
                    _state.SetInSync([.. _inSync]);
                    break;
                case 5:
                    _now += TimeSpan.FromSeconds(argument);
                    _state.Expire(_now);
                    break;
                case 6:
                    _term = _term.Next();
                    Lead();
                    break;
                default: _state.SetMinInSync(1 + argument % 3); break;
            }
            Check();
        }

        public void End()
        {
            _state.GoOffline();
            Check();
            Assert.Empty(_parked);
            Assert.Equal(0, _state.ParkedProduces);
        }

        private void Lead()
        {
            _ends[Two] = _ends[Three] = Offset.None;
            Assert.True(_state.Lead(_term, [One, Two, Three], [.. _inSync], _state.MinInSync, _now));
        }

        private void Park(int seconds)
        {
            var ticket = new Ticket(++_tickets);
            _parked[ticket] = (_state.LogEnd, _now + TimeSpan.FromSeconds(seconds));
            _state.ParkProduce(ticket, _state.LogEnd, _parked[ticket].Deadline);
        }

        private void Fetch(BrokerId follower, int forward)
        {
            var end = Offset.Min(Offset.Max(_ends[follower], Offset.Zero) + forward, _state.LogEnd);
            _ends[follower] = end;
            Assert.Equal(ErrorCode.None, _state.FollowerFetched(follower, end, Offset.Zero, _now));
        }

        private void Check()
        {
            Assert.True(_state.HighWatermark >= _committed);
            if (_state.HighWatermark > _committed)
                foreach (var (follower, end) in _ends)
                    if (_inSync.Contains(follower)) Assert.True(_state.HighWatermark <= end);
            _committed = _state.HighWatermark;
            while (_state.TryTakeEffect(out var effect))
            {
                if (effect.Kind != ReplicaEffectKind.AnswerProduce) continue;
                Assert.True(_parked.Remove(effect.To, out var parked));
                if (effect.Error is ErrorCode.None) Assert.True(parked.End <= _committed);
                if (effect.Error is ErrorCode.RequestTimedOut) Assert.True(parked.Deadline <= _now);
            }
        }
    }
}
