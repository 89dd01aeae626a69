namespace Akka.Util;

/// <summary>Finds the classes that configuration names.</summary>
/// <remarks>Configuration written for the official packages names their assemblies ("Akka.Event.DefaultLogger, Akka").
/// Here all of them live in two assemblies, so such names are looked up there first.</remarks>
internal static class TypeNames
{
    private const string Runtime = "Akka.Embedded";
    private const string TestKit = "Akka.Embedded.TestKit";

    public static Type? Find(string name)
    {
        var comma = name.IndexOf(',');
        var plain = (comma < 0 ? name : name[..comma]).Trim();
        if (comma < 0 || IsAkkaAssembly(name[(comma + 1)..]))
        {
            var ours = typeof(TypeNames).Assembly.GetType(plain)
                ?? (plain.StartsWith("Akka.TestKit", StringComparison.Ordinal) ? Type.GetType($"{plain}, {TestKit}") : null);
            if (ours is not null) return ours;
        }
        return Type.GetType(name) ?? (comma < 0 ? FindLoaded(plain) : null);
    }

    /// <exception cref="ArgumentException">No such type; names the configuration key.</exception>
    public static Type Require(string name, string key) =>
        Find(name) ?? throw new ArgumentException($"[{key}] names the type [{name}], which can't be loaded.");

    /// <summary>The name under which a type is known across processes and runtimes.</summary>
    public static string Of(Type type)
    {
        var assembly = type.Assembly.GetName().Name;
        return $"{type.FullName}, {(assembly is Runtime ? AkkaAssemblyOf(type) : assembly)}";
    }

    /// <summary>The name in the form of <see cref="Of"/>: without the assembly's version, culture and key.</summary>
    public static string WithoutVersion(string name)
    {
        var assembly = name.IndexOf(',', name.LastIndexOf(']') + 1);
        var version = assembly < 0 ? -1 : name.IndexOf(',', assembly + 1);
        return version < 0 ? name : name[..version];
    }

    private static bool IsAkkaAssembly(string assembly)
    {
        var name = assembly.Split(',')[0].Trim();
        return name == "Akka" || name.StartsWith("Akka.", StringComparison.Ordinal);
    }

    // Official assemblies are named after the leading part of their namespaces, except for what is in Akka.dll.
    private static string AkkaAssemblyOf(Type type)
    {
        string[] others = ["Akka.Cluster.Sharding", "Akka.Cluster.Tools", "Akka.Cluster", "Akka.Remote", "Akka.Persistence",
            "Akka.Coordination"];
        var space = type.Namespace ?? "";
        return Array.Find(others, o => space == o || space.StartsWith(o + ".", StringComparison.Ordinal)) ?? "Akka";
    }

    private static Type? FindLoaded(string name) =>
        AppDomain.CurrentDomain.GetAssemblies().Select(a => a.GetType(name)).FirstOrDefault(t => t is not null);
}
