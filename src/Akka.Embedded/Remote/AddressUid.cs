using Akka.Actor;
using Akka.Actor.Internal;

namespace Akka.Remote;

/// <summary>Makes the <see cref="AddressUid"/> of a system.</summary>
public class AddressUidExtension : ExtensionIdProvider<AddressUid>
{
    public override AddressUid CreateExtension(ExtendedActorSystem system) =>
        new(((ActorSystemImpl)system).Random.Next(1, int.MaxValue));

    /// <summary>Tells this incarnation of the system from others at the same address.</summary>
    public static int Uid(ActorSystem system) => system.WithExtension<AddressUid, AddressUidExtension>().Uid;
}

/// <summary>A random number of each incarnation of a system, never negative.</summary>
public class AddressUid : IExtension
{
    public readonly int Uid;

    internal AddressUid(int uid) => Uid = uid;
}
