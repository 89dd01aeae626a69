using System.Globalization;
using ActorBroker.Protocol;
using Akka.Actor;
using Akka.Cluster;

namespace ActorBroker.Controller;

/// <summary>What a broker's node is called among the roles of the Akka cluster.</summary>
internal static class BrokerRole
{
    /// <summary>Every broker has it: any may run the controller.</summary>
    public const string Any = "broker";

    private const string Prefix = "broker-";

    /// <summary>The role of the one broker with this id.</summary>
    public static string Of(BrokerId broker) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{broker.Value}");

    /// <summary>An actor of each other broker whose node is a member.</summary>
    public static IEnumerable<ICanTell> Others(ActorSystem system, string path)
    {
        var cluster = Cluster.Get(system);
        return cluster.State.Members
            .Where(m => m.Address != cluster.SelfAddress && Of(m) is not null)
            .Where(m => m.Status is not (MemberStatus.Down or MemberStatus.Removed))
            .Select(m => (ICanTell)system.ActorSelection($"{m.Address}{path}"));
    }

    /// <summary>The broker whose node has that address; null: the cluster has no such node.</summary>
    public static BrokerId? At(ActorSystem system, Address address)
    {
        foreach (var member in Cluster.Get(system).State.Members)
            if (member.Address == address) return Of(member);
        return null;
    }

    /// <summary>The broker that the member is; null: it is none.</summary>
    public static BrokerId? Of(Member member)
    {
        foreach (var role in member.Roles)
        {
            if (role.StartsWith(Prefix, StringComparison.Ordinal)
                && int.TryParse(role.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var id))
                return new BrokerId(id);
        }
        return null;
    }
}
