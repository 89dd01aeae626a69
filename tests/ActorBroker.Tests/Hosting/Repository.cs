namespace ActorBroker.Tests.Hosting;

/// <summary>The checkout that these tests were built from.</summary>
internal static class Repository
{
    public static string PathOf(params string[] parts)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root!.FullName, "ActorBroker.sln"))) root = root.Parent;
        return Path.Combine([root.FullName, .. parts]);
    }
}
