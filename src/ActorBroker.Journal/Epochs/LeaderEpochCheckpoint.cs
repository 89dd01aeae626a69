using ActorBroker.Journal.Checkpoints;
using ActorBroker.Journal.Files;
using ActorBroker.Protocol;

namespace ActorBroker.Journal.Epochs;

/// <summary>
/// <c>leader-epoch-checkpoint</c> of a partition: <c>epoch startOffset</c>. Written at each change of leader and flushed with
/// the log: what lies above the recovery point is also in the batches, from which recovery takes it.
/// </summary>
public sealed class LeaderEpochCheckpoint(ILogFileSystem files, string directory)
{
    public const string FileName = "leader-epoch-checkpoint";

    public string Path { get; } = System.IO.Path.Combine(directory, FileName);

    public void Write(LeaderEpochs epochs) => CheckpointText.Write(
        files, Path, [.. epochs.Entries.Select(entry => CheckpointText.Line(entry.Epoch, entry.StartOffset))], durable: false);

    public void Flush()
    {
        if (!files.FileExists(Path)) return;
        using var file = files.Open(Path, LogFileMode.OpenExisting);
        file.Flush();
    }

    /// <returns><c>null</c>: damaged; the batches say the same.</returns>
    public LeaderEpochs? Read() =>
        CheckpointText.Read<EpochStart>(files, Path, TryParse) is { } entries ? LeaderEpochs.Of(entries) : null;

    private static bool TryParse(string[] parts, out EpochStart entry)
    {
        entry = default;
        if (parts.Length != 2 || !CheckpointText.TryNumber(parts[0], out var epoch) || epoch > int.MaxValue) return false;
        if (!CheckpointText.TryNumber(parts[1], out var offset)) return false;
        entry = new(new Epoch((int)epoch), new Offset(offset));
        return true;
    }
}
