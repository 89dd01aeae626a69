namespace ActorBroker.ClientTests.Processes;

/// <summary>A folder of one test, removed with it.</summary>
internal sealed class TempFolder : IDisposable
{
    public TempFolder() => FullName = Directory.CreateTempSubdirectory("actorbroker-").FullName;

    public string FullName { get; }

    public string this[string name] => Path.Combine(FullName, name);

    public void Dispose() => Directory.Delete(FullName, recursive: true);
}
