using ActorBroker.Core.Metadata;
using static ActorBroker.Controller.ControllerMessages;

namespace ActorBroker.Metadata;

/// <summary>Runs <see cref="BrokerLease"/>: the controller's answers say that this broker is in touch; while there are none,
/// other brokers are asked.</summary>
internal sealed partial class MetadataFollower
{
    private readonly BrokerLease _lease;
    private bool _isInTouch;

    private TimeSpan Now => _parts.Lease.Now;

    private void StayInTouch()
    {
        if (!_parts.Lease.CanEnd) return;
        InTouch(lease => lease.Look(Now));
        if (!_lease.NeedsOthers(Now)) return;
        var touch = new Touch(Now.Ticks);
        foreach (var other in _parts.Others()) other.Tell(touch, Self);
    }

    private void InTouch(Action<BrokerLease> change)
    {
        if (!_parts.Lease.CanEnd) return;
        if (_isInTouch && !_lease.IsHeld(Now))
        {
            _isInTouch = false;
            Log.OutOfTouch(_parts.Log, _parts.Broker, _parts.Lease.Limit);
            _parts.LostTouch();
        }
        change(_lease);
        _parts.Lease.Publish(_lease.HeldUntil);
        if (_isInTouch || !_lease.IsHeld(Now)) return;
        _isInTouch = true;
        Log.InTouch(_parts.Log, _parts.Broker, Image.Version);
    }
}
