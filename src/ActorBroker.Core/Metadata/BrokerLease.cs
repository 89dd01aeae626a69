using System.Collections.Immutable;
using ActorBroker.Protocol;

namespace ActorBroker.Core.Metadata;

/// <summary>
/// For how long a broker may take what it knows of the cluster for current. One that is out of touch for longer than the others
/// take to notice may have been replaced as leader without knowing: it is cut off, or it stood still and goes on as if nothing
/// had been (a zombie).
/// </summary>
/// <remarks>
/// In touch is who has an answer of the controller, or of so many brokers that with itself they are half of all brokers, or of the
/// voters: while the controller moves, nobody loses what he leads. Brokers that are fenced are among all, as they may be on the other
/// side of a split, with the rest. But whoever knows more than this broker has been told proves nothing: it
/// may know who leads instead. An answer counts from when it was asked for, as it may have lain
/// around while this broker stood still. Once out of touch, only the controller's answer helps, and only when all is carried out
/// that it had decided by then. A controller on this very node stands still with it, so its answer needs those of other brokers
/// beside it, none of which may know more than it. Time is time since some start.
/// </remarks>
/// <param name="limit">How long an answer counts.</param>
/// <param name="voters">Who keeps the controller's journal: without half of them there is no other controller.</param>
public sealed class BrokerLease(TimeSpan limit, ImmutableArray<BrokerId> voters)
{
    private readonly Dictionary<BrokerId, (TimeSpan Asked, long Version)> _answers = [];
    private readonly List<TimeSpan> _asked = [];
    private HashSet<BrokerId> _others = [];
    private (TimeSpan Asked, long Version, bool IsHere) _controller = (TimeSpan.MinValue, long.MaxValue, false);
    private bool _isVoter;
    private long _carriedOut = -1;
    private long _told = -1;

    /// <summary>While it has this time or less, the broker serves. <see cref="TimeSpan.MaxValue"/>: nobody could replace
    /// it.</summary>
    public TimeSpan HeldUntil { get; private set; } = TimeSpan.MinValue;

    public bool IsHeld(TimeSpan now) => now <= HeldUntil;

    /// <summary>Is the controller not enough, or silent for so long that other brokers are to be asked?</summary>
    public bool NeedsOthers(TimeSpan now) =>
        _others.Count > 0 && (_controller.IsHere || !IsFresh(_controller.Asked, now, limit / 4));

    /// <summary>An image was carried out: what follows from it for this broker is done.</summary>
    public void CarriedOut(MetadataImage image, BrokerId self, TimeSpan now)
    {
        _carriedOut = image.Version;
        Told(_carriedOut);
        _others = [.. image.Brokers.Keys.Where(id => id != self)];
        _isVoter = voters.Contains(self);
        if (!image.Brokers.ContainsKey(self)) return; // Not in the cluster yet: there is nothing to lose.
        if (image.Brokers.Count == 1) HeldUntil = TimeSpan.MaxValue;
        else if (HeldUntil == TimeSpan.MaxValue) HeldUntil = now + limit;
        Look(now);
    }

    /// <summary>This broker has been told of all up to that version, whether it is carried out or not.</summary>
    public void Told(long version) => _told = Math.Max(_told, version);

    /// <summary>The controller says at which version it is.</summary>
    /// <param name="asked">When it was asked for that.</param>
    /// <param name="isHere">It runs on this broker's node.</param>
    public void ControllerAnswered(TimeSpan asked, long version, bool isHere, TimeSpan now)
    {
        if (asked >= _controller.Asked) _controller = (asked, version, isHere);
        Look(now);
    }

    /// <summary>Another broker says which version it knows.</summary>
    /// <param name="asked">When it was asked for that.</param>
    public void BrokerAnswered(BrokerId broker, TimeSpan asked, long version, TimeSpan now)
    {
        if (!_answers.TryGetValue(broker, out var last) || asked >= last.Asked) _answers[broker] = (asked, version);
        Look(now);
    }

    /// <summary>To be called now and then: where no answers are needed, that the time goes by regularly is all that
    /// counts.</summary>
    public void Look(TimeSpan now)
    {
        var byOthers = OthersAsked(now);
        var byController = _controller.IsHere && byOthers < _controller.Asked ? byOthers : _controller.Asked;
        if (IsHeld(now)) Extend(byController > byOthers ? byController : byOthers);
        else if (_controller.Version <= _carriedOut && IsFresh(byController, now, limit)
            && !(_controller.IsHere && SomeoneKnowsMore(now)))
            Extend(byController);
    }

    private void Extend(TimeSpan asked)
    {
        if (asked != TimeSpan.MinValue && HeldUntil != TimeSpan.MaxValue && asked + limit > HeldUntil) HeldUntil = asked + limit;
    }

    /// <summary>When the last time was that enough of the others were asked and have answered.</summary>
    private TimeSpan OthersAsked(TimeSpan now)
    {
        var asked = Asked(_others.Contains, Half(_others.Count + 1) - 1);
        var voted = Asked(voters.Contains, Half(voters.Length) - (_isVoter ? 1 : 0));
        return asked > voted ? asked : voted;

        TimeSpan Asked(Predicate<BrokerId> counts, int needed)
        {
            if (needed <= 0) return now;
            _asked.Clear();
            foreach (var (broker, answer) in _answers)
                if (counts(broker) && answer.Version <= _told) _asked.Add(answer.Asked);
            if (_asked.Count < needed) return TimeSpan.MinValue;
            _asked.Sort();
            return _asked[^needed];
        }
    }

    /// <summary>Rounded up.</summary>
    private static int Half(int count) => (count + 1) / 2;

    private bool SomeoneKnowsMore(TimeSpan now)
    {
        foreach (var (broker, answer) in _answers)
            if (_others.Contains(broker) && IsFresh(answer.Asked, now, limit) && answer.Version > _carriedOut) return true;
        return false;
    }

    private static bool IsFresh(TimeSpan asked, TimeSpan now, TimeSpan limit) => asked != TimeSpan.MinValue && asked + limit >= now;
}
