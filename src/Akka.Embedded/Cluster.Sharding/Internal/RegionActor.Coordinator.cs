using Akka.Actor;
using Akka.Cluster.Tools.Singleton.Internal;
using Akka.Event;
using static Akka.Cluster.Sharding.Internal.Protocol;

namespace Akka.Cluster.Sharding.Internal;

/// <summary>How a region finds its coordinator, and keeps asking it.</summary>
internal sealed partial class RegionActor
{
    private void See(Elders elders)
    {
        _elders = elders;
        if (elders.Oldest?.UniqueAddress == _oldest) return;
        _oldest = elders.Oldest?.UniqueAddress;
        LoseCoordinator();
    }

    /// <summary>From here on nothing that it says counts: the next one will go by what we tell it.</summary>
    private void LoseCoordinator()
    {
        if (_coordinator is not null) Context.Unwatch(_coordinator);
        _coordinator = null;
        _retryDelay = FirstRetry;
        _warnedLonely = false;
        Register();
    }

    private void Register()
    {
        if (_oldest is not null)
        {
            IMessage registration = IsProxy ? new RegisterProxy(Self) : new Register(Self, _state.Hosted);
            Context.ActorSelection(new RootActorPath(_oldest.Address) / _coordinatorPath).Tell(registration);
        }
        Timers.StartSingleTimer(nameof(Tick), Tick.Instance, _retryDelay);
        var most = _recipe.Settings.TuningParameters.RetryInterval;
        _retryDelay = _retryDelay * 2 < most ? _retryDelay * 2 : most;
    }

    private void RegisteredBy(IActorRef coordinator)
    {
        var address = coordinator.Path.Address.HasLocalScope ? _cluster.SelfAddress : coordinator.Path.Address;
        if (_oldest is null || address != _oldest.Address || _coordinator is not null) return;
        _coordinator = Context.Watch(coordinator);
        _state.HasNewCoordinator();
        AskAgain();
    }

    private void OnTick()
    {
        if (_coordinator is not null)
        {
            AskAgain();
            return;
        }
        if (!_warnedLonely && _state.Waiting > 0 && _retryDelay >= _recipe.Settings.TuningParameters.RetryInterval)
        {
            _log.Warning("Region [{0}] finds no coordinator at [{1}]; {2} messages wait", _recipe.TypeName,
                _oldest?.ToString() ?? "no member", _state.Waiting);
            _warnedLonely = true;
        }
        Register();
    }

    /// <summary>Where there is none, all is asked for when there is.</summary>
    private void Ask(IMessage question)
    {
        if (_coordinator is null) return;
        _coordinator.Tell(question);
        TickLater();
    }

    private void AskAgain()
    {
        foreach (var shard in _state.Wanted) _coordinator!.Tell(new GetShardHome(shard));
        if (_state.Leaving) _coordinator!.Tell(new GracefulShutdownReq(Self));
        if (_state.Leaving || _state.Wanted.Any()) TickLater();
        else Timers.Cancel(nameof(Tick));
    }

    /// <summary>What the coordinator is asked now may be lost.</summary>
    private void TickLater() =>
        Timers.StartSingleTimer(nameof(Tick), Tick.Instance, _recipe.Settings.TuningParameters.RetryInterval);
}
