using ActorBroker.Core.Metadata;
using ActorBroker.Protocol;
using Akka.Actor;
using Microsoft.Extensions.Logging;

namespace ActorBroker.Controller;

/// <summary>Not called Log: persistent actors have a property of that name.</summary>
internal static partial class ControllerLog
{
    [LoggerMessage(1, LogLevel.Information, "Controller starts at metadata version {Version} with {Topics} topics")]
    public static partial void Recovered(ILogger log, long version, int topics);

    [LoggerMessage(2, LogLevel.Debug, "Metadata version {Version}: {Change}")]
    public static partial void Happened(ILogger log, long version, MetadataEvent change);

    [LoggerMessage(3, LogLevel.Error, "The controller's journal failed: nothing of the last request took effect")]
    public static partial void PersistFailed(ILogger log, Exception cause);

    [LoggerMessage(4, LogLevel.Error, "The controller's journal can't be read; the controller tries again")]
    public static partial void RecoveryFailed(ILogger log, Exception cause);

    [LoggerMessage(5, LogLevel.Warning, "The controller's state could not be saved; the next start replays more events")]
    public static partial void SnapshotFailed(ILogger log, Exception cause);

    [LoggerMessage(6, LogLevel.Warning, "Broker {Broker} at {Node} is out of reach; it is fenced")]
    public static partial void Fences(ILogger log, BrokerId broker, Address? node);

    [LoggerMessage(8, LogLevel.Information, "Controller refuses {Asker} the {What}: {Error}. {Why}")]
    public static partial void Refuses(ILogger log, Address asker, string what, ErrorCode error, string? why);

    [LoggerMessage(9, LogLevel.Information, "Controller refuses {Count} more of the same request")]
    public static partial void RefusesMore(ILogger log, int count);

    [LoggerMessage(10, LogLevel.Warning,
        "There can be no controller: of controller.quorum.voters only [{Own}] are in reach in this cluster, not [{Missing}]")]
    public static partial void LacksMajority(ILogger log, string own, string missing);

    [LoggerMessage(7, LogLevel.Information, "Broker {Broker} is there and has caught up; it may lead")]
    public static partial void Unfences(ILogger log, BrokerId broker);
}
