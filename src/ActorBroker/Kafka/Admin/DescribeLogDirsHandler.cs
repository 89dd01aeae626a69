using ActorBroker.Logs;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Kafka.Admin;

/// <summary>DescribeLogDirs: this broker's data directories, what lies in each and how large it is. One that has failed has an
/// error instead.</summary>
/// <remarks>Sizes are those of the logs' segments, without indexes, as in Kafka. No replica is moved between directories, so no
/// log is a future one, and none lags.</remarks>
internal sealed class DescribeLogDirsHandler(DataDirectories directories)
    : ApiHandler<DescribeLogDirsRequest, DescribeLogDirsResponse>
{
    protected override ValueTask<DescribeLogDirsResponse> HandleAsync(DescribeLogDirsRequest request, RequestContext context)
    {
        var asked = request.Topics?.SelectMany(t => t.Partitions.Select(p => new TopicPartition(t.Name, p))).ToHashSet();
        return new(new DescribeLogDirsResponse([.. directories.Describe().Select(d => Describe(d, asked))]));
    }

    private static DescribeLogDirsResponse.Result Describe(DirectoryContent directory, HashSet<TopicPartition>? asked)
    {
        var path = Path.GetFullPath(directory.Path);
        if (directory.HasFailed) return new DescribeLogDirsResponse.Result(ErrorCode.KafkaStorageError, path, []);
        var topics = directory.Logs.Where(log => asked is null || asked.Contains(log.Partition))
            .GroupBy(log => log.Partition.Topic, StringComparer.Ordinal)
            .OrderBy(topic => topic.Key, StringComparer.Ordinal)
            .Select(topic => new DescribeLogDirsResponse.Topic(
                topic.Key,
                [.. topic.OrderBy(log => log.Partition.Partition)
                    .Select(log => new DescribeLogDirsResponse.Partition(log.Partition.Partition, log.SizeBytes, 0, false))]));
        return new DescribeLogDirsResponse.Result(
            ErrorCode.None, path, [.. topics], directory.Space.TotalBytes, directory.Space.UsableBytes);
    }
}
