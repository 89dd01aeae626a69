using Akka.Actor;

namespace Akka.Remote;

public partial class RemoteWatcher
{
    /// <summary>An actor of this system and one of another.</summary>
    public abstract class WatchCommand
    {
        protected WatchCommand(IInternalActorRef watchee, IInternalActorRef watcher)
        {
            Watchee = watchee;
            Watcher = watcher;
        }

        public IInternalActorRef Watchee { get; }
        public IInternalActorRef Watcher { get; }
    }

    /// <summary>Watch it in the watcher's stead.</summary>
    public sealed class WatchRemote(IInternalActorRef watchee, IInternalActorRef watcher) : WatchCommand(watchee, watcher);

    /// <summary>Undoes <see cref="WatchRemote"/>.</summary>
    public sealed class UnwatchRemote(IInternalActorRef watchee, IInternalActorRef watcher) : WatchCommand(watchee, watcher);

    /// <summary>From one remote watcher to another: are you there?</summary>
    public sealed class Heartbeat : IPriorityMessage
    {
        private Heartbeat() { }

        public static Heartbeat Instance { get; } = new();
    }

    /// <summary>Answer to <see cref="Heartbeat"/>: yes, and in this incarnation.</summary>
    public class HeartbeatRsp(int addressUid) : IPriorityMessage
    {
        public int AddressUid { get; } = addressUid;
    }

    /// <summary>Time to probe.</summary>
    public class HeartbeatTick
    {
        private HeartbeatTick() { }

        public static HeartbeatTick Instance { get; } = new();
    }

    /// <summary>Time to look for the silent.</summary>
    public class ReapUnreachableTick
    {
        private ReapUnreachableTick() { }

        public static ReapUnreachableTick Instance { get; } = new();
    }

    /// <summary>A system should have answered its first heartbeat by now.</summary>
    public sealed class ExpectedFirstHeartbeat(Address from)
    {
        public Address From { get; } = from;
    }
}
