using ActorBroker.Protocol;
using Microsoft.Extensions.Logging;

namespace ActorBroker.Controller.Quorum;

internal static partial class QuorumLog
{
    [LoggerMessage(1, LogLevel.Debug, "Asks the voters for epoch {Epoch} of the controller's journal")]
    public static partial void Campaigns(ILogger log, Epoch epoch);

    [LoggerMessage(2, LogLevel.Information, "Writes the controller's journal in epoch {Epoch}, from offset {End} on")]
    public static partial void Won(ILogger log, Epoch epoch, Offset end);

    [LoggerMessage(3, LogLevel.Warning,
        "Broker {Winner} writes the controller's journal now, or wants to: epoch {Epoch} gave way to {Other}")]
    public static partial void Lost(ILogger log, BrokerId winner, Epoch epoch, Epoch other);

    [LoggerMessage(4, LogLevel.Error,
        "The controller's journal is of the voters {Found}, and controller.quorum.voters has {Configured}: nobody is elected")]
    public static partial void OtherVoters(ILogger log, string found, string configured);

    [LoggerMessage(5, LogLevel.Error,
        "The controller's journal in {Folder} can't be read, and was renamed to {Aside}; this voter gets it from the others")]
    public static partial void SetAside(ILogger log, Exception cause, string folder, string aside);

    [LoggerMessage(6, LogLevel.Information, "Voter with {Entries} entries of the controller's journal, up to offset {End}")]
    public static partial void VoterOpened(ILogger log, int entries, Offset end);

    [LoggerMessage(8, LogLevel.Error,
        "Voter {Voter} has the journal of another cluster's controller: it does not count, and nothing is written there. Stop "
        + "that broker, correct its log.dirs or empty them, and start it again")]
    public static partial void ForeignVoter(ILogger log, BrokerId voter);

    [LoggerMessage(9, LogLevel.Warning,
        "Nobody was elected to write the controller's journal in {Campaigns} attempts. Of the voters (controller.quorum.voters), "
        + "{Voters}. The first election of all needs all of them, later ones a majority of those that have the journal")]
    public static partial void NotElected(ILogger log, int campaigns, string voters);

    [LoggerMessage(10, LogLevel.Information, "Voter {Voter} has all that was decided on its disk, and votes")]
    public static partial void VoterCounts(ILogger log, BrokerId voter);

    [LoggerMessage(7, LogLevel.Information, "Voter with an empty disk: it gets the controller's journal from the others")]
    public static partial void VoterIsNew(ILogger log);

    [LoggerMessage(11, LogLevel.Warning,
        "There is no room for the controller's journal in {Folder}: this voter does not vote until there is ({Cause})")]
    public static partial void NoRoom(ILogger log, string folder, string cause);

    [LoggerMessage(12, LogLevel.Error,
        "The controller's journal can't be written or read in {Folder}: this voter does not vote until it can")]
    public static partial void DiskRefused(ILogger log, Exception cause, string folder);

    [LoggerMessage(13, LogLevel.Information, "The controller's journal can be written in {Folder} again: this voter votes")]
    public static partial void DiskTakesAgain(ILogger log, string folder);
}
