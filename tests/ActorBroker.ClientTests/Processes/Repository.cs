namespace ActorBroker.ClientTests.Processes;

/// <summary>Where things lie in the checkout that these tests were built from.</summary>
internal static class Repository
{
    private static readonly string _root = FindRoot();

    /// <summary>The executable under test, from its default output path, of the same configuration as these tests.</summary>
    public static string Broker { get; } = Path.Combine(
        _root, "src", "ActorBroker.Server", "bin", Configuration(), "net10.0", "actorbroker");

    public static string Clients { get; } = Path.Combine(_root, "tests", "ActorBroker.ClientTests", "clients");

    public static string License { get; } = Path.Combine(_root, "LICENSE");

    public static string LocalCluster { get; } = Path.Combine(_root, "ops", "local-cluster.sh");

    public static string ClusterConfig { get; } = Path.Combine(_root, "hocon", "cluster.conf");

    private static string Configuration() =>
        AppContext.BaseDirectory.Contains("/Debug/", StringComparison.Ordinal) ? "Debug" : "Release";

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "ActorBroker.sln"))) return folder.FullName;
        throw new DirectoryNotFoundException($"no ActorBroker.sln above {AppContext.BaseDirectory}");
    }
}
