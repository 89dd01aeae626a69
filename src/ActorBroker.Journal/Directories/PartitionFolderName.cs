using System.Globalization;
using ActorBroker.Protocol;

namespace ActorBroker.Journal.Directories;

/// <summary>
/// Names of partitions' folders: <c>topic-3</c>; <c>topic-3.(id)-delete</c> for one on its way out, <c>topic-3.(id)-stray</c> for
/// one that nobody knows.
/// </summary>
internal static class PartitionFolderName
{
    private const string Deleted = "-delete";
    private const string Stray = "-stray";
    private const int MaxLength = 255;

    public static bool IsDeleted(string name) => name.EndsWith(Deleted, StringComparison.Ordinal);

    public static string OfDeleted(TopicPartition partition, string uniqueId) => With(partition, uniqueId, Deleted);

    public static string OfStray(TopicPartition partition, string uniqueId) => With(partition, uniqueId, Stray);

    public static bool TryParse(string name, out TopicPartition partition)
    {
        partition = default;
        var dash = name.LastIndexOf('-');
        if (dash <= 0) return false;
        if (!int.TryParse(name.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return false;
        partition = new(name[..dash], number);
        return partition.ToString() == name;
    }

    private static string With(TopicPartition partition, string uniqueId, string ending)
    {
        var suffix = string.Create(CultureInfo.InvariantCulture, $"-{partition.Partition}.{uniqueId}{ending}");
        return partition.Topic[..Math.Min(partition.Topic.Length, MaxLength - suffix.Length)] + suffix;
    }
}
