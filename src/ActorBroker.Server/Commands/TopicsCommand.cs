using System.CommandLine;

namespace ActorBroker.Server.Commands;

/// <summary><c>topics</c>: what kafka-topics does.</summary>
internal static class TopicsCommand
{
    public static Command Create(CommandIo io) => new("topics", "Create, list, describe, alter, move and delete topics")
    {
        TopicsCreate.Create(io),
        TopicsList.Create(io),
        TopicsDescribe.Create(io),
        TopicsAlter.Create(io),
        TopicsReassign.Create(io),
        TopicsElectLeaders.Create(io),
        TopicsDelete.Create(io),
    };
}
