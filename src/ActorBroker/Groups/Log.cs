using ActorBroker.Core.Groups;
using ActorBroker.Protocol;
using Microsoft.Extensions.Logging;

namespace ActorBroker.Groups;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Group {Group} is {State} in generation {Generation}")]
    public static partial void StateChanged(ILogger log, string group, GroupState state, int generation);

    [LoggerMessage(2, LogLevel.Information, "Loaded {Groups} groups from {Records} records of __consumer_offsets-{Partition}")]
    public static partial void Loaded(ILogger log, int groups, long records, int partition);

    [LoggerMessage(3, LogLevel.Error, "Groups of __consumer_offsets-{Partition} could not be loaded: {Error}; it is tried again")]
    public static partial void LoadFailed(ILogger log, Exception? cause, ErrorCode error, int partition);

    [LoggerMessage(4, LogLevel.Error, "The record of {Partition} at offset {Offset} is none of a group and is passed over")]
    public static partial void UnreadableRecord(ILogger log, Exception cause, TopicPartition partition, Offset offset);
}
