using System.CommandLine;

namespace ActorBroker.Server.Commands;

/// <summary><c>groups</c>: what kafka-consumer-groups does.</summary>
internal static class GroupsCommand
{
    public static Command Create(CommandIo io) => new("groups", "List, describe, reset and delete consumer groups")
    {
        GroupsList.Create(io),
        GroupsDescribe.Create(io),
        GroupsResetOffsets.Create(io),
        GroupsDelete.Create(io),
    };
}
