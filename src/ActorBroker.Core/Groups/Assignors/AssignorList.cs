namespace ActorBroker.Core.Groups.Assignors;

/// <summary>The assignors by their names.</summary>
public static class AssignorList
{
    public static readonly IReadOnlyList<IAssignor> All = [new RangeAssignor(), new RoundRobinAssignor(), new StickyAssignor()];

    /// <summary>Finds one by its name, or by the name of Kafka's class as in Java's configuration.</summary>
    public static IAssignor? Find(string name)
    {
        var last = name[(name.LastIndexOf('.') + 1)..];
        return All.FirstOrDefault(
            a => a.Name == name || string.Equals(a.Name + "Assignor", last, StringComparison.OrdinalIgnoreCase));
    }
}
